// SPDX-License-Identifier: MIT
#include "08-replication/stream_applier.h"

#include <cstring>
#include <memory>

#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace replication {

constexpr std::string_view kMulti = "*1\r\n$5\r\nMULTI\r\n";
constexpr std::string_view kExec = "*1\r\n$4\r\nEXEC\r\n";
// Requests that are parsed ahead, so that what they look up can be prefetched.
constexpr size_t kAhead = 32;
// What is kept of the buffer once a large request has gone through it.
constexpr size_t kKeepCapacity = 256 * 1024;

// Deadlines are the master's business: while its commands run, an overdue key is there until its
// DEL comes.
class DeadlinesIgnored {
 public:
  explicit DeadlinesIgnored(keyspace::Environment& environment)
      : environment_(environment), before_(environment.expiry) {
    environment_.expiry = keyspace::ExpiryMode::Ignore;
  }
  ~DeadlinesIgnored() { environment_.expiry = before_; }
  DeadlinesIgnored(const DeadlinesIgnored&) = delete;

 private:
  keyspace::Environment& environment_;
  keyspace::ExpiryMode before_;
};

static bool is_word(resp::Args args, std::string_view word) {
  return args.size() == 1 && util::equal_ignoring_case(args[0], word);
}

StreamApplier::StreamApplier(command::Executor& executor, ReplicationStream& stream)
    : executor_(executor), stream_(stream) {
  limits_.max_bulk_length = INT64_MAX / 2;  // the master's limit is the one that counts
  client_.kind = command::Client::Kind::Master;
  client_.may_block = false;
}

void StreamApplier::restart() {
  held_ = false;
  kept_.clear();
  framer_ = {};
  framed_ = 0;
  in_transaction_ = false;
  sound_ = true;
}

// How many bytes from the front are whole requests, no transaction left open behind them.
size_t StreamApplier::complete_units(std::string_view bytes) {
  size_t complete = 0;
  auto status = RequestFramer::Status::More;
  while ((status = framer_.find_end(bytes.substr(framed_))) == RequestFramer::Status::Complete) {
    const std::string_view request = bytes.substr(framed_, framer_.end());
    framed_ += request.size();
    // [08.3a begin] between kMulti and kExec nothing is complete
    //stub: (void)request, (void)kMulti, (void)kExec;
    //stub: complete = framed_;
    if (util::equal_ignoring_case(request, kMulti)) in_transaction_ = true;
    if (util::equal_ignoring_case(request, kExec)) in_transaction_ = false;
    if (!in_transaction_) complete = framed_;
    // [08.3a end]
  }
  if (status == RequestFramer::Status::Broken) sound_ = false;
  return complete;
}

// Runs whole requests, those of a transaction as one unit.
void StreamApplier::execute(std::string_view units) {
  resp::RequestParser parser(limits_);
  std::unique_ptr<command::Executor::Unit> transaction;
  auto status = resp::RequestParser::Status::BatchFull;
  while (status == resp::RequestParser::Status::BatchFull) {
    batch_.clear();
    status = parser.parse(units, batch_, kAhead);
    executor_.prefetch(client_, batch_);
    for (size_t i = 0; i < batch_.size(); ++i) {
      const resp::Args args = batch_.args(i);
      // [08.3b begin] MULTI opens a unit, EXEC closes it, the rest runs; no answer leaves
      //stub: (void)args, (void)transaction, (void)is_word;
      if (is_word(args, "multi")) {
        transaction = std::make_unique<command::Executor::Unit>(executor_);
      } else if (is_word(args, "exec")) {
        transaction.reset();
      } else {
        executor_.execute(client_, args);
      }
      client_.output.clear();
      // [08.3b end]
    }
    if (status == resp::RequestParser::Status::Error) sound_ = false;
    if (batch_.size() > 0) units.remove_prefix(batch_[batch_.size() - 1].end);
  }
}

void StreamApplier::apply(std::string_view units) {
  if (units.empty()) return;
  // [08.3c begin] run them as the master did, then count them
  const DeadlinesIgnored deadlines(executor_.databases().environment());
  execute(units);
  stream_.append(units);
  // [08.3c end]
}

bool StreamApplier::feed(std::string_view bytes) {
  held_ = executor_.databases().environment().paused;
  if (held_) {
    kept_.append(bytes);
    return sound_;
  }
  if (kept_.empty()) {  // mostly: nothing is copied
    const size_t complete = complete_units(bytes);
    apply(bytes.substr(0, complete));
    kept_.append(bytes.substr(complete));
    framed_ -= complete;
    return sound_;
  }
  kept_.append(bytes);
  const size_t complete = complete_units(kept_.view());
  if (complete == 0) return sound_;
  apply(kept_.view().substr(0, complete));
  const size_t rest = kept_.size() - complete;
  std::memmove(kept_.data(), kept_.data() + complete, rest);
  kept_.truncate(rest);
  framed_ -= complete;
  if (rest == 0 && kept_.capacity() > kKeepCapacity) kept_.release();
  return sound_;
}

}  // namespace replication

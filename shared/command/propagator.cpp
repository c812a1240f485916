// SPDX-License-Identifier: MIT
#include "shared/command/propagator.h"

#include "shared/command/executor.h"
#include "shared/resp/request_writer.h"

namespace command {

// What is kept of the buffer when a large command has gone through it.
constexpr size_t kKeepCapacity = 64 * 1024;

void Propagator::add(StreamConsumer& consumer) {
  consumers_.push_back({&consumer, consumer.audience()});
  executor_.set_propagation_sink(this);
}

void Propagator::propagate(int db, resp::Args args, Audience audience) {
  if (!enabled_) return;
  resp::append_request(encoded_, args);
  requests_.push_back({db, audience, encoded_.size()});
  if (!executor_.executing()) end_of_execution();
}

void Propagator::hand_over(int db, std::string_view request, Audience audience) {
  for (const Consumer& each : consumers_) {
    if (each.concerned(audience)) each.consumer->consume(db, request);
  }
}

void Propagator::begin_transaction(int db, Audience audience) {
  for (const Consumer& each : consumers_) {
    if (each.concerned(audience)) each.consumer->consume(each.consumer->database_of_multi(db), "*1\r\n$5\r\nMULTI\r\n");
  }
}

void Propagator::end_of_execution() {
  if (requests_.empty()) return;
  const bool wrapped = requests_.size() > 1 && (executor_.current_flags() & kTouchesArbitraryKeys) == 0;
  const Audience audience = requests_.front().audience;
  if (wrapped) begin_transaction(requests_.front().db, audience);
  size_t begin = 0;
  for (const Request& request : requests_) {
    hand_over(request.db, encoded_.view().substr(begin, request.end - begin), request.audience);
    begin = request.end;
  }
  if (wrapped) hand_over(requests_.back().db, "*1\r\n$4\r\nEXEC\r\n", audience);
  requests_.clear();
  encoded_.clear();
  if (encoded_.capacity() > kKeepCapacity) encoded_.release();
}

void Propagator::on_removed(const keyspace::Removal& removal) {
  const keyspace::LazyFree& lazy = executor_.databases().environment().lazy;
  const bool lazily = removal.reason == keyspace::RemovalReason::Expired ? lazy.expired : lazy.evicted;
  const std::string_view request[] = {lazily ? "UNLINK" : "DEL", removal.key};
  propagate(removal.db, request, Audience::Everybody);
}

}  // namespace command

// SPDX-License-Identifier: MIT
#include "05-aof/replay.h"

#include <fmt/format.h>

#include "05-aof/log_record.h"
#include "shared/resp/request_writer.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace aof {

using util::Failure;
using util::Result;

static bool is(resp::Args args, std::string_view name) {
  return args.size() == 1 && util::equal_ignoring_case(args[0], name);
}

Result<> Replay::apply(resp::Args args) {
  // [05.3a begin] between MULTI and EXEC commands wait; all others run at once
  //stub: (void)is, (void)args;
  //stub: todo("05.3");
  if (is(args, "multi")) {
    in_transaction_ = true;
    return {};
  }
  if (!in_transaction_) return execute(args);
  if (is(args, "exec")) return execute_transaction();
  resp::append_request(waiting_, args);
  return {};
  // [05.3a end]
}

void Replay::drop_transaction() {
  in_transaction_ = false;
  waiting_.clear();
}

Result<> Replay::execute_transaction() {
  const command::Executor::Unit unit(executor_);
  std::vector<std::string_view> args;
  std::string_view requests = waiting_.view();
  Result<> result;
  while (!requests.empty() && result) {
    args.clear();
    requests.remove_prefix(read_record(requests, args).length);
    result = execute(args);
  }
  drop_transaction();
  return result;
}

Result<> Replay::execute(resp::Args args) {
  const uint64_t errors = client_.reply.errors();
  // [05.3b begin] as for any client; an error more than before is judged, any other answer thrown away
  //stub: (void)errors, (void)args;
  //stub: todo("05.3");
  executor_.execute(client_, args);
  if (client_.reply.errors() != errors) return judge(args);
  client_.output.clear();
  return {};
  // [05.3b end]
}

// The command was answered with an error. What the server does not know at all is damage; the rest is told and passed over.
Result<> Replay::judge(resp::Args args) {
  std::string_view reply;
  client_.output.pieces({&reply, 1});
  const std::string text(reply.substr(0, reply.find('\r')));
  client_.output.clear();
  if (executor_.table().find(args[0]) == nullptr)
    return Failure{fmt::format("Unknown command '{}' reading the append only file", args[0])};
  if (util::equal_ignoring_case(args[0], "select")) return Failure{text.substr(1)};
  log_.warning(
      fmt::format("== CRITICAL == This AOF-loading-client is sending an error to its server: '{}' "
                  "after processing "
                  "the command '{}'",
                  text, util::lower(args[0])));
  return {};
}

}  // namespace aof

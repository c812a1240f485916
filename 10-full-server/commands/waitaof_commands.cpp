// SPDX-License-Identifier: MIT
// WAITAOF: until the client's writes are on the disk, here and at some replicas.
#include <limits>

#include "05-aof/append_only.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/durability/durability.h"
#include "shared/command/context.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using durability::Durability;
using replication::Replication;

namespace {

struct Request {
  int64_t local = 0;
  int64_t replicas = 0;
  util::UnixMs deadline = 0;
};

bool read(Context& c, Request& request) {
  command::ArgReader reader = c.reader(1);
  request.local = reader.integer();
  if (request.local < 0 || request.local > 1) reader.fail({"ERR value is out of range, value must between 0 and 1"});
  if (!reader.ok()) return c.fail(reader.error()), false;
  request.replicas = reader.integer_between(0, std::numeric_limits<int64_t>::max(), util::errors::kNotPositive);
  if (!reader.ok()) return c.fail(reader.error()), false;
  const auto timeout = util::parse_int64(c.arg(3));
  if (!timeout) return c.reply().error("ERR timeout is not an integer or out of range"), false;
  if (*timeout < 0) return c.reply().error("ERR timeout is negative"), false;
  if (*timeout > std::numeric_limits<int64_t>::max() - c.now()) return c.reply().error("ERR timeout is out of range"), false;
  request.deadline = *timeout == 0 ? 0 : c.now() + *timeout;
  return true;
}

// True: it was answered.
bool refused(Context& c, const Request& request) {
  if (c.get<Replication>().state().is_replica()) {
    c.reply().error(
        "ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and "
        "are not propagated.");
  } else if (request.local > 0 && !c.get<Durability>().log_is_on()) {
    c.reply().error("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
  } else {
    return false;
  }
  return true;
}

void waitaof(Context& c) {
  Request request;
  if (!read(c, request) || refused(c, request)) return;
  auto& durability = c.get<Durability>();
  auto& master = c.get<Replication>().master();
  const int64_t here = durability.kept(c.client().written_in_log) ? 1 : 0;
  const auto there = static_cast<int64_t>(master.count_durable(c.client().written_in_stream));
  if ((here >= request.local && there >= request.replicas) || c.timed_out() || !c.client().may_block) {
    c.reply().array(2);
    c.reply().integer(here);
    return c.reply().integer(there);
  }
  if (!c.resumed()) master.ask_for_acknowledgements();
  c.block_on(durability.waiting(), request.deadline);
  c.block_on(master.waiting(), request.deadline);
}

std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr std::string_view kTips[] = {"request_policy:all_shards", "response_policy:agg_min"};
  static constexpr CommandRow kRows[] = {{"waitaof", 4, kNoScript, {}, kAclConnection, waitaof, kTips}};
  return kRows;
}

}  // namespace

void compose_durability(server::Server& server) {
  server.add_commands(rows());
  auto& durability = server.own<Durability>(server.parts.get<aof::AppendOnly>(),
                                            server.parts.get<Replication>(), server.executor);
  server.parts.provide(durability);
}

}  // namespace full_server

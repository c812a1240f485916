// SPDX-License-Identifier: MIT
// XPENDING: what was delivered and not acknowledged.
#include <algorithm>

#include "10-full-server/commands/stream_arguments.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using types::PendingEntry;
using types::Stream;
using types::StreamConsumer;
using types::StreamGroup;
using types::StreamId;

namespace {

struct PendingRange {
  StreamId from;
  StreamId to;
  int64_t count = 0;
  int64_t min_idle = 0;
  std::optional<std::string_view> consumer = {};
};

// [IDLE ms] start end count [consumer]
std::optional<PendingRange> read_range(Context& c) {
  PendingRange out;
  size_t at = 3;
  if (util::equal_ignoring_case(c.arg(3), "IDLE")) {
    const auto idle = read_integer(c, 4);
    if (!idle) return std::nullopt;
    if (c.argc() < 8) return c.fail(util::errors::kSyntax), std::nullopt;
    out.min_idle = *idle;
    at += 2;
  }
  const auto count = read_integer(c, at + 2);
  if (!count) return std::nullopt;
  const auto from = read_range_start(c, at);
  if (!from) return std::nullopt;
  const auto to = read_range_end(c, at + 1);
  if (!to) return std::nullopt;
  out.from = *from;
  out.to = *to;
  out.count = std::max<int64_t>(*count, 0);
  if (at + 3 < c.argc()) out.consumer = c.arg(at + 3);
  return out;
}

// Of the whole group or of one consumer.
template <class Pending>
void reply_range(Context& c, const StreamGroup& group, const Pending& pending,
                 const PendingRange& range) {
  resp::ReplyWriter& reply = c.reply();
  auto entries = reply.open_array();
  size_t written = 0;
  for (auto at = pending.lower_bound(range.from); at != pending.end(); ++at) {
    if (static_cast<int64_t>(written) == range.count || at->id > range.to) break;
    const PendingEntry& entry = *group.find_pending(at->id);
    const int64_t idle = c.now() - entry.delivered_at;
    if (range.min_idle != 0 && idle < range.min_idle) continue;
    reply.array(4);
    reply_stream_id(c, at->id);
    reply.bulk(entry.consumer->name());
    reply.integer(std::max<int64_t>(idle, 0));
    reply.integer(static_cast<int64_t>(entry.deliveries));
    ++written;
  }
  entries.close(written);
}

// How many, the first and the last, and how many each consumer has.
void reply_summary(Context& c, const StreamGroup& group) {
  resp::ReplyWriter& reply = c.reply();
  reply.array(4);
  reply.integer(static_cast<int64_t>(group.pending().size()));
  if (group.pending().empty()) {
    reply.null();
    reply.null();
    return reply.null_array();
  }
  reply_stream_id(c, group.pending().front().id);
  reply_stream_id(c, group.pending().back().id);
  auto consumers = reply.open_array();
  size_t written = 0;
  for (const auto& [name, consumer] : group.consumers()) {
    if (consumer.pending().empty()) continue;
    reply.array(2);
    reply.bulk(name);
    reply.bulk_integer(static_cast<int64_t>(consumer.pending().size()));
    ++written;
  }
  consumers.close(written);
}

void xpending(Context& c) {
  if (c.argc() != 3 && (c.argc() < 6 || c.argc() > 9)) return c.fail(util::errors::kSyntax);
  std::optional<PendingRange> range;
  if (c.argc() > 3 && !(range = read_range(c))) return;
  const keyspace::View<Stream> stream = c.view<Stream>(c.arg(1));
  if (!stream) return;
  const StreamGroup* const group = stream->find_group(c.arg(2));
  if (group == nullptr) return fail_no_group(c, c.arg(1), c.arg(2));
  if (!range) return reply_summary(c, *group);
  if (!range->consumer) return reply_range(c, *group, group->pending(), *range);
  const StreamConsumer* const consumer = group->find_consumer(*range->consumer);
  if (consumer == nullptr) return c.reply().array(0);
  reply_range(c, *group, consumer->pending(), *range);
}

}  // namespace

std::span<const command::CommandRow> stream_pending_commands() {
  using namespace command;
  static constexpr std::string_view kVaries[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"xpending", -3, kReadOnly, kKeys<kKeyRO | kKeyAccess>, kAclStream, xpending, kVaries},
  };
  return kRows;
}

}  // namespace full_server

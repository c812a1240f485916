// SPDX-License-Identifier: MIT
// XINFO STREAM, GROUPS, CONSUMERS and HELP.
#include <algorithm>
#include <string>

#include "10-full-server/commands/help_reply.h"
#include "10-full-server/commands/stream_arguments.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using keyspace::View;
using types::Stream;
using types::StreamConsumer;
using types::StreamGroup;
using types::StreamReader;

namespace {

constexpr int64_t kUsualCount = 10;

void reply_field(Context& c, std::string_view name, int64_t value) {
  c.reply().bulk(name);
  c.reply().integer(value);
}

void reply_field(Context& c, std::string_view name, types::StreamId id) {
  c.reply().bulk(name);
  reply_stream_id(c, id);
}

void reply_field(Context& c, std::string_view name, std::string_view text) {
  c.reply().bulk(name);
  c.reply().bulk(text);
}

void reply_known(Context& c, std::string_view name, std::optional<int64_t> value) {
  c.reply().bulk(name);
  value ? c.reply().integer(*value) : c.reply().null();
}

int64_t count_of(size_t number) { return static_cast<int64_t>(number); }

void reply_progress(Context& c, const Stream& stream, const StreamGroup& group) {
  reply_field(c, "last-delivered-id", group.last_delivered);
  const bool known = group.entries_read != StreamGroup::kUnknownCount;
  reply_known(c, "entries-read", known ? std::optional(group.entries_read) : std::nullopt);
  reply_known(c, "lag", stream.lag(group));
}

using Chunks = std::span<const types::StreamChunk>;

uint8_t id_byte(const types::StreamChunk& chunk, size_t index) {
  const uint64_t half = index < sizeof half ? chunk.first.ms : chunk.first.seq;
  return static_cast<uint8_t>(half >> (56 - 8 * (index % sizeof half)));
}

// Redis has a radix tree for the chunks, by their first ids: so many nodes are in the subtree below the first `depth`
// bytes. Bytes in which all of its ids agree are one node; where they part there is one, and one at every end.
size_t radix_nodes(Chunks chunks, size_t depth = 0) {
  constexpr size_t kBytes = types::StreamId::kBytes;
  if (depth == kBytes || chunks.empty()) return 1;
  size_t parted = depth;
  while (parted < kBytes && id_byte(chunks.front(), parted) == id_byte(chunks.back(), parted))
    ++parted;
  if (parted > depth) return 1 + radix_nodes(chunks, parted);
  size_t nodes = 1;
  while (!chunks.empty()) {
    const uint8_t byte = id_byte(chunks.front(), depth);
    const auto other = std::ranges::partition_point(
        chunks, [&](const auto& chunk) { return id_byte(chunk, depth) == byte; });
    const auto same = static_cast<size_t>(other - chunks.begin());
    nodes += radix_nodes(chunks.first(same), depth + 1);
    chunks = chunks.subspan(same);
  }
  return nodes;
}

void reply_head(Context& c, const Stream& stream) {
  const Stream::Head& head = stream.head();
  reply_field(c, "length", count_of(stream.size()));
  reply_field(c, "radix-tree-keys", count_of(stream.chunks().size()));
  reply_field(c, "radix-tree-nodes", count_of(radix_nodes({stream.chunks().begin(), stream.chunks().size()})));
  reply_field(c, "last-generated-id", head.last_id);
  reply_field(c, "max-deleted-entry-id", head.max_deleted_id);
  reply_field(c, "entries-added", static_cast<int64_t>(head.entries_added));
  reply_field(c, "recorded-first-entry-id", head.first_id);
}

void reply_edge(Context& c, std::string_view name, const Stream& stream,
                StreamReader::Direction from) {
  c.reply().bulk(name);
  StreamReader reader(stream, types::kFirstStreamId, types::kLastStreamId, from);
  reader.next() ? reply_stream_entry(c, reader.entry()) : c.reply().null();
}

void reply_short(Context& c, const Stream& stream) {
  c.reply().map(10);
  reply_head(c, stream);
  reply_field(c, "groups", count_of(stream.groups().size()));
  reply_edge(c, "first-entry", stream, StreamReader::Direction::Forwards);
  reply_edge(c, "last-entry", stream, StreamReader::Direction::Backwards);
}

size_t shown(size_t number, int64_t count) {
  return count == 0 ? number : std::min(number, static_cast<size_t>(count));
}

void reply_full_consumer(Context& c, const StreamGroup& group, const StreamConsumer& consumer,
                         int64_t count) {
  c.reply().map(5);
  reply_field(c, "name", consumer.name());
  reply_field(c, "seen-time", consumer.seen_at);
  reply_field(c, "active-time", consumer.active_at);
  reply_field(c, "pel-count", count_of(consumer.pending().size()));
  c.reply().bulk("pending");
  size_t left = shown(consumer.pending().size(), count);
  c.reply().array(left);
  for (auto at = consumer.pending().begin(); left > 0; ++at, --left) {
    c.reply().array(3);
    const types::PendingEntry& entry = *group.find_pending(at->id);
    reply_stream_id(c, entry.id);
    c.reply().integer(entry.delivered_at);
    c.reply().integer(static_cast<int64_t>(entry.deliveries));
  }
}

void reply_full_group(Context& c, const Stream& stream, std::string_view name,
                      const StreamGroup& group, int64_t count) {
  c.reply().map(7);
  reply_field(c, "name", name);
  reply_progress(c, stream, group);
  reply_field(c, "pel-count", count_of(group.pending().size()));
  c.reply().bulk("pending");
  size_t left = shown(group.pending().size(), count);
  c.reply().array(left);
  for (auto at = group.pending().begin(); left > 0; ++at, --left) {
    c.reply().array(4);
    reply_stream_id(c, at->id);
    c.reply().bulk(at->consumer->name());
    c.reply().integer(at->delivered_at);
    c.reply().integer(static_cast<int64_t>(at->deliveries));
  }
  c.reply().bulk("consumers");
  c.reply().array(group.consumers().size());
  for (const auto& each : group.consumers()) reply_full_consumer(c, group, each.second, count);
}

void reply_full(Context& c, const Stream& stream, int64_t count) {
  c.reply().map(9);
  reply_head(c, stream);
  c.reply().bulk("entries");
  size_t left = shown(stream.size(), count);
  c.reply().array(left);
  for (StreamReader reader(stream); left > 0 && reader.next(); --left)
    reply_stream_entry(c, reader.entry());
  c.reply().bulk("groups");
  c.reply().array(stream.groups().size());
  for (const auto& [name, group] : stream.groups()) reply_full_group(c, stream, name, group, count);
}

void fail_usage(Context& c) {
  std::string text = "ERR unknown subcommand or wrong number of arguments for '";
  text.append(c.arg(1).substr(0, 128)).append("'. Try XINFO HELP.");
  c.reply().error(text);
}

// FULL [COUNT n]
void xinfo_stream(Context& c) {
  const View<Stream> stream = c.view<Stream>(c.arg(2));
  if (!stream) return;
  if (!stream.exists()) return c.fail(util::errors::kNoSuchKey);
  if (c.argc() == 3) return reply_short(c, *stream);
  const bool counted = c.argc() == 6;
  if ((!counted && c.argc() != 4) || !util::equal_ignoring_case(c.arg(3), "FULL"))
    return fail_usage(c);
  int64_t count = kUsualCount;
  if (counted) {
    if (!util::equal_ignoring_case(c.arg(4), "COUNT")) return fail_usage(c);
    const auto given = read_integer(c, 5);
    if (!given) return;
    if (*given >= 0) count = *given;
  }
  reply_full(c, *stream, count);
}

void xinfo_groups(Context& c) {
  const View<Stream> stream = c.view<Stream>(c.arg(2));
  if (!stream) return;
  if (!stream.exists()) return c.fail(util::errors::kNoSuchKey);
  c.reply().array(stream->groups().size());
  for (const auto& [name, group] : stream->groups()) {
    c.reply().map(6);
    reply_field(c, "name", std::string_view(name));
    reply_field(c, "consumers", count_of(group.consumers().size()));
    reply_field(c, "pending", count_of(group.pending().size()));
    reply_progress(c, *stream, group);
  }
}

void xinfo_consumers(Context& c) {
  const View<Stream> stream = c.view<Stream>(c.arg(2));
  if (!stream) return;
  if (!stream.exists()) return c.fail(util::errors::kNoSuchKey);
  const StreamGroup* const group = stream->find_group(c.arg(3));
  if (group == nullptr) return fail_no_group_of(c, c.arg(2), c.arg(3));
  c.reply().array(group->consumers().size());
  for (const auto& [name, consumer] : group->consumers()) {
    const bool active = consumer.active_at != StreamConsumer::kNeverActive;
    c.reply().map(4);
    reply_field(c, "name", std::string_view(name));
    reply_field(c, "pending", count_of(consumer.pending().size()));
    reply_field(c, "idle", std::max<int64_t>(c.now() - consumer.seen_at, 0));
    reply_field(c, "inactive",
                active ? c.now() - consumer.active_at : StreamConsumer::kNeverActive);
  }
}

void xinfo_help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "CONSUMERS <key> <groupname>",
      "    Show consumers of <groupname>.",
      "GROUPS <key>",
      "    Show the stream consumer groups.",
      "STREAM <key> [FULL [COUNT <count>]",
      "    Show information about the stream.",
  };
  reply_help(c, kLines);
}

}  // namespace

std::span<const command::CommandRow> stream_info_commands() {
  using namespace command;
  static constexpr std::string_view kVaries[] = {"nondeterministic_output"};
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess, 2>;
  static constexpr CommandRow kRows[] = {
      {"xinfo", -2},
      {"xinfo|stream", -3, kReadOnly, kRead, kAclStream, xinfo_stream},
      {"xinfo|groups", 3, kReadOnly, kRead, kAclStream, xinfo_groups},
      {"xinfo|consumers", 4, kReadOnly, kRead, kAclStream, xinfo_consumers, kVaries},
      {"xinfo|help", 2, kLoading | kStale, {}, kAclStream, xinfo_help},
  };
  return kRows;
}

}  // namespace full_server

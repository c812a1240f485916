// SPDX-License-Identifier: MIT
#include "10-full-server/commands/stream_arguments.h"

#include <algorithm>
#include <memory>
#include <string>

#include "shared/util/numbers.h"

namespace full_server {

using command::Context;
using types::PackedValue;
using types::StreamEntry;
using types::StreamId;
using types::StreamIdText;

std::optional<StreamId> read_stream_id(Context& c, size_t argument) {
  const auto id = types::parse_stream_id(c.arg(argument), 0);
  if (!id) c.fail(kInvalidStreamId);
  return id;
}

std::optional<std::span<const StreamId>> read_stream_ids(Context& c, size_t from) {
  const size_t count = c.argc() - from;
  auto* const ids = reinterpret_cast<StreamId*>(c.scratch().allocate(count * sizeof(StreamId)));
  for (size_t i = 0; i < count; ++i) {
    const auto id = read_stream_id(c, from + i);
    if (!id) return std::nullopt;
    std::construct_at(ids + i, *id);
  }
  return std::span<const StreamId>(ids, count);
}

keyspace::Edit<types::Stream> edit_as_reader(Context& c, std::string_view key, bool& found) {
  const keyspace::View<types::Stream> stream = c.view<types::Stream>(key);
  found = !stream || stream.exists();
  if (!stream.exists()) return {};
  return keyspace::Edit<types::Stream>(c.db(), key, stream.entry());
}

namespace {

struct Bound {
  StreamId id;
  bool excluded = false;
};

std::optional<Bound> read_bound(Context& c, size_t argument, uint64_t missing_seq) {
  const std::string_view text = c.arg(argument);
  const bool excluded = text.size() > 1 && text[0] == '(';
  const auto id = excluded ? types::parse_stream_id(text.substr(1), missing_seq)
                           : types::parse_stream_bound(text, missing_seq);
  if (!id) return c.fail(kInvalidStreamId), std::nullopt;
  return Bound{*id, excluded};
}

}  // namespace

std::optional<StreamId> read_range_start(Context& c, size_t argument) {
  const auto bound = read_bound(c, argument, 0);
  if (!bound || !bound->excluded) return bound ? std::optional(bound->id) : std::nullopt;
  const auto behind = bound->id.next();
  if (!behind) c.reply().error("ERR invalid start ID for the interval");
  return behind;
}

std::optional<StreamId> read_range_end(Context& c, size_t argument) {
  const auto bound = read_bound(c, argument, UINT64_MAX);
  if (!bound || !bound->excluded) return bound ? std::optional(bound->id) : std::nullopt;
  const auto before = bound->id.previous();
  if (!before) c.reply().error("ERR invalid end ID for the interval");
  return before;
}

std::optional<int64_t> read_integer(Context& c, size_t argument, std::string_view error) {
  const auto number = util::parse_int64(c.arg(argument));
  if (!number) c.reply().error(error);
  return number;
}

void reply_stream_id(Context& c, StreamId id) { c.reply().bulk(StreamIdText(id).view()); }

void reply_stream_entry(Context& c, const StreamEntry& entry) {
  resp::ReplyWriter& reply = c.reply();
  reply.array(2);
  reply_stream_id(c, entry.id);
  reply.array(2 * entry.field_count);
  PackedValue::Scratch scratch;
  entry.for_each_field([&](PackedValue field, PackedValue value) {
    reply.bulk(field.text(scratch));
    reply.bulk(value.text(scratch));
  });
}

bool reply_stream_entry(Context& c, const types::Stream& stream, StreamId id) {
  types::StreamReader reader(stream, id, id);
  if (!reader.next()) return false;
  reply_stream_entry(c, reader.entry());
  return true;
}

RewrittenArgs::RewrittenArgs(Context& c)
    : scratch_(c.scratch()),
      args_(reinterpret_cast<std::string_view*>(
          scratch_.allocate(c.argc() * sizeof(std::string_view)))),
      count_(c.argc()) {
  const resp::Args given = c.args();
  std::uninitialized_copy(given.begin(), given.end(), args_);
}

void RewrittenArgs::set(size_t index, std::string_view text) { args_[index] = scratch_.copy(text); }

// XCLAIM … JUSTID FORCE sets what the entry is now and who has it, whatever was there before, and
// answers without reading the entry; LASTID brings the group along.
void propagate_pending(Context& c, const NamedGroup& of, const types::PendingEntry& entry) {
  char at[util::kMaxInt64Digits], deliveries[util::kMaxInt64Digits];
  const std::string_view at_text(at, util::format_int64(entry.delivered_at, at));
  const std::string_view deliveries_text(deliveries,
                                         util::format_uint64(entry.deliveries, deliveries));
  c.propagate().as({"XCLAIM", of.key, of.name, entry.consumer->name(), "0", StreamIdText(entry.id),
                    "TIME", at_text, "RETRYCOUNT", deliveries_text, "FORCE", "JUSTID", "LASTID",
                    StreamIdText(of.group.last_delivered)});
}

void propagate_last_delivered(Context& c, const NamedGroup& of) {
  char digits[util::kMaxInt64Digits];
  const std::string_view read(digits, util::format_int64(of.group.entries_read, digits));
  c.propagate().as({"XGROUP", "SETID", of.key, of.name, StreamIdText(of.group.last_delivered),
                    "ENTRIESREAD", read});
}

void propagate_consumer(Context& c, const NamedGroup& of, std::string_view consumer) {
  c.propagate().as({"XGROUP", "CREATECONSUMER", of.key, of.name, consumer});
}

ConsumerOf consumer_for(Context& c, keyspace::Edit<types::Stream>& stream, const NamedGroup& of,
                        std::string_view name) {
  types::StreamConsumer* const found = of.group.find_consumer(name);
  if (found != nullptr) {
    found->seen_at = c.now();
    return {*found, false};
  }
  types::StreamConsumer& created = of.group.add_consumer(name, c.now());
  stream.changed_beside(keyspace::Event::Stream, "xgroup-createconsumer", 1);
  return {created, true};
}

void fail_no_group(Context& c, std::string_view key, std::string_view group,
                   std::string_view where) {
  std::string text = "NOGROUP No such key '";
  text.append(key).append("' or consumer group '").append(group).append("'").append(where);
  c.reply().error(text);
}

void fail_no_group_of(Context& c, std::string_view key, std::string_view group) {
  std::string text = "NOGROUP No such consumer group '";
  text.append(group).append("' for key name '").append(key).append("'");
  c.reply().error(text);
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
// XREAD and XREADGROUP: entries behind a known one, of several streams; who wants to waits for them. A command that has
// waited starts again from the beginning, with "$" replaced by the id that it meant. What a group was given is passed on
// as the state of its pending entries (stream_arguments.h).
#include <algorithm>

#include "10-full-server/commands/stream_arguments.h"
#include "shared/command/key_waits.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using keyspace::Edit;
using keyspace::View;
using types::Stream;
using types::StreamId;
using types::StreamReader;

namespace {

struct ReadArguments {
  bool of_group = false;
  std::string_view group = {};
  std::string_view consumer = {};
  bool no_ack = false;
  uint64_t count = 0;  // 0: all
  std::optional<util::UnixMs> deadline = {};
  size_t first_key = 0;
  size_t streams = 0;
  StreamId* after = nullptr;  // one a stream; kNewEntries: what the group has not been given

  static constexpr StreamId kNewEntries = types::kLastStreamId;
  std::string_view key(const Context& c, size_t stream) const { return c.arg(first_key + stream); }
  resp::Args keys(const Context& c) const { return c.args(first_key).first(streams); }
};

void read_block(Context& c, command::ArgReader& reader, ReadArguments& out) {
  const int64_t wait = reader.integer({"ERR timeout is not an integer or out of range"});
  util::UnixMs deadline = 0;
  if (wait < 0) {
    reader.fail({"ERR timeout is negative"});
  } else if (wait > 0 && __builtin_add_overflow(wait, c.now(), &deadline)) {
    reader.fail({"ERR timeout is out of range"});
  }
  out.deadline = deadline;
}

// What only XREADGROUP knows.
bool read_group_option(command::ArgReader& reader, ReadArguments& out) {
  if (reader.take_with("GROUP", 2)) {
    out.group = reader.next();
    out.consumer = reader.next();
    if (!out.of_group) {
      reader.fail(
          {"ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead."});
    }
    return true;
  }
  if (!reader.take("NOACK")) return false;
  out.no_ack = true;
  if (!out.of_group) {
    reader.fail(
        {"ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead."});
  }
  return true;
}

constexpr util::Error kUnbalanced{
    "ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified."};
constexpr util::Error kUnbalancedGroup{
    "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be "
    "specified."};

std::optional<ReadArguments> read_arguments(Context& c, bool of_group) {
  ReadArguments out{.of_group = of_group};
  command::ArgReader reader = c.reader(1);
  bool grouped = false;
  while (reader.more() && out.first_key == 0) {
    if (reader.take_with("BLOCK", 1)) {
      read_block(c, reader, out);
    } else if (reader.take_with("COUNT", 1)) {
      out.count = static_cast<uint64_t>(std::max<int64_t>(reader.integer(), 0));
    } else if (reader.take_with("STREAMS", 1)) {
      out.first_key = reader.position();
      out.streams = reader.left() / 2;
      if (reader.left() % 2 != 0) reader.fail(of_group ? kUnbalancedGroup : kUnbalanced);
    } else if (read_group_option(reader, out)) {
      grouped = grouped || out.group.data() != nullptr;
    } else {
      reader.fail(util::errors::kSyntax);
    }
  }
  if (out.first_key == 0) reader.fail(util::errors::kSyntax);
  if (of_group && !grouped) reader.fail({"ERR Missing GROUP option for XREADGROUP"});
  if (!reader.ok()) return c.fail(reader.error()), std::nullopt;
  return out;
}

constexpr std::string_view kDollarInGroup =
    "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of "
    "this consumer by "
    "specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an "
    "empty result set.";
constexpr std::string_view kNewWithoutGroup =
    "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> "
    "option.";

std::optional<StreamId> read_after(Context& c, size_t argument, const Stream& stream,
                                   bool of_group) {
  const std::string_view text = c.arg(argument);
  if (text == "$") {
    if (of_group) return c.reply().error(kDollarInGroup), std::nullopt;
    return stream.head().last_id;
  }
  if (text == ">") {
    if (!of_group) return c.reply().error(kNewWithoutGroup), std::nullopt;
    return ReadArguments::kNewEntries;
  }
  return read_stream_id(c, argument);
}

// Where each stream is read from; false: answered.
bool resolve(Context& c, ReadArguments& asked) {
  asked.after = reinterpret_cast<StreamId*>(c.scratch().allocate(asked.streams * sizeof(StreamId)));
  for (size_t i = 0; i < asked.streams; ++i) {
    const View<Stream> stream = c.view<Stream>(asked.key(c, i));
    if (!stream) return false;
    if (asked.of_group && stream->find_group(asked.group) == nullptr) {
      fail_no_group(c, asked.key(c, i), asked.group, " in XREADGROUP with GROUP option");
      return false;
    }
    const auto after = read_after(c, asked.first_key + asked.streams + i, *stream, asked.of_group);
    if (!after) return false;
    std::construct_at(asked.after + i, *after);
  }
  return true;
}

bool has_entry_after(const Stream& stream, StreamId id) {
  const auto last = stream.last_entry_id();
  return last && *last > id;
}

// Null, or the client waits.
void answer_later(Context& c, const ReadArguments& asked) {
  if (!asked.deadline || !c.client().may_block) return c.reply().null_array();
  RewrittenArgs args(c);
  for (size_t i = 0; i < asked.streams; ++i) {
    const size_t at = asked.first_key + asked.streams + i;
    if (c.arg(at) == "$") args.set(at, types::StreamIdText(asked.after[i]));
  }
  c.ask_again_with(args.view());
  c.get<command::KeyWaits>().wait(c, asked.keys(c), *asked.deadline,
                                  {keyspace::TypeId::Stream, asked.of_group});
}

// The outermost reply: opened by the first stream that has something.
class StreamsReply {
 public:
  explicit StreamsReply(resp::ReplyWriter& reply) : reply_(reply) {}
  void begin_stream(std::string_view key) {
    if (count_++ == 0) streams_ = reply_.protocol() >= 3 ? reply_.open_map() : reply_.open_array();
    if (reply_.protocol() < 3) reply_.array(2);
    reply_.bulk(key);
  }
  bool finish() {  // false: nothing was written
    if (streams_) streams_->close(count_);
    return streams_.has_value();
  }

 private:
  resp::ReplyWriter& reply_;
  std::optional<resp::ReplyWriter::Deferred> streams_;
  size_t count_ = 0;
};

void xread(Context& c) {
  if (c.timed_out()) return c.reply().null_array();
  auto asked = read_arguments(c, false);
  if (!asked || !resolve(c, *asked)) return;
  StreamsReply streams(c.reply());
  for (size_t i = 0; i < asked->streams; ++i) {
    const View<Stream> stream = c.view<Stream>(asked->key(c, i));
    if (!has_entry_after(*stream, asked->after[i])) continue;
    streams.begin_stream(asked->key(c, i));
    StreamReader reader(*stream, *asked->after[i].next());
    auto entries = c.reply().open_array();
    size_t written = 0;
    while (reader.next()) {
      reply_stream_entry(c, reader.entry());
      if (++written == asked->count) break;
    }
    entries.close(written);
  }
  if (!streams.finish()) answer_later(c, *asked);
}

// What the consumer has been given and not acknowledged; an entry that was deleted meanwhile has no
// fields.
void reply_history(Context& c, const Stream& stream, types::StreamGroup& group,
                   const types::StreamConsumer& consumer, StreamId after, uint64_t count) {
  auto entries = c.reply().open_array();
  size_t written = 0;
  const auto& pending = consumer.pending();
  for (auto at = pending.lower_bound(*after.next()); at != pending.end(); ++at) {
    if (reply_stream_entry(c, stream, at->id)) {
      types::PendingEntry& entry = *group.find_pending(at->id);
      entry.delivered_at = c.now();
      ++entry.deliveries;
    } else {
      c.reply().array(2);
      reply_stream_id(c, at->id);
      c.reply().null_array();
    }
    if (++written == count) break;
  }
  entries.close(written);
}

// What the group has not been given yet is given to the consumer.
void deliver(Context& c, const ReadArguments& asked, const Stream& stream, const NamedGroup& of,
             types::StreamConsumer& consumer) {
  auto entries = c.reply().open_array();
  size_t written = 0;
  StreamReader reader(stream, *of.group.last_delivered.next());
  while (reader.next()) {
    const StreamId id = reader.entry().id;
    stream.advance(of.group, id);
    reply_stream_entry(c, reader.entry());
    if (!asked.no_ack) {
      const types::PendingEntry& entry = of.group.deliver(id, consumer, c.now());
      consumer.active_at = c.now();
      propagate_pending(c, of, entry);
    }
    if (++written == asked.count) break;
  }
  if (asked.no_ack) propagate_last_delivered(c, of);
  entries.close(written);
}

void read_stream(Context& c, const ReadArguments& asked, size_t number, StreamsReply& streams) {
  bool found = false;
  const std::string_view key = asked.key(c, number);
  Edit<Stream> stream = edit_as_reader(c, key, found);
  const NamedGroup of{key, asked.group, *stream->find_group(asked.group)};
  const bool history = asked.after[number] != ReadArguments::kNewEntries;
  const bool ready = history || has_entry_after(stream.read(), of.group.last_delivered);
  const auto [consumer, created] = consumer_for(c, stream, of, asked.consumer);
  if (created && asked.no_ack) propagate_consumer(c, of, asked.consumer);
  if (!ready) return stream.unchanged();
  streams.begin_stream(key);
  if (history) {
    reply_history(c, stream.read(), of.group, consumer, asked.after[number], asked.count);
  } else {
    deliver(c, asked, stream.read(), of, consumer);
  }
  // Counted; nobody is notified of a delivery.
  stream.changed_beside(keyspace::Event::Stream, "", 1);
}

// A group's reader who waits is woken by whatever happens to the stream, and leaves no trace unless there is something
// for it.
bool worth_another_look(Context& c, const ReadArguments& asked) {
  if (!c.resumed()) return true;
  for (size_t i = 0; i < asked.streams; ++i) {
    const View<Stream> stream(c.db().find(asked.key(c, i), keyspace::LookupFlags::Peek));
    if (has_entry_after(*stream, stream->find_group(asked.group)->last_delivered)) return true;
  }
  return false;
}

void xreadgroup(Context& c) {
  c.propagate().nothing();
  if (c.timed_out()) return c.reply().null_array();
  auto asked = read_arguments(c, true);
  if (!asked || !resolve(c, *asked)) return;
  if (!worth_another_look(c, *asked)) return answer_later(c, *asked);
  StreamsReply streams(c.reply());
  for (size_t i = 0; i < asked->streams; ++i) read_stream(c, *asked, i, streams);
  if (!streams.finish()) answer_later(c, *asked);
}

}  // namespace

std::span<const command::CommandRow> stream_read_commands() {
  using namespace command;
  constexpr auto keys_from = [](int16_t index) {
    return KeySpec{
        .flags = kKeyRO | kKeyAccess, .index = index, .keyword = "STREAMS", .last = -1, .limit = 2};
  };
  static constexpr KeySpec kRead[] = {keys_from(1)};
  static constexpr KeySpec kReadGroup[] = {keys_from(4)};
  static constexpr CommandRow kRows[] = {
      {"xread", -4, kReadOnly | kBlocking | kMovableKeys, kRead, kAclStream, xread},
      {"xreadgroup", -7, kWrite | kBlocking | kMovableKeys, kReadGroup, kAclStream, xreadgroup},
  };
  return kRows;
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
// XADD, XTRIM, XDEL, XLEN, XSETID; what the stream family brings to the server.
#include "05-aof/append_only.h"
#include "06-rdb/value_codec.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/stream_arguments.h"
#include "10-full-server/persistence/codecs.h"
#include "shared/resp/request_errors.h"
#include "shared/server/server.h"

namespace full_server {

using command::ArgReader;
using command::Context;
using keyspace::Edit;
using keyspace::Event;
using types::Stream;
using types::StreamId;
using types::StreamIdText;
using types::StreamTrim;
namespace errors = util::errors;

namespace {

struct TrimArguments {
  StreamTrim trim;
  size_t value_argument =
      0;  // of MAXLEN or MINID; the argument before it is "~" when chunks stay whole
  std::optional<int64_t> limit;
};

// MAXLEN and MINID: an optional = or ~, and a value.
bool read_strategy(ArgReader& reader, resp::Args args, StreamTrim::By by, TrimArguments& out) {
  if (!reader.take_with(by == StreamTrim::By::Length ? "MAXLEN" : "MINID", 1)) return false;
  if (out.trim.by != StreamTrim::By::Nothing) {
    reader.fail({"ERR syntax error, MAXLEN and MINID options at the same time are not compatible"});
    return true;
  }
  out.trim.by = by;
  if (reader.left() >= 2) {
    const std::string_view sign = args[reader.position()];
    out.trim.whole_chunks = sign == "~";
    if (sign == "~" || sign == "=") reader.next();
  }
  out.value_argument = reader.position();
  if (by == StreamTrim::By::Length) {
    const int64_t most = reader.integer();
    if (most < 0) reader.fail({"ERR The MAXLEN argument must be >= 0."});
    out.trim.most = static_cast<uint64_t>(most);
    return true;
  }
  const auto id = types::parse_stream_id(reader.next(), 0);
  if (!id) reader.fail(kInvalidStreamId);
  out.trim.from = id.value_or(StreamId{});
  return true;
}

bool read_trim_option(ArgReader& reader, resp::Args args, TrimArguments& out) {
  if (read_strategy(reader, args, StreamTrim::By::Length, out)) return true;
  if (read_strategy(reader, args, StreamTrim::By::Id, out)) return true;
  if (!reader.take_with("LIMIT", 1)) return false;
  out.limit = reader.integer();
  if (*out.limit < 0) reader.fail({"ERR The LIMIT argument must be >= 0."});
  return true;
}

// Without LIMIT, ~ removes at most what a hundred full chunks hold.
uint64_t usual_limit() {
  const int64_t entries = types::stream_settings.node_max_entries;
  if (entries <= 0) return 10000;
  return static_cast<uint64_t>(std::min<int64_t>(entries, 10000) * 100);
}

// From the log or a master: what they did is done again, all of it.
bool must_obey(const command::Client& client) {
  return client.owner == nullptr || client.kind == command::Client::Kind::Master;
}

void finish_trim(Context& c, ArgReader& reader, TrimArguments& trim) {
  if (trim.limit.value_or(0) != 0 && trim.trim.by == StreamTrim::By::Nothing) {
    reader.fail({"ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"});
  }
  if (!reader.ok() || must_obey(c.client())) return;
  if (trim.limit && !trim.trim.whole_chunks) {
    return reader.fail({"ERR syntax error, LIMIT cannot be used without the special ~ option"});
  }
  if (trim.trim.whole_chunks) {
    trim.trim.limit = trim.limit ? static_cast<uint64_t>(*trim.limit) : usual_limit();
  }
}

// What ~ left depends on how the chunks lie here; others are told the outcome.
void make_exact(RewrittenArgs& args, const TrimArguments& trim, const Stream& stream) {
  args.set(trim.value_argument - 1, "=");
  if (trim.trim.by == StreamTrim::By::Length) {
    char digits[util::kMaxInt64Digits];
    return args.set(trim.value_argument, {digits, util::format_uint64(stream.size(), digits)});
  }
  types::StreamReader reader(stream);
  reader.include_deleted();
  args.set(trim.value_argument,
           StreamIdText(reader.next() ? reader.entry().id : types::kLastStreamId));
}

struct AddArguments {
  TrimArguments trim;
  bool create = true;
  std::optional<types::NewStreamId> id;  // none: "*"
  size_t id_argument = 0;
};

std::optional<AddArguments> read_add(Context& c) {
  AddArguments out;
  ArgReader reader = c.reader(2);
  for (; reader.more();) {
    out.id_argument = reader.position();
    if (c.arg(out.id_argument) == "*") break;
    if (read_trim_option(reader, c.args(), out.trim)) continue;
    if (reader.take("NOMKSTREAM")) {
      out.create = false;
      continue;
    }
    out.id = types::parse_new_stream_id(c.arg(out.id_argument));
    if (!out.id) reader.fail(kInvalidStreamId);
    break;
  }
  const bool has_id = reader.more();
  finish_trim(c, reader, out.trim);
  if (!reader.ok()) return c.fail(reader.error()), std::nullopt;
  const size_t fields = has_id ? c.argc() - out.id_argument - 1 : 0;
  if (fields < 2 || fields % 2 == 1) {
    return c.reply().error(resp::wrong_arity("xadd")), std::nullopt;
  }
  if (out.id && !out.id->any_sequence && out.id->id.is_zero()) {
    return c.reply().error("ERR The ID specified in XADD must be greater than 0-0"), std::nullopt;
  }
  return out;
}

// Nothing when there is none behind the last one that fits what was asked for.
std::optional<StreamId> choose_id(const AddArguments& asked, StreamId last, util::UnixMs now) {
  std::optional<StreamId> id;
  if (!asked.id) {
    const auto ms = static_cast<uint64_t>(now);
    id = ms > last.ms ? StreamId{ms, 0} : last.next();
  } else if (asked.id->any_sequence && asked.id->id.ms == last.ms) {
    if (last.seq != UINT64_MAX) id = StreamId{last.ms, last.seq + 1};
  } else {
    id = asked.id->id;
  }
  return id && *id > last ? id : std::nullopt;
}

bool too_large(resp::Args texts) {
  size_t total = 0;
  for (const std::string_view text : texts) total += text.size();
  return total > types::StreamChunk::kMaxBytes;
}

void add_to(Context& c, Edit<Stream>& stream, const AddArguments& asked) {
  const StreamId last = stream.read().head().last_id;
  if (last == types::kLastStreamId) {
    return c.reply().error(
        "ERR The stream has exhausted the last possible ID, unable to add more items");
  }
  const auto id = choose_id(asked, last, c.now());
  if (!id) {
    return c.reply().error(
        "ERR The ID specified in XADD is equal or smaller than the target stream top item");
  }
  const resp::Args fields = c.args(asked.id_argument + 1);
  if (too_large(fields)) return c.reply().error("ERR Elements are too large to be stored");
  stream->append(*id, fields);
  const StreamIdText id_text(*id);
  c.reply().bulk(id_text.view());
  stream.changed(Event::Stream, "xadd", 1);
  if (stream->trim(asked.trim.trim) > 0) c.changed(Event::Stream, "xtrim", c.arg(1), 0);

  const bool exact = !asked.trim.trim.whole_chunks;
  if (exact && asked.id && !asked.id->any_sequence) return;
  RewrittenArgs args(c);
  args.set(asked.id_argument, id_text);
  if (!exact) make_exact(args, asked.trim, stream.read());
  c.propagate().as(args.view());
}

void xadd(Context& c) {
  const auto asked = read_add(c);
  if (!asked) return;
  if (asked->create) {
    Edit<Stream> stream = c.edit<Stream>(c.arg(1));
    if (stream) add_to(c, stream, *asked);
    return;
  }
  bool found = false;
  Edit<Stream> stream = c.edit_existing<Stream>(c.arg(1), found);
  if (!found) return c.reply().null();
  if (stream) add_to(c, stream, *asked);
}

void xtrim(Context& c) {
  TrimArguments asked;
  ArgReader reader = c.reader(2);
  while (reader.more()) {
    if (!read_trim_option(reader, c.args(), asked)) reader.fail(errors::kSyntax);
  }
  if (asked.trim.by == StreamTrim::By::Nothing && asked.limit.value_or(0) == 0) {
    reader.fail({"ERR syntax error, XTRIM must be called with a trimming strategy"});
  }
  finish_trim(c, reader, asked);
  if (!reader.ok()) return c.fail(reader.error());
  bool found = false;
  Edit<Stream> stream = c.edit_existing<Stream>(c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (!stream) return;
  const auto removed = static_cast<int64_t>(stream->trim(asked.trim));
  stream.changed(Event::Stream, "xtrim", removed);
  if (removed > 0 && asked.trim.whole_chunks) {
    RewrittenArgs args(c);
    make_exact(args, asked, stream.read());
    c.propagate().as(args.view());
  }
  c.reply().integer(removed);
}

void xdel(Context& c) {
  bool found = false;
  Edit<Stream> stream = c.edit_existing<Stream>(c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (!stream) return;
  const auto ids = read_stream_ids(c, 2);
  if (!ids) return;
  const auto erased = static_cast<int64_t>(stream->erase(*ids));
  stream.changed(Event::Stream, "xdel", erased);
  c.reply().integer(erased);
}

void xlen(Context& c) {
  const keyspace::View<Stream> stream = c.view<Stream>(c.arg(1));
  if (stream) c.reply().integer(static_cast<int64_t>(stream->size()));
}

struct SetIdArguments {
  StreamId id;
  std::optional<int64_t> added;
  StreamId deleted;
};

std::optional<SetIdArguments> read_setid(Context& c) {
  const auto id = read_stream_id(c, 2);
  if (!id) return std::nullopt;
  SetIdArguments out{.id = *id, .added = std::nullopt, .deleted = {}};
  ArgReader reader = c.reader(3);
  while (reader.more()) {
    if (reader.take_with("ENTRIESADDED", 1)) {
      out.added = reader.integer();
      if (*out.added < 0) reader.fail({"ERR entries_added must be positive"});
    } else if (reader.take_with("MAXDELETEDID", 1)) {
      const auto deleted = types::parse_stream_id(reader.next(), 0);
      if (!deleted) {
        reader.fail(kInvalidStreamId);
      } else if (out.id < *deleted) {
        reader.fail(
            {"ERR The ID specified in XSETID is smaller than the provided "
             "max_deleted_entry_id"});
      }
      out.deleted = deleted.value_or(StreamId{});
    } else {
      reader.fail(errors::kSyntax);
    }
  }
  if (!reader.ok()) return c.fail(reader.error()), std::nullopt;
  return out;
}

// Empty when the stream may have that last id.
std::string_view why_not(const Stream& stream, const SetIdArguments& asked) {
  if (asked.id < stream.head().max_deleted_id) {
    return "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id";
  }
  if (stream.size() == 0) return "";
  if (asked.id < stream.last_entry_id().value_or(StreamId{})) {
    return "ERR The ID specified in XSETID is smaller than the target stream top item";
  }
  if (asked.added && stream.size() > static_cast<uint64_t>(*asked.added)) {
    return "ERR The entries_added specified in XSETID is smaller than the target stream length";
  }
  return "";
}

void xsetid(Context& c) {
  const auto asked = read_setid(c);
  if (!asked) return;
  bool found = false;
  Edit<Stream> stream = c.edit_existing<Stream>(c.arg(1), found);
  if (!found) return c.fail(errors::kNoSuchKey);
  if (!stream) return;
  const std::string_view refused = why_not(stream.read(), *asked);
  if (!refused.empty()) return c.reply().error(refused);
  Stream::Head& head = stream->head();
  head.last_id = asked->id;
  if (asked->added) head.entries_added = static_cast<uint64_t>(*asked->added);
  if (!asked->deleted.is_zero()) head.max_deleted_id = asked->deleted;
  stream.changed_beside(Event::Stream, "xsetid", 1);
  c.reply().ok();
}

std::span<const command::CommandRow> stream_commands() {
  using namespace command;
  static constexpr std::string_view kVaries[] = {"nondeterministic_output"};
  static constexpr KeySpec kAdd[1] = {
      {.flags = kKeyRW | kKeyUpdate,
       .notes = "UPDATE instead of INSERT because of the optional trimming feature"}};
  static constexpr auto& kUpdate = kKeys<kKeyRW | kKeyUpdate>;
  static constexpr auto& kRemove = kKeys<kKeyRW | kKeyDelete>;
  static constexpr CommandRow kRows[] = {
      {"xadd", -5, kWrite | kDenyOom | kFast, kAdd, kAclStream, xadd, kVaries},
      {"xtrim", -4, kWrite, kRemove, kAclStream, xtrim, kVaries},
      {"xdel", -3, kWrite | kFast, kRemove, kAclStream, xdel},
      {"xlen", 2, kReadOnly | kFast, kKeys<kKeyRO>, kAclStream, xlen},
      {"xsetid", -3, kWrite | kDenyOom | kFast, kUpdate, kAclStream, xsetid},
  };
  return kRows;
}

}  // namespace

void compose_streams(server::Server& server) {
  keyspace::register_type(Stream::descriptor());
  server.parts.find<rdb::CodecTable>()->add(persistence::stream_codec());
  server.parts.get<aof::AppendOnly>().rewriters().add(keyspace::TypeId::Stream,
                                                      persistence::rewrite_stream);
  for (const auto rows :
       {stream_commands(), stream_range_commands(), stream_read_commands(), stream_group_commands(),
        stream_pending_commands(), stream_claim_commands(), stream_info_commands()}) {
    server.add_commands(rows);
  }
  server.parameters.add(
      server::memory_size("stream-node-max-bytes", types::stream_settings.node_max_bytes));
  server.parameters.add(server::integer("stream-node-max-entries",
                                        types::stream_settings.node_max_entries, 0,
                                        std::numeric_limits<int64_t>::max()));
}

}  // namespace full_server

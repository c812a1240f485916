// SPDX-License-Identifier: MIT
// XGROUP and its subcommands; XACK.
#include "10-full-server/commands/help_reply.h"
#include "10-full-server/commands/stream_arguments.h"
#include "shared/resp/request_errors.h"

namespace full_server {

using command::Context;
using keyspace::Edit;
using keyspace::Event;
using types::Stream;
using types::StreamGroup;
using types::StreamId;

namespace {

constexpr std::string_view kNoKey =
    "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use "
    "the MKSTREAM option "
    "to create an empty stream automatically.";

struct GroupOptions {
  bool make_stream = false;
  int64_t entries_read = StreamGroup::kUnknownCount;
};

// A wrong option is answered as a wrong subcommand.
void fail_usage(Context& c) {
  std::string text = "ERR unknown subcommand or wrong number of arguments for '";
  text.append(c.arg(1).substr(0, 128)).append("'. Try XGROUP HELP.");
  c.reply().error(text);
}

std::optional<GroupOptions> read_options(Context& c, bool may_create) {
  GroupOptions out;
  for (size_t i = 5; i < c.argc();) {
    command::ArgReader reader = c.reader(i);
    if (may_create && reader.take("MKSTREAM")) {
      out.make_stream = true;
    } else if (reader.take_with("ENTRIESREAD", 1)) {
      const auto read = read_integer(c, reader.position());
      if (!read) return std::nullopt;
      if (*read < 0 && *read != StreamGroup::kUnknownCount) {
        return c.reply().error("ERR value for ENTRIESREAD must be positive or -1"), std::nullopt;
      }
      out.entries_read = *read;
      reader.next();
    } else {
      return fail_usage(c), std::nullopt;
    }
    i = reader.position();
  }
  return out;
}

void xgroup_create(Context& c) {
  const auto options = read_options(c, true);
  if (!options) return;
  Edit<Stream> stream = c.edit<Stream>(c.arg(2));
  if (!stream) return;
  if (!stream.exists() && !options->make_stream) return c.reply().error(kNoKey);
  if (c.argc() > 8) return fail_usage(c);
  StreamId id = stream.read().head().last_id;
  if (c.arg(4) != "$") {
    const auto given = read_stream_id(c, 4);
    if (!given) return;
    id = *given;
  }
  if (stream.read().find_group(c.arg(3)) != nullptr) {
    return c.reply().error("BUSYGROUP Consumer Group name already exists");
  }
  const bool is_new = !stream.exists();
  stream->add_group(c.arg(3), id, options->entries_read);
  if (is_new) {
    stream.changed(Event::Stream, "xgroup-create", 1);
  } else {
    stream.changed_beside(Event::Stream, "xgroup-create", 1);
  }
  c.reply().ok();
}

// The stream that must be there, and its group; what is missing has been answered, a group only where it is needed.
struct Found {
  Edit<Stream> stream;
  StreamGroup* group = nullptr;

  explicit Found(Context& c, bool group_needed, bool exists = false)
      : stream(c.edit_existing<Stream>(c.arg(2), exists)) {
    if (!exists) c.reply().error(kNoKey);
    if (!stream) return;
    if (stream.read().find_group(c.arg(3)) != nullptr) {
      group = stream->find_group(c.arg(3));
    } else if (group_needed) {
      fail_no_group_of(c, c.arg(2), c.arg(3));
    }
  }
};

void xgroup_setid(Context& c) {
  const auto options = read_options(c, false);
  if (!options) return;
  Found found(c, true);
  if (found.group == nullptr) return;
  if (c.argc() != 5 && c.argc() != 7) return found.stream.unchanged(), fail_usage(c);
  StreamId id = found.stream.read().head().last_id;
  if (c.arg(4) != "$") {
    const auto given = types::parse_stream_bound(c.arg(4), 0);
    if (!given) return found.stream.unchanged(), c.fail(kInvalidStreamId);
    id = *given;
  }
  found.group->last_delivered = id;
  found.group->entries_read = options->entries_read;
  found.stream.changed_beside(Event::Stream, "xgroup-setid", 1);
  c.reply().ok();
}

void xgroup_destroy(Context& c) {
  Found found(c, false);
  if (!found.stream) return;
  const bool removed = found.group != nullptr && found.stream->remove_group(c.arg(3));
  found.stream.changed_beside(Event::Stream, "xgroup-destroy", removed ? 1 : 0);
  c.reply().integer(removed ? 1 : 0);
}

void xgroup_createconsumer(Context& c) {
  Found found(c, true);
  if (found.group == nullptr) return;
  const bool is_new = found.group->find_consumer(c.arg(4)) == nullptr;
  if (is_new) found.group->add_consumer(c.arg(4), c.now());
  found.stream.changed_beside(Event::Stream, "xgroup-createconsumer", is_new ? 1 : 0);
  c.reply().integer(is_new ? 1 : 0);
}

void xgroup_delconsumer(Context& c) {
  Found found(c, true);
  if (found.group == nullptr) return;
  types::StreamConsumer* const consumer = found.group->find_consumer(c.arg(4));
  const size_t pending = consumer == nullptr ? 0 : found.group->remove_consumer(*consumer);
  found.stream.changed_beside(Event::Stream, "xgroup-delconsumer", consumer == nullptr ? 0 : 1);
  c.reply().integer(static_cast<int64_t>(pending));
}

void xgroup_help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "CREATE <key> <groupname> <id|$> [option]",
      "    Create a new consumer group. Options are:",
      "    * MKSTREAM",
      "      Create the empty stream if it does not exist.",
      "    * ENTRIESREAD entries_read",
      "      Set the group's entries_read counter (internal use).",
      "CREATECONSUMER <key> <groupname> <consumer>",
      "    Create a new consumer in the specified group.",
      "DELCONSUMER <key> <groupname> <consumer>",
      "    Remove the specified consumer.",
      "DESTROY <key> <groupname>",
      "    Remove the specified group.",
      "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
      "    Set the current group ID and entries_read counter.",
  };
  reply_help(c, kLines);
}

void xack(Context& c) {
  bool found = false;
  Edit<Stream> stream = edit_as_reader(c, c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (!stream) return;
  if (stream.read().find_group(c.arg(2)) == nullptr) return c.reply().integer(0);
  const auto ids = read_stream_ids(c, 3);
  if (!ids) return;
  StreamGroup& group = *stream->find_group(c.arg(2));
  int64_t acknowledged = 0;
  for (const StreamId id : *ids) acknowledged += group.acknowledge(id) ? 1 : 0;
  stream.changed_beside(Event::Stream, "", acknowledged);
  c.reply().integer(acknowledged);
}

}  // namespace

std::span<const command::CommandRow> stream_group_commands() {
  using namespace command;
  static constexpr auto& kInsert = kKeys<kKeyRW | kKeyInsert, 2>;
  static constexpr auto& kUpdate = kKeys<kKeyRW | kKeyUpdate, 2>;
  static constexpr auto& kRemove = kKeys<kKeyRW | kKeyDelete, 2>;
  static constexpr auto& kAck = kKeys<kKeyRW | kKeyUpdate>;
  static constexpr CommandRow kRows[] = {
      {"xgroup", -2},
      {"xgroup|create", -5, kWrite | kDenyOom, kInsert, kAclStream, xgroup_create},
      {"xgroup|setid", -5, kWrite, kUpdate, kAclStream, xgroup_setid},
      {"xgroup|destroy", 4, kWrite, kRemove, kAclStream, xgroup_destroy},
      {"xgroup|createconsumer", 5, kWrite | kDenyOom, kInsert, kAclStream, xgroup_createconsumer},
      {"xgroup|delconsumer", 5, kWrite, kRemove, kAclStream, xgroup_delconsumer},
      {"xgroup|help", 2, kLoading | kStale, {}, kAclStream, xgroup_help},
      {"xack", -4, kWrite | kFast, kAck, kAclStream, xack},
  };
  return kRows;
}

}  // namespace full_server

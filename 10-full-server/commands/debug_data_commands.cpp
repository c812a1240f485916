// SPDX-License-Identifier: MIT
// DEBUG's subcommands that look at the data set, or put another in its place.
#include <fmt/format.h>

#include "05-aof/append_only.h"
#include "06-rdb/snapshot_loader.h"
#include "06-rdb/snapshot_saver.h"
#include "06-rdb/value_codec.h"
#include "10-full-server/commands/debug_commands.h"
#include "10-full-server/introspection/dataset_digest.h"
#include "10-full-server/types/list.h"
#include "10-full-server/types/list_limits.h"
#include "shared/command/context.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace full_server::debug {

using keyspace::Entry;
using keyspace::Event;
namespace errors = util::errors;

namespace {

struct ReloadOptions {
  bool merge = false;
  bool flush = true;
  bool save = true;
};

bool read_options(Context& c, ReloadOptions& options) {
  command::ArgReader reader = c.reader(2);
  while (reader.more()) {
    if (reader.take("merge")) {
      options.merge = true;
    } else if (reader.take("noflush")) {
      options.flush = false;
    } else if (reader.take("nosave")) {
      options.save = false;
    } else {
      return c.reply().error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options."), false;
    }
  }
  return true;
}

// What is there is seen to go by those who watch.
void announce_flush(server::Server& server) {
  for (int db = 0; db < server.databases.count(); ++db) {
    if (server.databases[db].size() > 0) server.executor.changes().on_flush(db, 0);
  }
}

// The keys that `from` has and `to` has not move there. False: a key is in both, and that is an error.
bool merge(keyspace::Databases& from, keyspace::Databases& to, bool duplicates_allowed) {
  for (int db = 0; db < from.count(); ++db) {
    std::vector<Entry*> entries;
    from[db].for_each([&entries](Entry* entry) { entries.push_back(entry); });
    for (Entry* entry : entries) {
      if (to[db].peek(entry->key()) == nullptr) {
        to[db].store(from[db].take(entry));
      } else if (!duplicates_allowed) {
        return false;
      }
    }
  }
  return true;
}

util::Result<> load_dump_file(Context& c) {
  auto& server = c.get<server::Server>();
  const auto& settings = c.get<rdb::SnapshotSaver>().settings();
  const bool replica = server.databases.environment().expiry == keyspace::ExpiryMode::Hide;
  util::Result<> result;
  c.get<rdb::SnapshotLoader>().start(settings.file, {.checksum = settings.checksum, .drop_expired = !replica},
                                     [&result](util::Result<> outcome) { result = std::move(outcome); });
  server.loading.finish();
  return result;
}

const Entry* find_quietly(Context& c, std::string_view key) { return c.db().peek(key); }

size_t serialized_length(Context& c, const Entry& entry) {
  constexpr size_t kTypeByte = 1, kFooter = 10;  // version and checksum
  util::ByteBuffer bytes;
  rdb::append_dump(bytes, c.get<rdb::CodecTable>(), entry, c.get<rdb::SnapshotSaver>().settings().version);
  return bytes.size() - kTypeByte - kFooter;
}

std::string describe_list(const types::List& list) {
  size_t bytes = 0;
  list.for_each_node([&bytes](bool, std::string_view node) { bytes += node.size(); });
  return fmt::format(" ql_nodes:{} ql_avg_node:{:.2f} ql_listpack_max:{} ql_compressed:0 ql_uncompressed_size:{}",
                     list.node_count(), static_cast<double>(list.size()) / static_cast<double>(list.node_count()),
                     types::list_settings.max_listpack_size, bytes);
}

std::string describe_table(const keyspace::Keyspace& keys) {
  const keyspace::BucketTable& table = keys.table();
  return fmt::format(
      "[Dictionary HT]\nHash table 0 stats (main hash table):\n table size: {}\n number of elements: {}\n"
      " overflow buckets: {}\n bytes: {}\n[Expires HT]\nHash table 0 stats (marks in the main hash table):\n"
      " number of elements: {}\n",
      table.bucket_count(), keys.size(), table.overflow_count(), table.memory_size(), keys.volatile_count());
}

}  // namespace

void reload(Context& c) {
  ReloadOptions options;
  if (!read_options(c, options)) return;
  auto& server = c.get<server::Server>();
  c.propagate().nothing();
  if (options.save && !c.get<rdb::SnapshotSaver>().save()) return c.reply().error("ERR Error trying to load the RDB dump");
  if (options.flush) announce_flush(server);
  keyspace::Databases kept;
  kept.open(server.databases.count());
  for (int db = 0; db < kept.count(); ++db) kept[db].swap(server.databases[db]);
  const auto loaded = load_dump_file(c);
  if (!loaded) {
    for (int db = 0; db < kept.count(); ++db) kept[db].swap(server.databases[db]);
    return c.reply().error("ERR Error trying to load the RDB dump, check server logs.");
  }
  if (!options.flush && !merge(kept, server.databases, options.merge)) {
    return c.reply().error("ERR a key is in the data set and in the file; MERGE takes the file's");
  }
  server.log.warning("DB reloaded by DEBUG RELOAD");
  c.reply().ok();
}

void load_log(Context& c) {
  auto& server = c.get<server::Server>();
  c.propagate().nothing();
  announce_flush(server);
  const auto loaded = c.get<aof::AppendOnly>().reload();
  if (!loaded) {
    server.log.warning(loaded.error());
    return c.reply().error("ERR Error trying to load the AOF files, check server logs.");
  }
  c.get<rdb::SnapshotSaver>().forget_changes();
  server.log.warning("Append Only File loaded by DEBUG LOADAOF");
  c.reply().ok();
}

void populate(Context& c) {
  command::ArgReader reader = c.reader(2);
  const int64_t count = reader.integer_between(0, std::numeric_limits<int64_t>::max(), errors::kNotPositive);
  const std::string_view prefix = reader.more() ? reader.next() : "key";
  const int64_t size =
      reader.more() ? reader.integer_between(0, std::numeric_limits<int64_t>::max(), errors::kNotPositive) : 0;
  if (!reader.ok()) return c.fail(reader.error());
  for (int64_t i = 0; i < count; ++i) {
    const std::string key = fmt::format("{}:{}", prefix, i);
    if (c.db().find(key, keyspace::LookupFlags::Peek) != nullptr) continue;
    std::string value = fmt::format("value:{}", i);
    if (size > 0) value.resize(static_cast<size_t>(size));
    c.db().set_string(key, value);
    c.changed(Event::New, "new", key, 0);
  }
  c.propagate().nothing();
  c.reply().ok();
}

void digest(Context& c) { c.reply().simple(introspection::dataset_digest(c.databases())); }

void digest_value(Context& c) {
  c.reply().array(c.argc() - 2);
  for (const std::string_view key : c.args(2)) {
    const Entry* entry = find_quietly(c, key);
    c.reply().simple(entry == nullptr ? introspection::no_value_digest() : introspection::value_digest(*entry));
  }
}

void object(Context& c) {
  const Entry* entry = find_quietly(c, c.arg(2));
  if (entry == nullptr) return c.fail(errors::kNoSuchKey);
  const std::string_view encoding = keyspace::descriptor_of(*entry).encoding_name(*entry);
  constexpr uint32_t kClockMask = 0xffffff;
  std::string text = fmt::format("Value at:{} refcount:1 encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}",
                                 static_cast<const void*>(entry), encoding, serialized_length(c, *entry),
                                 entry->clock(), (c.db().environment().clock - entry->clock()) & kClockMask);
  if (encoding == "quicklist") text += describe_list(*keyspace::View<types::List>(const_cast<Entry*>(entry)));
  c.reply().simple(text);
}

// What Redis prints of a listpack is for its own developers; here it is the serialized value, in hexadecimal.
void listpack(Context& c) {
  const Entry* entry = find_quietly(c, c.arg(2));
  if (entry == nullptr) return c.fail(errors::kNoSuchKey);
  if (keyspace::descriptor_of(*entry).encoding_name(*entry) != "listpack") {
    return c.reply().error("ERR Not a listpack encoded object.");
  }
  util::ByteBuffer bytes;
  rdb::append_dump(bytes, c.get<rdb::CodecTable>(), *entry, c.get<rdb::SnapshotSaver>().settings().version);
  for (const char byte : bytes.view()) fmt::print("{:02x} ", static_cast<unsigned char>(byte));
  fmt::print("\n");
  c.reply().simple("Listpack structure printed on stdout");
}

void table_statistics(Context& c) {
  command::ArgReader reader = c.reader(2);
  const int64_t db = reader.integer();
  if (!reader.ok()) return c.fail(reader.error());
  if (db < 0 || db >= c.databases().count()) return c.reply().error("ERR Out of range database");
  c.reply().verbatim("txt", describe_table(c.databases()[static_cast<int>(db)]));
}

void key_table_statistics(Context& c) {
  const Entry* entry = find_quietly(c, c.arg(2));
  if (entry == nullptr) return c.fail(errors::kNoSuchKey);
  const keyspace::TypeDescriptor& type = keyspace::descriptor_of(*entry);
  const std::string_view encoding = type.encoding_name(*entry);
  if (encoding != "hashtable" && encoding != "skiplist") {
    return c.reply().error("ERR The value stored at the specified key is not represented using an hash table");
  }
  const size_t count = type.length(const_cast<Entry*>(entry)->word_address());
  c.reply().verbatim("txt", fmt::format("Hash table 0 stats (main hash table):\n number of elements: {}\n bytes: {}\n",
                                        count, type.memory(*entry)));
}

}  // namespace full_server::debug

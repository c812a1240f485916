// SPDX-License-Identifier: MIT
// DUMP, RESTORE, RESTORE-ASKING: one value as bytes, in the encoding of RDB files. MIGRATE's row.
#include "06-rdb/snapshot_saver.h"
#include "06-rdb/value_codec.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/migrate_commands.h"
#include "10-full-server/migration/target_link.h"
#include "shared/command/context.h"
#include "shared/keyspace/usage_clock.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using keyspace::Entry;
using keyspace::Event;
using keyspace::UsageClock;
namespace errors = util::errors;

static void dump(Context& c) {
  const Entry* entry = c.db().find(c.arg(1), c.read_flags());
  if (entry == nullptr) return c.reply().null();
  util::ByteBuffer payload;
  rdb::append_dump(payload, c.get<rdb::CodecTable>(), *entry, c.get<rdb::SnapshotSaver>().settings().version);
  c.reply().bulk(payload.view());
}

namespace {

// RESTORE key ttl payload [REPLACE] [ABSTTL] [IDLETIME seconds | FREQ counter]
struct RestoreOptions {
  bool replace = false;
  bool absolute = false;
  int64_t idle_seconds = -1;
  int64_t frequency = -1;
};

bool read_options(Context& c, RestoreOptions& options) {
  command::ArgReader reader = c.reader(4);
  while (reader.more()) {
    if (reader.take("replace")) {
      options.replace = true;
    } else if (reader.take("absttl")) {
      options.absolute = true;
    } else if (options.frequency == -1 && reader.take_with("idletime", 1)) {
      options.idle_seconds = reader.integer();
      if (!reader.ok()) return c.fail(reader.error()), false;
      if (options.idle_seconds < 0) return c.reply().error("ERR Invalid IDLETIME value, must be >= 0"), false;
    } else if (options.idle_seconds == -1 && reader.take_with("freq", 1)) {
      options.frequency = reader.integer();
      if (!reader.ok()) return c.fail(reader.error()), false;
      if (options.frequency < 0 || options.frequency > UsageClock::kMostCounter) {
        return c.reply().error("ERR Invalid FREQ value, must be >= 0 and <= 255"), false;
      }
    } else {
      return c.fail(errors::kSyntax), false;
    }
  }
  return true;
}

uint32_t clock_of(const RestoreOptions& options, const UsageClock& usage, keyspace::UnixMs now) {
  if (usage.frequency && options.frequency >= 0) {
    return UsageClock::with_counter(now, static_cast<uint32_t>(options.frequency));
  }
  if (!usage.frequency && options.idle_seconds >= 0) return usage.fresh(now - options.idle_seconds * 1000);
  return usage.fresh(now);
}

// A moment that no clock reaches has passed, as in Redis, whose sum turns negative.
keyspace::UnixMs deadline_of(int64_t ttl, keyspace::UnixMs from) {
  keyspace::UnixMs sum;
  return __builtin_add_overflow(ttl, from, &sum) ? 0 : sum;
}

// Its time is over already: the old value goes, the new one does not come.
void replace_by_nothing(Context& c, std::string_view key, bool existed) {
  if (existed) {
    const bool lazily = c.db().environment().lazy.overwritten;
    c.db().erase(key, keyspace::Lazily{lazily});
    c.changed(Event::Generic, "del", key);
    c.propagate().as({lazily ? "UNLINK" : "DEL", key});
  }
  c.reply().ok();
}

}  // namespace

static void restore(Context& c) {
  RestoreOptions options;
  if (!read_options(c, options)) return;
  const std::string_view key = c.arg(1), payload = c.arg(3);
  const bool existed = c.db().find(key, keyspace::LookupFlags::Write) != nullptr;
  if (existed && !options.replace) return c.reply().error("BUSYKEY Target key name already exists.");
  const auto ttl = util::parse_int64(c.arg(2));
  if (!ttl) return c.fail(errors::kNotInteger);
  if (*ttl < 0) return c.reply().error("ERR Invalid TTL value, must be >= 0");
  const auto& codecs = c.get<rdb::CodecTable>();
  if (!rdb::dump_is_sound(payload, codecs)) return c.reply().error("ERR DUMP payload version or checksum are wrong");
  const keyspace::UnixMs deadline = *ttl == 0 ? keyspace::kNever : deadline_of(*ttl, options.absolute ? 0 : c.now());
  std::string why;
  Entry* entry = rdb::load_dump(payload, codecs,
                                {.key = key,
                                 .deadline = deadline,
                                 .clock = clock_of(options, c.db().environment().usage, c.now())},
                                &why);
  if (entry == nullptr) {
    c.get<server::Server>().log.warning("RESTORE refuses a damaged payload: " + why);
    return c.reply().error("ERR Bad data format");
  }
  if (c.db().expired(*entry) && c.db().environment().expiry == keyspace::ExpiryMode::Delete) {
    keyspace::Keyspace::destroy(entry);
    return replace_by_nothing(c, key, existed);
  }
  if (existed) c.db().erase(key, keyspace::Lazily{c.db().environment().lazy.overwritten});
  c.db().store(entry);
  c.changed(Event::Generic, "restore", key);
  if (*ttl != 0 && !options.absolute) {
    const std::string when = std::to_string(deadline);
    std::vector<std::string_view> words(c.args().begin(), c.args().end());
    words[2] = when;
    words.emplace_back("ABSTTL");
    c.propagate().as(words);
  }
  c.reply().ok();
}

static std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr auto& kDumped = kKeys<kKeyRO | kKeyAccess>;
  static constexpr auto& kRestored = kKeys<kKeyOW | kKeyUpdate>;
  static constexpr KeySpec kMigrated[] = {
      {.flags = kKeyRW | kKeyAccess | kKeyDelete, .index = 3},
      {.flags = kKeyRW | kKeyAccess | kKeyDelete | kKeyIncomplete, .index = -2, .keyword = "KEYS", .last = -1}};
  static constexpr std::string_view kVaries[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"dump", 2, kReadOnly, kDumped, kAclKeyspace, dump, kVaries},
      {"restore", -4, kWrite | kDenyOom, kRestored, kAclKeyspace | kAclDangerous, restore},
      {"restore-asking", -4, kWrite | kDenyOom | kAsking, kRestored, kAclKeyspace | kAclDangerous, restore},
      {"migrate", -6, kWrite | kMovableKeys, kMigrated, kAclKeyspace | kAclDangerous, migrate, kVaries},
  };
  return kRows;
}

void compose_dump(server::Server& server) {
  server.add_commands(rows());
  auto& links = server.own<migration::TargetLinks>();
  server.parts.provide(links);
  server.info.extend("stats", [&links](server::InfoWriter& out) { out.field("migrate_cached_sockets", links.size()); });
  server.cron.add("migration links", 1000, [&server, &links] { links.drop_idle(server.clock.wall_ms()); });
}

}  // namespace full_server

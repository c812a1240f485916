// SPDX-License-Identifier: MIT
// DEL, UNLINK, FLUSHDB, FLUSHALL, with a thread that frees what is big; the lazyfree-* parameters.
#include <optional>
#include <string>

#include "06-rdb/snapshot_saver.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/lazy_free/lazy_free.h"
#include "shared/command/context.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using keyspace::Keyspace;
using keyspace::Lazily;
using keyspace::LookupFlags;
using lazy_free::LazyFree;
using server::InfoWriter;
using server::Server;

// The thread, and when commands use it without being asked to.
struct LazyFreePart {
  explicit LazyFreePart(Server& server)
      : environment(server.databases.environment()),
        lazy_free([this, &server] { server.loop.post([this] { lazy_free.take_back(); }); }) {
    environment.lazy.disposal = &lazy_free;
  }
  ~LazyFreePart() { environment.lazy.disposal = nullptr; }

  keyspace::Environment& environment;
  LazyFree lazy_free;
  bool deleted = false;  // lazyfree-lazy-user-del
  bool flushed = false;  // lazyfree-lazy-user-flush
};

static void remove_keys(Context& c, Lazily lazily) {
  int64_t removed = 0;
  for (const std::string_view key : c.args(1)) {
    if (c.db().find(key, LookupFlags::Peek) == nullptr) continue;
    c.db().erase(key, lazily);
    c.changed(keyspace::Event::Generic, "del", key);
    ++removed;
  }
  c.reply().integer(removed);
}

static void del(Context& c) { remove_keys(c, Lazily{c.get<LazyFreePart>().deleted}); }
static void unlink(Context& c) { remove_keys(c, Lazily::Yes); }

// [ASYNC | SYNC]; nothing, and answered: something else.
static std::optional<Lazily> read_flush(Context& c) {
  command::ArgReader reader = c.reader(1);
  Lazily lazily{c.get<LazyFreePart>().flushed};
  if (reader.take("sync")) {
    lazily = Lazily::No;
  } else if (reader.take("async")) {
    lazily = Lazily::Yes;
  }
  if (!reader.more()) return lazily;
  c.fail(util::errors::kSyntax);
  return {};
}

static void flush(Keyspace& db, Lazily lazily) {
  db.environment().sink->on_flush(db.index(), static_cast<int64_t>(db.size()));
  db.clear(lazily);
}

static void flushdb(Context& c) {
  const auto lazily = read_flush(c);
  if (!lazily) return;
  flush(c.db(), *lazily);
  c.propagate().as(c.args());  // even when there was nothing to remove, as in Redis
  c.reply().ok();
}

// A snapshot that is being written shows what is gone now; where snapshots are kept, an empty one takes its place.
static void empty_snapshot(Server& server) {
  auto& saver = server.parts.get<rdb::SnapshotSaver>();
  if (saver.saving_in_background()) saver.kill_child();
  if (!saver.settings().points.empty()) (void)saver.save();
}

static void flushall(Context& c) {
  const auto lazily = read_flush(c);
  if (!lazily) return;
  for (int i = 0; i < c.databases().count(); ++i) flush(c.databases()[i], *lazily);
  empty_snapshot(c.get<Server>());
  c.propagate().as(c.args());
  c.reply().ok();
}

static std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr auto& kRemoved = kKeys<kKeyRM | kKeyDelete, 1, -1>;
  static constexpr std::string_view kSum[] = {"request_policy:multi_shard",
                                              "response_policy:agg_sum"};
  static constexpr std::string_view kFlushTips[] = {"request_policy:all_shards",
                                                    "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"del", -2, kWrite, kRemoved, kAclKeyspace, del, kSum},
      {"unlink", -2, kWrite | kFast, kRemoved, kAclKeyspace, unlink, kSum},
      {"flushdb", -1, kWrite, {}, kAclKeyspace | kAclDangerous, flushdb, kFlushTips},
      {"flushall", -1, kWrite, {}, kAclKeyspace | kAclDangerous, flushall, kFlushTips},
  };
  return kRows;
}

static void add_parameters(server::ParameterTable& table, LazyFreePart& part) {
  keyspace::LazyFree& lazy = part.environment.lazy;
  table.add(server::boolean("lazyfree-lazy-eviction", lazy.evicted));
  table.add(server::boolean("lazyfree-lazy-expire", lazy.expired));
  table.add(server::boolean("lazyfree-lazy-server-del", lazy.overwritten));
  table.add(server::boolean("lazyfree-lazy-user-del", part.deleted));
  table.add(server::boolean("lazyfree-lazy-user-flush", part.flushed));
}

void compose_lazy_free(Server& server) {
  auto& part = server.own<LazyFreePart>(server);
  server.parts.provide(part);
  server.parts.provide(part.lazy_free);
  server.add_commands(rows());
  add_parameters(server.parameters, part);
  server.on_reset([&part] { part.lazy_free.reset_statistics(); });
  server.info.extend("memory", [&part](InfoWriter& out) {
    out.field("lazyfree_pending_objects", part.lazy_free.pending());
    out.field("lazyfreed_objects", part.lazy_free.freed());
  });
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
// What stage 06 adds to a server: its commands, parameters, INFO fields, the periodic look at the
// save points, what happens when the server starts and when it stops.
#include <fmt/format.h>

#include "06-rdb/commands.h"
#include "06-rdb/log_preamble.h"
#include "06-rdb/snapshot_loader.h"
#include "06-rdb/snapshot_saver.h"
#include "shared/server/server.h"

namespace rdb {

using server::InfoWriter;
using server::Server;
using server::ShutdownRequest;
using server::ShutdownStep;

namespace {

// Everything of the stage.
struct Snapshots {
  explicit Snapshots(Server& server) : saver(server, codecs, settings), loader(server, codecs) {
    codecs.add(string_codec());
    loader.pause_behind_keys(settings.load_pause_us);
    preamble = log_preamble_reader(server, codecs);
  }
  CodecTable codecs;
  SnapshotSettings settings;
  SnapshotSaver saver;
  SnapshotLoader loader;
  aof::PreambleReader preamble;
};

bool log_is_on(const Server& server) {
  const server::Parameter* row = server.parameters.find("appendonly");
  return row != nullptr && row->get() == "yes";
}

// With a log the log alone is read, even when it is empty: it has every change up to the last one,
// the dump only those up to the last save.
void load_at_start(Server& server, Snapshots& snapshots) {
  snapshots.saver.on_start();
  const std::string& path = snapshots.settings.file;
  if (log_is_on(server) || !server.files->exists(path)) return;
  snapshots.loader.start(
      path, {.checksum = snapshots.settings.checksum}, [&server](util::Result<> result) {
        if (result) return;
        server.log.warning("Terminating server after rdb file reading failure.");
        server.give_up("Fatal error loading the DB, check server logs. Exiting.");
      });
}

void write_info(const Server& server, const Snapshots& snapshots, InfoWriter& out) {
  const SnapshotSaver& saver = snapshots.saver;
  const SaveStatistics& statistics = saver.statistics();
  const bool saving = saver.saving_in_background();
  out.field("rdb_changes_since_last_save", saver.changes_since_save());
  out.field("rdb_bgsave_in_progress", saving ? 1 : 0);
  out.field("rdb_last_save_time", statistics.last_save / 1000);
  out.field("rdb_last_bgsave_status", statistics.last_background_ok ? "ok" : "err");
  out.field("rdb_last_bgsave_time_sec", statistics.last_background_seconds);
  out.field("rdb_current_bgsave_time_sec",
            saving ? (server.clock.wall_ms() - statistics.background_started) / 1000 : int64_t{-1});
  out.field("rdb_saves", statistics.saves);
  out.field("rdb_last_cow_size", statistics.last_copied_bytes);
  out.field("rdb_last_load_keys_expired", snapshots.loader.last_counts().expired);
  out.field("rdb_last_load_keys_loaded", snapshots.loader.last_counts().loaded);
}

ShutdownStep::Outcome save_at_stop(Server& server, Snapshots& snapshots,
                                   const ShutdownRequest& request, std::string& why) {
  const bool configured = !snapshots.settings.points.empty();
  const bool wanted = request.save == ShutdownRequest::Save::Always ||
                      (request.save == ShutdownRequest::Save::IfConfigured && configured);
  // While loading, the databases hold nothing yet that could take the place of the dump.
  if (!wanted || server.loading.active()) return ShutdownStep::Outcome::Done;
  server.log.notice("Saving the final RDB snapshot before exiting.");
  if (snapshots.saver.save()) return ShutdownStep::Outcome::Done;
  why = "Error trying to save the DB";
  return ShutdownStep::Outcome::Refused;
}

void add_shutdown_steps(Server& server, Snapshots& snapshots) {
  server.add_shutdown_step({.name = "background save",
                            .order = server::shutdown_order::kChild,
                            .run = [&snapshots](const ShutdownRequest&, std::string&) {
                              snapshots.saver.kill_child();
                              return ShutdownStep::Outcome::Done;
                            }});
  server.add_shutdown_step(
      {.name = "snapshot",
       .order = server::shutdown_order::kSnapshot,
       .run = [&server, &snapshots](const ShutdownRequest& request, std::string& why) {
         return save_at_stop(server, snapshots, request, why);
       }});
}

}  // namespace

void compose(Server& server, int version) {
  auto& snapshots = server.own<Snapshots>(server);
  snapshots.settings.version = version;
  server.parts.provide(snapshots.codecs);
  server.parts.provide(snapshots.saver);
  server.parts.provide(snapshots.loader);
  server.parts.provide(snapshots.preamble);
  server.add_commands(snapshot_commands());
  add_parameters(server, snapshots.settings, [&snapshots] { snapshots.saver.update_gate(); });
  server.info.extend("persistence", [&server, &snapshots](InfoWriter& out) {
    write_info(server, snapshots, out);
  });
  server.on_start([&server, &snapshots] { load_at_start(server, snapshots); });
  server.cron.add("save points", 0, [&snapshots] { snapshots.saver.on_tick(); });
  add_shutdown_steps(server, snapshots);
}

}  // namespace rdb

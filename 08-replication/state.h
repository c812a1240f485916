// SPDX-License-Identifier: MIT
//
// What both roles share: the parameters, the history, the stream, and whom we follow. A server is a
// master until it is told to follow one; with sub-replicas it is both. The loop thread's alone.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "08-replication/history.h"
#include "08-replication/replication_stream.h"

namespace replication {

// By Redis' names; seconds where nothing else is said.
struct Settings {
  std::string master_user;
  std::string master_password;
  bool serve_stale_data = true;
  bool read_only = true;
  uint64_t backlog_size = 1024 * 1024;  // bytes
  int64_t backlog_ttl = 3600;           // 0: for ever
  int timeout = 60;
  int ping_period = 10;
  bool disable_nodelay = false;
  int min_replicas = 0;
  int min_replicas_max_lag = 10;
  std::string announce_ip;
  std::string bind_source;  // our address when we call a master; empty: the system chooses
  int announce_port = 0;
  int priority = 100;
  bool announced = true;
  bool ignore_max_memory = true;
  bool lazy_flush = false;
  bool diskless_sync = true;  // for whoever carries snapshots otherwise than in a file
  int diskless_sync_delay = 5;
  int diskless_sync_max_replicas = 0;
  int diskless_load = 0;
  bool delete_sync_files = false;
  bool ignore_disk_errors = false;
};

// A planned change of roles: the master waits until a replica has everything, then follows it.
enum class Failover : uint8_t { None, WaitingForSync, InProgress };

struct State {
  Settings settings;
  History history;
  ReplicationStream stream{settings.backlog_size};
  bool recording =
      false;  // somebody follows us or may come back: changes are appended to the stream
  int stream_db =
      -1;  // the database that the stream has named last; -1: the next command names its own

  std::string master_host;  // empty: we are a master
  uint16_t master_port = 0;
  bool is_replica() const { return !master_host.empty(); }

  // As a replica: how far our log has the stream on the disk, for whoever waits for that at the master (WAITAOF). Set by who
  // knows of both; -1: we keep no log.
  std::function<int64_t()> durable_offset = [] { return int64_t{-1}; };

  Failover failover = Failover::None;  // moved by whoever carries it out (the full server's FAILOVER)

  uint64_t full_syncs = 0;
  uint64_t partial_syncs = 0;
  uint64_t refused_partial_syncs = 0;
};

}  // namespace replication

// SPDX-License-Identifier: MIT
// The INFO sections of the frame. Fields and their names: INFO of Redis 7.2.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "shared/server/server.h"
#include "shared/util/memory.h"
#include "shared/util/numbers.h"

namespace server {

static std::string executable_path() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  return length > 0 ? std::string(path, static_cast<size_t>(length)) : std::string();
}

static void write_server(Server& server, InfoWriter& out) {
  utsname system{};
  uname(&system);
  const int64_t uptime = (server.clock.wall_ms() - server.stats.started) / 1000;
  out.field("redis_version", kRedisVersion);
  out.field("redis_git_sha1", "00000000");
  out.field("redis_git_dirty", 0);
  out.field("redis_build_id", "0");
  out.field("redis_mode", "standalone");
  out.field("workshop_stage", server.name);
  out.field("os", fmt::format("{} {} {}", system.sysname, system.release, system.machine));
  out.field("arch_bits", 64);
  out.field("multiplexing_api", "asio");
  out.field("gcc_version", fmt::format("{}.{}.0", __GNUC__, __GNUC_MINOR__));
  out.field("process_id", getpid());
  out.field("process_supervised", "no");
  out.field("run_id", server.run_id);
  out.field("tcp_port", server.settings.port);
  out.field("server_time_usec", server.clock.wall_us());
  out.field("uptime_in_seconds", uptime);
  out.field("uptime_in_days", uptime / 86400);
  out.field("hz", server.settings.hz);
  out.field("configured_hz", server.settings.hz);
  out.field("lru_clock", server.databases.environment().clock);
  out.field("executable", executable_path());
  out.field("config_file", server.settings.config_path);
}

static void write_clients(Server& server, InfoWriter& out) {
  size_t largest_output = 0, largest_input = 0, replicas = 0;
  server.clients.for_each([&](Connection& connection) {
    replicas += connection.client().kind == command::Client::Kind::Replica;
    largest_output = std::max(largest_output, connection.client().output.size());
    largest_input = std::max(largest_input, connection.pending_input());
  });
  out.field("connected_clients", server.clients.size() - replicas);
  out.field("cluster_connections", 0);
  out.field("maxclients", server.settings.max_clients);
  out.field("client_recent_max_input_buffer", largest_input);
  out.field("client_recent_max_output_buffer", largest_output);
  out.field("blocked_clients", server.blocking.blocked_count());
}

static void write_memory(InfoWriter& out) {
  memory::sample_peak();
  const uint64_t used = memory::used(), resident = memory::resident();
  out.field("used_memory", used);
  out.field("used_memory_human", util::human_bytes(used));
  out.field("used_memory_rss", resident);
  out.field("used_memory_rss_human", util::human_bytes(resident));
  out.field("used_memory_peak", memory::peak());
  out.field("used_memory_peak_human", util::human_bytes(memory::peak()));
  out.field("used_memory_peak_perc",
            fmt::format("{:.2f}%", 100 * static_cast<double>(used) / static_cast<double>(memory::peak())));
  out.field("total_system_memory", memory::system_total());
  out.field("total_system_memory_human", util::human_bytes(memory::system_total()));
  out.field("mem_fragmentation_ratio",
            fmt::format("{:.2f}", static_cast<double>(resident) / static_cast<double>(used)));
  out.field("mem_allocator", memory::allocator_name());
}

// What is kept where is told by the stages that keep it (Info::extend).
static void write_persistence(const Server& server, InfoWriter& out) {
  const bool loading = server.loading.active();
  out.field("loading", loading ? 1 : 0);
  out.field("async_loading", 0);
  if (!loading) return;
  const Loading::Progress& progress = server.loading.progress();
  const int64_t seconds = std::max<int64_t>((server.clock.wall_ms() - progress.started) / 1000, 0);
  const double share = progress.total_bytes == 0 ? 0
                                                 : 100 * static_cast<double>(progress.loaded_bytes) /
                                                       static_cast<double>(progress.total_bytes);
  const uint64_t left = progress.total_bytes - std::min(progress.loaded_bytes, progress.total_bytes);
  const uint64_t per_second = progress.loaded_bytes / static_cast<uint64_t>(seconds + 1);
  out.field("loading_start_time", progress.started / 1000);
  out.field("loading_total_bytes", progress.total_bytes);
  out.field("loading_loaded_bytes", progress.loaded_bytes);
  out.field("loading_loaded_perc", fmt::format("{:.2f}", share));
  out.field("loading_eta_seconds", per_second == 0 ? 1 : left / per_second);
}

static void write_stats(Server& server, InfoWriter& out) {
  const keyspace::Environment& environment = server.databases.environment();
  out.field("total_connections_received", server.frame.stats.connections);
  out.field("total_commands_processed", server.executor.commands_processed());
  out.field("instantaneous_ops_per_sec", server.stats.commands_per_second);
  out.field("total_net_input_bytes", server.frame.stats.bytes_in);
  out.field("total_net_output_bytes", server.frame.stats.bytes_out);
  out.field("rejected_connections", server.frame.stats.rejected);
  out.field("expired_keys", environment.expired);
  out.field("expired_time_cap_reached_count", environment.expiry_cut_short);
  out.field("keyspace_hits", environment.hits);
  out.field("keyspace_misses", environment.misses);
}

static void write_cpu(InfoWriter& out) {
  const auto seconds = [](const timeval& time) { return fmt::format("{}.{:06}", time.tv_sec, time.tv_usec); };
  rusage self{}, children{};
  getrusage(RUSAGE_SELF, &self);
  getrusage(RUSAGE_CHILDREN, &children);
  out.field("used_cpu_sys", seconds(self.ru_stime));
  out.field("used_cpu_user", seconds(self.ru_utime));
  out.field("used_cpu_sys_children", seconds(children.ru_stime));
  out.field("used_cpu_user_children", seconds(children.ru_utime));
}

static void write_keyspace(Server& server, InfoWriter& out) {
  for (int i = 0; i < server.databases.count(); ++i) {
    const keyspace::Keyspace& keys = server.databases[i];
    if (keys.size() == 0) continue;
    out.field(fmt::format("db{}", i), fmt::format("keys={},expires={},avg_ttl=0", keys.size(), keys.volatile_count()));
  }
}

// Ours alone: how the hash table is doing. Stage 03's guide reads it.
static void write_table(Server& server, InfoWriter& out) {
  size_t keys = 0, buckets = 0, overflow = 0, bytes = 0;
  for (int i = 0; i < server.databases.count(); ++i) {
    const keyspace::BucketTable& table = server.databases[i].table();
    keys += table.size();
    buckets += table.bucket_count();
    overflow += table.overflow_count();
    bytes += table.memory_size();
  }
  out.field("keys", keys);
  out.field("buckets", buckets);
  out.field("overflow_buckets", overflow);
  out.field("table_bytes", bytes);
  out.field("key_comparisons", server.databases.environment().key_comparisons);
}

void add_info_sections(Server& server) {
  Info& info = server.info;
  info.add({"server", "Server", true, [&server](InfoWriter& out) { write_server(server, out); }});
  info.add({"clients", "Clients", true, [&server](InfoWriter& out) { write_clients(server, out); }});
  info.add({"memory", "Memory", true, [](InfoWriter& out) { write_memory(out); }});
  info.add({"persistence", "Persistence", true, [&server](InfoWriter& out) { write_persistence(server, out); }});
  info.add({"stats", "Stats", true, [&server](InfoWriter& out) { write_stats(server, out); }});
  info.add({"cpu", "CPU", true, [](InfoWriter& out) { write_cpu(out); }});
  info.add({"keyspace", "Keyspace", true, [&server](InfoWriter& out) { write_keyspace(server, out); }});
  info.add({"table", "Table", false, [&server](InfoWriter& out) { write_table(server, out); }, true});
}

}  // namespace server

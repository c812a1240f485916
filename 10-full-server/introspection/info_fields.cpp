// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/info_fields.h"

#include <algorithm>
#include <span>
#include <utility>

namespace introspection {

namespace {

struct Field {
  std::string_view name;
  std::string_view neutral = {};  // empty: nothing stands for it
};

constexpr Field kServer[] = {
    {"redis_version"}, {"redis_git_sha1"}, {"redis_git_dirty"}, {"redis_build_id"},
    {"redis_mode"}, {"os"}, {"arch_bits"}, {"monotonic_clock", "POSIX clock_gettime"},
    {"multiplexing_api"}, {"atomicvar_api", "c11-builtin"}, {"gcc_version"}, {"process_id"},
    {"process_supervised"}, {"run_id"}, {"tcp_port"}, {"server_time_usec"}, {"uptime_in_seconds"},
    {"uptime_in_days"}, {"hz"}, {"configured_hz"}, {"lru_clock"}, {"executable"}, {"config_file"},
    {"io_threads_active", "0"}, {"listener0"},
};

constexpr Field kClients[] = {
    {"connected_clients"}, {"cluster_connections", "0"}, {"maxclients"},
    {"client_recent_max_input_buffer"}, {"client_recent_max_output_buffer"}, {"blocked_clients"},
    {"tracking_clients", "0"}, {"clients_in_timeout_table", "0"}, {"total_blocking_keys", "0"},
    {"total_blocking_keys_on_nokey", "0"},
};

// No scripts, no cluster, no defragmentation.
constexpr Field kMemory[] = {
    {"used_memory"}, {"used_memory_human"}, {"used_memory_rss"}, {"used_memory_rss_human"},
    {"used_memory_peak"}, {"used_memory_peak_human"}, {"used_memory_peak_perc"},
    {"used_memory_overhead"}, {"used_memory_startup"}, {"used_memory_dataset"},
    {"used_memory_dataset_perc"}, {"allocator_allocated"}, {"allocator_active"},
    {"allocator_resident"}, {"total_system_memory"}, {"total_system_memory_human"},
    {"used_memory_lua", "0"}, {"used_memory_vm_eval", "0"}, {"used_memory_lua_human", "0B"},
    {"used_memory_scripts_eval", "0"}, {"number_of_cached_scripts", "0"},
    {"number_of_functions", "0"}, {"number_of_libraries", "0"}, {"used_memory_vm_functions", "0"},
    {"used_memory_vm_total", "0"}, {"used_memory_vm_total_human", "0B"},
    {"used_memory_functions", "0"}, {"used_memory_scripts", "0"},
    {"used_memory_scripts_human", "0B"}, {"maxmemory", "0"}, {"maxmemory_human", "0B"},
    {"maxmemory_policy", "noeviction"}, {"allocator_frag_ratio"}, {"allocator_frag_bytes"},
    {"allocator_rss_ratio"}, {"allocator_rss_bytes"}, {"rss_overhead_ratio"},
    {"rss_overhead_bytes"}, {"mem_fragmentation_ratio"}, {"mem_fragmentation_bytes"},
    {"mem_not_counted_for_evict", "0"}, {"mem_replication_backlog"},
    {"mem_total_replication_buffers"}, {"mem_clients_slaves"}, {"mem_clients_normal"},
    {"mem_cluster_links", "0"}, {"mem_aof_buffer"}, {"mem_allocator"},
    {"active_defrag_running", "0"}, {"lazyfree_pending_objects", "0"}, {"lazyfreed_objects", "0"},
};

// No modules.
constexpr Field kPersistence[] = {
    {"loading"}, {"async_loading", "0"}, {"current_cow_peak", "0"}, {"current_cow_size", "0"},
    {"current_cow_size_age", "0"}, {"current_fork_perc", "0.00"},
    {"current_save_keys_processed", "0"}, {"current_save_keys_total", "0"},
    {"rdb_changes_since_last_save"}, {"rdb_bgsave_in_progress"}, {"rdb_last_save_time"},
    {"rdb_last_bgsave_status"}, {"rdb_last_bgsave_time_sec"}, {"rdb_current_bgsave_time_sec"},
    {"rdb_saves"}, {"rdb_last_cow_size"}, {"rdb_last_load_keys_expired"},
    {"rdb_last_load_keys_loaded"}, {"aof_enabled"}, {"aof_rewrite_in_progress"},
    {"aof_rewrite_scheduled"}, {"aof_last_rewrite_time_sec"}, {"aof_current_rewrite_time_sec"},
    {"aof_last_bgrewrite_status"}, {"aof_rewrites"}, {"aof_rewrites_consecutive_failures"},
    {"aof_last_write_status"}, {"aof_last_cow_size"}, {"module_fork_in_progress", "0"},
    {"module_fork_last_cow_size", "0"},
};

// No threads for input and output, no rules for users, no buffers that shrink and grow in steps.
constexpr Field kStats[] = {
    {"total_connections_received"}, {"total_commands_processed"}, {"instantaneous_ops_per_sec"},
    {"total_net_input_bytes"}, {"total_net_output_bytes"}, {"total_net_repl_input_bytes", "0"},
    {"total_net_repl_output_bytes", "0"}, {"instantaneous_input_kbps"},
    {"instantaneous_output_kbps"}, {"instantaneous_input_repl_kbps", "0.00"},
    {"instantaneous_output_repl_kbps", "0.00"}, {"rejected_connections"}, {"sync_full"},
    {"sync_partial_ok"}, {"sync_partial_err"}, {"expired_keys"}, {"expired_stale_perc", "0.00"},
    {"expired_time_cap_reached_count"}, {"expire_cycle_cpu_milliseconds"}, {"evicted_keys", "0"},
    {"evicted_clients", "0"}, {"total_eviction_exceeded_time", "0"},
    {"current_eviction_exceeded_time", "0"}, {"keyspace_hits"}, {"keyspace_misses"},
    {"pubsub_channels"}, {"pubsub_patterns"}, {"pubsubshard_channels", "0"}, {"latest_fork_usec"},
    {"total_forks"}, {"slave_expires_tracked_keys"},
    {"active_defrag_hits", "0"}, {"active_defrag_misses", "0"}, {"active_defrag_key_hits", "0"},
    {"active_defrag_key_misses", "0"}, {"total_active_defrag_time", "0"},
    {"current_active_defrag_time", "0"}, {"tracking_total_keys", "0"},
    {"tracking_total_items", "0"}, {"tracking_total_prefixes", "0"},
    {"unexpected_error_replies", "0"}, {"total_error_replies"},
    {"dump_payload_sanitizations", "0"}, {"total_reads_processed", "0"},
    {"total_writes_processed", "0"}, {"io_threaded_reads_processed", "0"},
    {"io_threaded_writes_processed", "0"}, {"reply_buffer_shrinks", "0"},
    {"reply_buffer_expands", "0"}, {"eventloop_cycles"}, {"eventloop_duration_sum"},
    {"eventloop_duration_cmd_sum"}, {"instantaneous_eventloop_cycles_per_sec"},
    {"instantaneous_eventloop_duration_usec"}, {"acl_access_denied_auth", "0"},
    {"acl_access_denied_cmd", "0"}, {"acl_access_denied_key", "0"},
    {"acl_access_denied_channel", "0"},
};

constexpr Field kReplication[] = {
    {"role"}, {"connected_slaves"}, {"master_failover_state"}, {"master_replid"},
    {"master_replid2"}, {"master_repl_offset"}, {"second_repl_offset"}, {"repl_backlog_active"},
    {"repl_backlog_size"}, {"repl_backlog_first_byte_offset"}, {"repl_backlog_histlen"},
};

constexpr Field kCpu[] = {
    {"used_cpu_sys"}, {"used_cpu_user"}, {"used_cpu_sys_children"}, {"used_cpu_user_children"},
    {"used_cpu_sys_main_thread"}, {"used_cpu_user_main_thread"},
};

struct Layout {
  std::string_view section;
  std::span<const Field> fields;
};
constexpr Layout kLayouts[] = {
    {"server", kServer}, {"clients", kClients}, {"memory", kMemory}, {"persistence", kPersistence},
    {"stats", kStats},   {"replication", kReplication}, {"cpu", kCpu},
};

// A line, and those behind it that Redis does not know.
struct Piece {
  std::string_view name;
  std::string text;
};

std::vector<Piece> split(std::string_view lines, std::span<const Field> fields) {
  std::vector<Piece> pieces(1);  // the first: unknown lines at the very beginning
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n') + 1);
    const std::string_view name = line.substr(0, line.find(':'));
    const bool known = std::any_of(fields.begin(), fields.end(), [&](const Field& each) { return each.name == name; });
    if (known) pieces.push_back({name, {}});
    pieces.back().text += line;
    lines.remove_prefix(line.size());
  }
  return pieces;
}

}  // namespace

std::vector<std::string_view> info_order() {
  return {"server",  "clients",      "memory",     "persistence",  "stats",   "replication", "cpu",
          "modules", "commandstats", "errorstats", "latencystats", "cluster", "keyspace",    "debug"};
}

std::string arrange_info(std::string_view section, std::string_view lines) {
  const auto layout = std::find_if(std::begin(kLayouts), std::end(kLayouts),
                                   [&](const Layout& each) { return each.section == section; });
  if (layout == std::end(kLayouts)) return std::string(lines);
  const std::vector<Piece> pieces = split(lines, layout->fields);
  std::string result = pieces.front().text;
  for (const Field& field : layout->fields) {
    const auto piece = std::find_if(pieces.begin() + 1, pieces.end(), [&](const Piece& each) { return each.name == field.name; });
    if (piece != pieces.end()) {
      result += piece->text;
    } else if (!field.neutral.empty()) {
      result.append(field.name).append(":").append(field.neutral).append("\r\n");
    }
  }
  return result;
}

}  // namespace introspection

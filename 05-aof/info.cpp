// SPDX-License-Identifier: MIT
// What INFO persistence says of the log: Redis' fields.
#include "05-aof/append_only.h"
#include "shared/server/server.h"

namespace aof {

void AppendOnly::write_info(server::InfoWriter& out) const {
  out.field("aof_enabled", is_on() ? 1 : 0);
  const int64_t now = server_.clock.wall_ms();
  out.field("aof_rewrite_in_progress", rewrites_.running ? 1 : 0);
  out.field("aof_rewrite_scheduled", rewrites_.scheduled ? 1 : 0);
  out.field("aof_last_rewrite_time_sec", rewrites_.last_seconds);
  out.field("aof_current_rewrite_time_sec", rewrites_.running ? (now - rewrites_.started) / 1000 : int64_t{-1});
  out.field("aof_last_bgrewrite_status", rewrites_.last_ok ? "ok" : "err");
  out.field("aof_rewrites", rewrites_.count);
  out.field("aof_rewrites_consecutive_failures", rewrites_.failures_in_a_row);
  out.field("aof_last_write_status", log_.blocked().empty() ? "ok" : "err");
  out.field("aof_last_cow_size", rewrites_.last_copied_bytes);
  if (!is_on()) return;
  out.field("aof_current_size", size_before_ + log_.size());
  out.field("aof_base_size", base_size_);
  out.field("aof_pending_rewrite", rewrites_.scheduled ? 1 : 0);
  out.field("aof_buffer_length", log_.buffered());
  out.field("aof_pending_bio_fsync", log_.sync_pending() ? 1 : 0);
  out.field("aof_delayed_fsync", log_.delayed_syncs());
}

}  // namespace aof

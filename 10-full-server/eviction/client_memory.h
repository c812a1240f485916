// SPDX-License-Identifier: MIT
//
// Keeps what clients make the server hold (unfinished requests, unread replies, queued commands, watches, subscriptions)
// within maxmemory-clients: beyond it, the clients that hold most are disconnected. Replicas, masters and clients that
// said CLIENT NO-EVICT neither count nor go. While there is no limit, nothing is measured.
// The loop thread's alone; evict() runs at the end of a turn, when nobody walks clients.
#pragma once

#include <cstdint>
#include <functional>

#include "shared/server/client_registry.h"
#include "shared/server/output_guard.h"
#include "shared/server/turn.h"

namespace server {
struct ConnectionFrame;
}

namespace eviction {

class ClientMemory final : public server::MemoryGuard {
 public:
  // Less than this would leave no client to undo it with.
  static constexpr uint64_t kLowestLimit = 128 * 1024;

  ClientMemory(server::ConnectionFrame& frame, server::ClientRegistry& clients, server::Turn& turn)
      : frame_(frame), clients_(clients), turn_(turn) {}

  // Bytes; 0: none. The sum is measured from now on, or no longer.
  void set_limit(uint64_t limit);
  void memory_changed(server::Connection& connection) override;
  void closed(server::Connection& connection) override;
  void evict();

  uint64_t total() const { return total_; }
  uint64_t evicted() const { return evicted_; }
  void reset_statistics() { evicted_ = 0; }
  std::function<void(server::Connection&)> on_evict;  // before it is closed

 private:
  void count(server::Connection& connection, size_t bytes) {
    total_ += bytes - connection.guarded_memory;
    connection.guarded_memory = bytes;
  }

  server::ConnectionFrame& frame_;
  server::ClientRegistry& clients_;
  server::Turn& turn_;
  uint64_t limit_ = 0;
  uint64_t total_ = 0;
  uint64_t evicted_ = 0;
};

}  // namespace eviction

// SPDX-License-Identifier: MIT
//
// Where the server's memory is: what INFO memory, MEMORY STATS and MEMORY DOCTOR report. Overhead is what is not the data
// itself: what the process had before it held any, tables, clients' buffers, the backlog, the log's buffer. Taken anew
// each time; the loop thread's alone. Source: MEMORY of Redis 7.2.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/util/allocator.h"

namespace server {
class InfoWriter;
class Server;
}  // namespace server

namespace introspection {

struct MemoryOverview {
  struct Database {
    int index;
    uint64_t table;
  };
  uint64_t used, peak, startup, resident;
  uint64_t backlog, replicas, clients, log_buffer;
  uint64_t stream;  // all that replication holds: the backlog, and what lagging replicas keep
  std::vector<Database> databases;  // those that hold keys
  uint64_t keys;
  memory::AllocatorStats allocator;

  uint64_t overhead() const;
  uint64_t dataset() const { return used > overhead() ? used - overhead() : 0; }
  uint64_t net() const { return used > startup ? used - startup : 1; }
  double dataset_percent() const { return 100 * static_cast<double>(dataset()) / static_cast<double>(net()); }
  double peak_percent() const { return 100 * static_cast<double>(used) / static_cast<double>(peak); }
};

// How much larger `whole` is than `part`.
struct Excess {
  double ratio;
  int64_t bytes;
};
Excess excess(uint64_t whole, uint64_t part);

// `startup`: used memory when the server began to serve.
MemoryOverview take_memory_overview(server::Server& server, uint64_t startup);

void write_memory_overview(const MemoryOverview& overview, server::InfoWriter& out);
std::string memory_report(const MemoryOverview& overview, size_t clients, size_t replicas);  // for people

}  // namespace introspection

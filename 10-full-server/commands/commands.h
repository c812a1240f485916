// SPDX-License-Identifier: MIT
//
// The commands that stage 10 brings, by family. A row of the same name replaces an earlier stage's.
#pragma once

#include <span>

#include "shared/command/command_row.h"

namespace full_server {

std::span<const command::CommandRow> string_commands();
std::span<const command::CommandRow> lcs_commands();
std::span<const command::CommandRow> generic_commands();
std::span<const command::CommandRow> scan_commands();
std::span<const command::CommandRow> object_commands();
std::span<const command::CommandRow> connection_commands();
std::span<const command::CommandRow> client_commands();
std::span<const command::CommandRow> command_commands();
std::span<const command::CommandRow> server_commands();
std::span<const command::CommandRow> transaction_commands();
std::span<const command::CommandRow> lolwut_commands();

}  // namespace full_server

namespace command {
class Client;
}
namespace server {
class Server;
}

namespace full_server {

// What was queued and watched is forgotten.
void discard_transaction(command::Client& client);

// Before any stage, since each keeps the file system that it finds: how long it takes can be measured.
void compose_files(server::Server& server);

// What a family brings besides rows: its type, codecs, parameters, INFO fields, listeners. Each is in the family's
// first file, e.g. list_commands.cpp.
void compose_lists(server::Server& server);
void compose_hashes(server::Server& server);
void compose_sets(server::Server& server);
void compose_sorted_sets(server::Server& server);
void compose_streams(server::Server& server);
void compose_bitmaps(server::Server& server);
void compose_hyperloglogs(server::Server& server);
void compose_geo(server::Server& server);
void compose_sort(server::Server& server);
void compose_dump(server::Server& server);
void compose_sharded_pubsub(server::Server& server);
void compose_notifications(server::Server& server);
void compose_tracking(server::Server& server);
void compose_authentication(server::Server& server);
void compose_monitor(server::Server& server);
void compose_slowlog(server::Server& server);
void compose_latency(server::Server& server);
void compose_memory(server::Server& server);
void compose_debug(server::Server& server);
void compose_eviction(server::Server& server);
void compose_lazy_free(server::Server& server);
void compose_networking(server::Server& server);
void compose_rewrite(server::Server& server);
void compose_durability(server::Server& server);
void compose_replication(server::Server& server);
void compose_crash_report(server::Server& server);
void compose_parameters(server::Server& server);  // last: keeps what nobody else has added

// A crash of the process is told in the log from now on, where crash-log-enabled says so.
void report_crashes(server::Server& server);

// Everything that this stage adds to a server.
void compose(server::Server& server);

}  // namespace full_server

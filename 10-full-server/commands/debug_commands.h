// SPDX-License-Identifier: MIT
//
// DEBUG: what tests of a server need and its users must not. Closed unless enable-debug-command opens it. Subcommands are no
// rows of their own, in Redis neither: debug_commands.cpp has a table of them. REQUIRES of every function here: the number of
// arguments that the table says.
#pragma once

namespace command {
class Context;
}

namespace full_server::debug {

using command::Context;

// debug_data_commands.cpp
void reload(Context& c);  // DEBUG RELOAD [MERGE] [NOFLUSH] [NOSAVE]
void load_log(Context& c);
void populate(Context& c);  // DEBUG POPULATE count [prefix] [size]
void digest(Context& c);
void digest_value(Context& c);
void object(Context& c);
void listpack(Context& c);
void table_statistics(Context& c);      // DEBUG HTSTATS db [full]
void key_table_statistics(Context& c);  // DEBUG HTSTATS-KEY key [full]

void protocol(Context& c);  // debug_protocol_commands.cpp

}  // namespace full_server::debug

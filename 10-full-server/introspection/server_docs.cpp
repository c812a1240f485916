// SPDX-License-Identifier: MIT
// Documentation lines of the commands about the server as a whole. In alphabetical order; the
// columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"command", "2.8.13", "server", "O(N) where N is the number of commands",
     "Describes all commands."},
    {"command|count", "2.8.13", "server", "O(1)", "Counts the commands."},
    {"command|docs", "7.0.0", "server", "O(N) where N is the number of commands asked for",
     "Tells the documentation of commands.", "[command-name [command-name ...]]"},
    {"command|getkeys", "2.8.13", "server", "O(N) where N is the number of arguments",
     "Picks the keys out of a command line.", "command [arg [arg ...]]"},
    {"command|getkeysandflags", "7.0.0", "server", "O(N) where N is the number of arguments",
     "Picks the keys out of a command line and tells what is done with them.",
     "command [arg [arg ...]]"},
    {"command|help", "5.0.0", "server", "O(1)", "Lists the subcommands."},
    {"command|info", "2.8.13", "server", "O(N) where N is the number of commands asked for",
     "Describes commands.", "[command-name [command-name ...]]"},
    {"command|list", "7.0.0", "server", "O(N) where N is the number of commands",
     "Lists the names of commands.",
     "[FILTERBY filterby=<MODULE module-name | ACLCAT category | PATTERN pattern>]"},
    {"config", "2.0.0", "server", "Depends on the subcommand.", "The server's parameters."},
    {"config|get", "2.0.0", "server", "O(N) where N is the number of parameters asked for",
     "Reads parameters by name or pattern.", "parameter [parameter ...]"},
    {"config|help", "5.0.0", "server", "O(1)", "Lists the subcommands."},
    {"config|resetstat", "2.0.0", "server", "O(1)", "Lets the statistics begin anew."},
    {"config|rewrite", "2.8.0", "server", "O(1)",
     "Writes the parameters that are in force into the configuration file."},
    {"config|set", "2.0.0", "server", "O(N) where N is the number of parameters",
     "Changes parameters, all or none.", "parameter value [parameter value ...]"},
    {"dbsize", "1.0.0", "server", "O(1)", "Counts the keys of the database."},
    {"flushall", "1.0.0", "server", "O(N) where N is the number of keys in all databases",
     "Deletes all keys of all databases.", "flush-type=[ASYNC | SYNC]"},
    {"flushdb", "1.0.0", "server", "O(N) where N is the number of keys in the database",
     "Deletes all keys of the database.", "flush-type=[ASYNC | SYNC]"},
    {"info", "1.0.0", "server", "O(1)", "Tells the state and the statistics of the server.",
     "[section [section ...]]"},
    {"swapdb", "4.0.0", "server",
     "O(N) where N is the number of clients that wait for or watch keys of the two",
     "Exchanges two databases.", "index1 index2"},
    {"time", "2.6.0", "server", "O(1)", "Tells the server's time in seconds and microseconds."},
};

std::span<const CommandDoc> server_docs() { return kDocs; }

}  // namespace introspection

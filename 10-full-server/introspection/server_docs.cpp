// SPDX-License-Identifier: MIT
// Documentation lines of the commands about the server as a whole. In alphabetical order; the
// columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"bgrewriteaof", "1.0.0", "server", "O(1)", "Begins the append-only log anew in the background."},
    {"bgsave", "1.0.0", "server", "O(1)", "Writes a snapshot in the background, from a copy of the process.",
     "[SCHEDULE]"},
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
    {"lastsave", "1.0.0", "server", "O(1)", "Tells when the last snapshot was finished, in Unix seconds."},
    {"load", "7.2.0", "server", "O(N) where N is the number of keys in the snapshot",
     "Replaces all keys by those of the snapshot file. The workshop's own."},
    {"psync", "2.8.0", "server", "O(1) when it goes on; O(N) for a full copy, where N is the number of keys",
     "Asks a master for what it has written since an offset.", "replicationid offset"},
    {"replconf", "3.0.0", "server", "O(1)", "What a master and its replica tell each other."},
    {"replicaof", "5.0.0", "server", "O(1)", "Follows a master, or stops following.",
     "args=<host-port=<host port> | no-one=<NO ONE>>"},
    {"role", "2.8.12", "server", "O(1)", "Tells the part that the server plays in replication."},
    {"save", "1.0.0", "server", "O(N) where N is the number of keys in all databases",
     "Writes a snapshot while everybody waits."},
    {"shutdown", "1.0.0", "server", "O(N) where N is the number of keys in all databases when it saves",
     "Stops the server, with what is kept on disk.", "save-selector=[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]"},
    {"slaveof", "1.0.0", "server", "O(1)", "Follows a master, or stops following.",
     "args=<host-port=<host port> | no-one=<NO ONE>>", "5.0.0", "`REPLICAOF`"},
    {"swapdb", "4.0.0", "server",
     "O(N) where N is the number of clients that wait for or watch keys of the two",
     "Exchanges two databases.", "index1 index2"},
    {"sync", "1.0.0", "server", "O(N) where N is the number of keys in all databases", "Asks a master for everything."},
    {"time", "2.6.0", "server", "O(1)", "Tells the server's time in seconds and microseconds."},
};

std::span<const CommandDoc> server_docs() { return kDocs; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
// Documentation lines of the commands about connections. In alphabetical order; the columns:
// command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"auth", "1.0.0", "connection", "O(N) where N is the number of the user's passwords",
     "Logs the connection in.", "[username] password"},
    {"client", "2.4.0", "connection", "Depends on the subcommand.",
     "The connections of the server."},
    {"client|caching", "6.0.0", "connection", "O(1)",
     "Says whether the next command's keys are tracked.", "mode=<YES | NO>"},
    {"client|getname", "2.6.9", "connection", "O(1)", "Tells the connection's name."},
    {"client|getredir", "6.0.0", "connection", "O(1)",
     "Tells which connection hears of changes in this one's stead."},
    {"client|help", "5.0.0", "connection", "O(1)", "Lists the subcommands."},
    {"client|id", "5.0.0", "connection", "O(1)",
     "Tells the connection's number, which is never used again."},
    {"client|info", "6.2.0", "connection", "O(1)", "Describes the connection in one line."},
    {"client|kill", "2.4.0", "connection", "O(N) where N is the number of connections",
     "Closes connections.",
     "filter=<ip:port | new-format=<ID client-id | TYPE client-type=<NORMAL | MASTER | SLAVE"
     " | REPLICA | PUBSUB> | USER username | ADDR addr | LADDR laddr | SKIPME skipme=<YES | "
     "NO>> [new-format ...]>"},
    {"client|list", "2.4.0", "connection", "O(N) where N is the number of connections",
     "Describes connections, one in a line.",
     "[TYPE client-type=<NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]"},
    {"client|no-evict", "7.0.0", "connection", "O(1)",
     "Keeps the connection from being closed when memory is short.", "enabled=<ON | OFF>"},
    {"client|no-touch", "7.2.0", "connection", "O(1)",
     "Lets the connection's reads not count as uses of the keys.", "enabled=<ON | OFF>"},
    {"client|pause", "3.0.0", "connection", "O(1)",
     "Lets commands wait, those that write or all.", "timeout [mode=<WRITE | ALL>]"},
    {"client|reply", "3.2.0", "connection", "O(1)",
     "Turns replies off, on again, or off for the next command.", "action=<ON | OFF | SKIP>"},
    {"client|setinfo", "7.2.0", "connection", "O(1)", "Tells the server about the client library.",
     "attr=<LIB-NAME libname | LIB-VER libver>"},
    {"client|setname", "2.6.9", "connection", "O(1)", "Names the connection.", "connection-name"},
    {"client|tracking", "6.0.0", "connection", "O(1), and more with many prefixes",
     "Has the connection told when keys change that it has read.",
     "status=<ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] "
     "[OPTOUT] [NOLOOP]"},
    {"client|trackinginfo", "6.2.0", "connection", "O(1)", "Tells how the connection tracks."},
    {"client|unblock", "5.0.0", "connection", "O(log N) where N is the number of connections",
     "Ends another connection's waiting.", "client-id [unblock-type=<TIMEOUT | ERROR>]"},
    {"client|unpause", "6.2.0", "connection", "O(N) where N is the number of waiting connections",
     "Lets waiting commands run."},
    {"echo", "1.0.0", "connection", "O(1)", "Returns the text that it was given.", "message"},
    {"hello", "6.0.0", "connection", "O(1)",
     "Begins a conversation: chooses the protocol, logs in, names the connection.",
     "arguments=[protover [AUTH username password] [SETNAME clientname]]"},
    {"ping", "1.0.0", "connection", "O(1)", "Answers, which shows that the server lives.",
     "[message]"},
    {"quit", "1.0.0", "connection", "O(1)", "Closes the connection.", "", "7.2.0",
     "just closing the connection"},
    {"reset", "6.2.0", "connection", "O(1)", "Puts the connection into the state of a new one."},
    {"select", "1.0.0", "connection", "O(1)", "Chooses the database of the connection.", "index"},
};

std::span<const CommandDoc> connection_docs() { return kDocs; }

}  // namespace introspection

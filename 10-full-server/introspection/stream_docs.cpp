// SPDX-License-Identifier: MIT
// Documentation lines of stream commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"xack", "5.0.0", "stream", "O(1) for each id",
     "Takes entries off a consumer group's pending ones; returns how many there were.",
     "key group id/string [id/string ...]"},
    {"xadd", "5.0.0", "stream", "O(1); O(N) where N entries are trimmed",
     "Adds an entry at the end of a stream; a missing key becomes one.",
     "key [NOMKSTREAM] trim=[strategy=<MAXLEN | MINID> operator=[= | ~] threshold/string [LIMIT "
     "count]] id-selector=<* | id/string> field value [field value ...]"},
    {"xautoclaim", "6.2.0", "stream", "O(1) where COUNT is small",
     "Hands pending entries that have been idle for long to another consumer, some at a time.",
     "key group consumer min-idle-time/string start/string [COUNT count] [JUSTID]"},
    {"xclaim", "5.0.0", "stream",
     "O(log N) for each id, where N is the number of the group's pending entries",
     "Hands pending entries to another consumer.",
     "key group consumer min-idle-time/string id/string [id/string ...] [IDLE ms/integer] [TIME "
     "unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid/string]"},
    {"xdel", "5.0.0", "stream", "O(1) for each id", "Deletes entries; returns how many there were.",
     "key id/string [id/string ...]"},
    {"xgroup", "5.0.0", "stream", "Depends on the subcommand", "Consumer groups."},
    {"xgroup|create", "5.0.0", "stream", "O(1)", "Makes a consumer group.",
     "key group id-selector=<id/string | $> [MKSTREAM] [ENTRIESREAD entries-read/integer]"},
    {"xgroup|createconsumer", "6.2.0", "stream", "O(1)", "Makes a consumer in a group.",
     "key group consumer"},
    {"xgroup|delconsumer", "5.0.0", "stream", "O(N) where N is the number of its pending entries",
     "Removes a consumer with its pending entries; returns how many there were.",
     "key group consumer"},
    {"xgroup|destroy", "5.0.0", "stream",
     "O(N) where N is the number of the group's pending entries", "Removes a consumer group.",
     "key group"},
    {"xgroup|help", "5.0.0", "stream", "O(1)", "Lists the subcommands."},
    {"xgroup|setid", "5.0.0", "stream", "O(1)",
     "Sets which entry is the last that a group has been given.",
     "key group id-selector=<id/string | $> [ENTRIESREAD entriesread/integer]"},
    {"xinfo", "5.0.0", "stream", "Depends on the subcommand",
     "What is known of streams, groups and consumers."},
    {"xinfo|consumers", "5.0.0", "stream", "O(N) where N is the number of consumers",
     "Describes a group's consumers.", "key group"},
    {"xinfo|groups", "5.0.0", "stream", "O(N) where N is the number of groups",
     "Describes a stream's consumer groups.", "key"},
    {"xinfo|help", "5.0.0", "stream", "O(1)", "Lists the subcommands."},
    {"xinfo|stream", "5.0.0", "stream",
     "O(1); with FULL, O(N) where N is the number of entries and pending entries shown",
     "Describes a stream.", "key full-block=[FULL [COUNT count]]"},
    {"xlen", "5.0.0", "stream", "O(1)", "Tells how many entries a stream has.", "key"},
    {"xpending", "5.0.0", "stream",
     "O(N) where N is the number of entries returned, or looked at with IDLE; a summary takes O(N) "
     "with N consumers",
     "Tells which entries were delivered to a group's consumers and not acknowledged yet.",
     "key group filters=[[IDLE min-idle-time/integer] start/string end/string count "
     "[consumer]]"},
    {"xrange", "5.0.0", "stream", "O(log N + M) where M is the number of entries returned",
     "Reads the entries between two ids.", "key start/string end/string [COUNT count]"},
    {"xread", "5.0.0", "stream", "O(M) for each stream, where M entries of it are returned",
     "Reads what lies behind known ids in several streams; waits for it if need be.",
     "[COUNT count] [BLOCK milliseconds/integer] STREAMS streams=<key [key ...] id/string "
     "[id/string ...]>"},
    {"xreadgroup", "5.0.0", "stream", "O(M) for each stream, where M entries of it are returned",
     "Reads as a consumer of a group what the group has not been given yet, or what is pending.",
     "GROUP group-block=<group consumer> [COUNT count] [BLOCK milliseconds/integer] [NOACK] "
     "STREAMS streams=<key [key ...] id/string [id/string ...]>"},
    {"xrevrange", "5.0.0", "stream", "O(log N + M) where M is the number of entries returned",
     "Reads the entries between two ids, the last first.",
     "key end/string start/string [COUNT count]"},
    {"xsetid", "5.0.0", "stream", "O(1)",
     "Sets a stream's last id and counters; for replicas and logs.",
     "key last-id/string [ENTRIESADDED entries-added/integer] [MAXDELETEDID "
     "max-deleted-id/string]"},
    {"xtrim", "5.0.0", "stream", "O(N) where N is the number of entries that go",
     "Deletes entries at the beginning of a stream.",
     "key trim=<strategy=<MAXLEN | MINID> operator=[= | ~] threshold/string [LIMIT count]>"},
};

std::span<const CommandDoc> stream_docs() { return kDocs; }

}  // namespace introspection

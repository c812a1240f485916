// SPDX-License-Identifier: MIT
// Documentation lines of the commands that work on keys of any type, and of deadlines. In
// alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"copy", "6.2.0", "generic",
     "O(N) where N is the number of elements of a collection; O(1) for strings",
     "Copies a value to another key.", "source destination [DB destination-db] [REPLACE]"},
    {"del", "1.0.0", "generic",
     "O(N) where N is the number of keys; O(M) more for each collection of M elements",
     "Deletes keys.", "key [key ...]"},
    {"dump", "2.6.0", "generic", "O(N) where N is the size of the value",
     "Answers a value as bytes, for RESTORE.", "key"},
    {"exists", "1.0.0", "generic", "O(N) where N is the number of keys",
     "Counts how many of the keys exist.", "key [key ...]"},
    {"expire", "1.0.0", "generic", "O(1)", "Lets a key live for so many seconds.",
     "key seconds condition=[NX | XX | GT | LT]"},
    {"expireat", "1.2.0", "generic", "O(1)", "Lets a key live until a Unix time in seconds.",
     "key unix-time-seconds condition=[NX | XX | GT | LT]"},
    {"expiretime", "7.0.0", "generic", "O(1)", "Tells a key's deadline as a Unix time in seconds.",
     "key"},
    {"keys", "1.0.0", "generic", "O(N) where N is the number of keys in the database",
     "Lists the keys that match a pattern.", "pattern"},
    {"migrate", "2.6.0", "generic", "O(N) where N is the size of the values, here and there",
     "Moves keys to another server.",
     "host port key-selector=<key | empty-string/string> destination-db/integer timeout/integer [COPY] [REPLACE] "
     "authentication=[AUTH password | AUTH2 auth2=<username password>] [KEYS keys/key [KEYS keys/key ...]]"},
    {"move", "1.0.0", "generic", "O(1)", "Moves a key to another database.", "key db"},
    {"object", "2.2.3", "generic", "Depends on the subcommand.", "How values are kept."},
    {"object|encoding", "2.2.3", "generic", "O(1)", "Tells how a value is encoded in memory.",
     "key"},
    {"object|freq", "4.0.0", "generic", "O(1)",
     "Tells how often a value was used, on a logarithmic scale.", "key"},
    {"object|help", "6.2.0", "generic", "O(1)", "Lists the subcommands."},
    {"object|idletime", "2.2.3", "generic", "O(1)",
     "Tells for how many seconds a value was not used.", "key"},
    {"object|refcount", "2.2.3", "generic", "O(1)", "Tells how many references a value has.",
     "key"},
    {"persist", "2.2.0", "generic", "O(1)", "Removes a key's deadline.", "key"},
    {"pexpire", "2.6.0", "generic", "O(1)", "Lets a key live for so many milliseconds.",
     "key milliseconds condition=[NX | XX | GT | LT]"},
    {"pexpireat", "2.6.0", "generic", "O(1)", "Lets a key live until a Unix time in milliseconds.",
     "key unix-time-milliseconds condition=[NX | XX | GT | LT]"},
    {"pexpiretime", "7.0.0", "generic", "O(1)",
     "Tells a key's deadline as a Unix time in milliseconds.", "key"},
    {"pttl", "2.6.0", "generic", "O(1)", "Tells how many milliseconds a key has left.", "key"},
    {"randomkey", "1.0.0", "generic", "O(1)", "Picks a key at random."},
    {"rename", "1.0.0", "generic", "O(1)",
     "Gives a key another name, replacing the key that has it.", "key newkey"},
    {"renamenx", "1.0.0", "generic", "O(1)", "Gives a key another name if no key has it.",
     "key newkey"},
    {"restore", "2.6.0", "generic", "O(N) where N is the size of the value",
     "Makes a key of what DUMP answered.",
     "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]"},
    {"restore-asking", "3.0.0", "server", "O(N) where N is the size of the value",
     "RESTORE, sent by the nodes of a cluster to each other.",
     "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]"},
    {"scan", "2.8.0", "generic",
     "O(1) a call; O(N) for all calls until the cursor is 0 again, where N is the number of "
     "keys",
     "Visits the keys of the database in several calls.",
     "cursor [MATCH pattern] [COUNT count] [TYPE type]"},
    {"sort", "1.0.0", "generic",
     "O(N+M*log(M)) where N is the number of elements and M how many are returned; O(N) unsorted",
     "Sorts a list, set or sorted set by its elements or by values elsewhere; may store the result.",
     "key [BY by-pattern/pattern] [LIMIT offset count] "
     "[GET get-pattern/pattern [GET get-pattern/pattern ...]] order=[ASC | DESC] [ALPHA] "
     "[STORE destination]"},
    {"sort_ro", "7.0.0", "generic",
     "O(N+M*log(M)) where N is the number of elements and M how many are returned; O(N) unsorted",
     "Sorts a list, set or sorted set by its elements or by values elsewhere.",
     "key [BY by-pattern/pattern] [LIMIT offset count] "
     "[GET get-pattern/pattern [GET get-pattern/pattern ...]] order=[ASC | DESC] [ALPHA]"},
    {"touch", "3.2.1", "generic", "O(N) where N is the number of keys",
     "Counts how many of the keys exist, and counts as a use of them.", "key [key ...]"},
    {"ttl", "1.0.0", "generic", "O(1)", "Tells how many seconds a key has left.", "key"},
    {"type", "1.0.0", "generic", "O(1)", "Tells the type of the value at a key.", "key"},
    {"unlink", "4.0.0", "generic",
     "O(1) for each key; freeing the memory of large values comes later",
     "Deletes keys and frees their memory in the background.", "key [key ...]"},
    {"wait", "3.0.0", "generic", "O(1)",
     "Waits until replicas have acknowledged the connection's writes, and tells how many did.",
     "numreplicas timeout"},
    {"waitaof", "7.2.0", "generic", "O(1)",
     "Waits until what the client wrote is on the disk, here and at so many replicas.", "numlocal numreplicas timeout"},
};

std::span<const CommandDoc> generic_docs() { return kDocs; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
// Documentation lines of hash commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"hdel", "2.0.0", "hash", "O(N) where N is the number of fields that are named",
     "Removes fields from a hash; a hash without fields is deleted.", "key field [field ...]"},
    {"hexists", "2.0.0", "hash", "O(1)", "Tells whether a hash has a field.", "key field"},
    {"hget", "2.0.0", "hash", "O(1)", "Reads the value of a field.", "key field"},
    {"hgetall", "2.0.0", "hash", "O(N) where N is the size of the hash",
     "Reads all fields of a hash and their values.", "key"},
    {"hincrby", "2.0.0", "hash", "O(1)",
     "Adds a number to the integer in a field; a missing field counts as 0.",
     "key field increment"},
    {"hincrbyfloat", "2.6.0", "hash", "O(1)",
     "Adds a floating point number to the number in a field; a missing field counts as 0.",
     "key field increment/double"},
    {"hkeys", "2.0.0", "hash", "O(N) where N is the size of the hash",
     "Reads the names of all fields of a hash.", "key"},
    {"hlen", "2.0.0", "hash", "O(1)", "Counts the fields of a hash.", "key"},
    {"hmget", "2.0.0", "hash", "O(N) where N is the number of fields that are named",
     "Reads the values of several fields.", "key field [field ...]"},
    {"hmset", "2.0.0", "hash", "O(N) where N is the number of fields that are set",
     "Gives values to several fields of a hash.", "key field value [field value ...]",
     "4.0.0", "`HSET` with multiple field-value pairs"},
    {"hrandfield", "6.2.0", "hash", "O(N) where N is the number of fields that are answered",
     "Picks fields of a hash by chance.", "key options=[count [WITHVALUES]]"},
    {"hscan", "2.8.0", "hash",
     "O(1) for every call, O(N) for a whole iteration, where N is the size of the hash",
     "Walks through the fields of a hash and their values, some at a time.",
     "key cursor [MATCH pattern] [COUNT count]"},
    {"hset", "2.0.0", "hash", "O(N) where N is the number of fields that are set",
     "Gives values to fields of a hash; a missing key starts as an empty hash.",
     "key field value [field value ...]"},
    {"hsetnx", "2.0.0", "hash", "O(1)", "Gives a field a value if the hash has no such field.",
     "key field value"},
    {"hstrlen", "3.2.0", "hash", "O(1)", "Tells the length of a field's value.", "key field"},
    {"hvals", "2.0.0", "hash", "O(N) where N is the size of the hash",
     "Reads the values of all fields of a hash.", "key"},
};

std::span<const CommandDoc> hash_docs() { return kDocs; }

}  // namespace introspection

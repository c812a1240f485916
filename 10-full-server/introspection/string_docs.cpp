// SPDX-License-Identifier: MIT
// Documentation lines of the string commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"append", "2.0.0", "string", "O(1) amortized over the growth of the value",
     "Adds text at the end of a value; a missing key starts empty.", "key value"},
    {"decr", "1.0.0", "string", "O(1)",
     "Takes one from the integer at a key; a missing key counts as 0.", "key"},
    {"decrby", "1.0.0", "string", "O(1)",
     "Takes a number from the integer at a key; a missing key counts as 0.", "key decrement"},
    {"get", "1.0.0", "string", "O(1)", "Reads the string at a key.", "key"},
    {"getdel", "6.2.0", "string", "O(1)", "Reads the string at a key and deletes the key.", "key"},
    {"getex", "6.2.0", "string", "O(1)",
     "Reads the string at a key and sets or removes its deadline.",
     "key expiration=[EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT "
     "unix-time-milliseconds | PERSIST]"},
    {"getrange", "2.4.0", "string", "O(N) where N is the length of the part",
     "Reads a part of the string at a key.", "key start end"},
    {"getset", "1.0.0", "string", "O(1)", "Stores a string and returns the one that it replaced.",
     "key value", "6.2.0", "`SET` with the `GET` argument"},
    {"incr", "1.0.0", "string", "O(1)",
     "Adds one to the integer at a key; a missing key counts as 0.", "key"},
    {"incrby", "1.0.0", "string", "O(1)",
     "Adds a number to the integer at a key; a missing key counts as 0.", "key increment"},
    {"incrbyfloat", "2.6.0", "string", "O(1)",
     "Adds a floating point number to the number at a key; a missing key counts as 0.",
     "key increment/double"},
    {"lcs", "7.0.0", "string", "O(N*M) where N and M are the lengths of the two strings",
     "Finds the longest subsequence that two strings have in common.",
     "key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]"},
    {"mget", "1.0.0", "string", "O(N) where N is the number of keys",
     "Reads the strings at several keys.", "key [key ...]"},
    {"mset", "1.0.1", "string", "O(N) where N is the number of keys",
     "Stores strings at several keys, all at once.", "key value [key value ...]"},
    {"msetnx", "1.0.1", "string", "O(N) where N is the number of keys",
     "Stores strings at several keys if none of the keys exists.", "key value [key value ...]"},
    {"psetex", "2.6.0", "string", "O(1)", "Stores a string that lives for some milliseconds.",
     "key milliseconds value", "2.6.12", "`SET` with the `PX` argument"},
    {"set", "1.0.0", "string", "O(1)", "Stores a string at a key, whatever was there before.",
     "key value condition=[NX | XX] [GET] expiration=[EX seconds | PX milliseconds | EXAT "
     "unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]"},
    {"setex", "2.0.0", "string", "O(1)", "Stores a string that lives for some seconds.",
     "key seconds value", "2.6.12", "`SET` with the `EX` argument"},
    {"setnx", "1.0.0", "string", "O(1)", "Stores a string if the key does not exist.", "key value",
     "2.6.12", "`SET` with the `NX` argument"},
    {"setrange", "2.2.0", "string",
     "O(M) where M is the length of the text; O(N) more where the value of length N has to "
     "grow",
     "Overwrites a part of the string at a key; a missing key starts empty.", "key offset value"},
    {"strlen", "2.2.0", "string", "O(1)", "Tells the length of the string at a key.", "key"},
    {"substr", "1.0.0", "string", "O(N) where N is the length of the part",
     "Reads a part of the string at a key.", "key start end", "2.0.0", "`GETRANGE`"},
};

std::span<const CommandDoc> string_docs() { return kDocs; }

}  // namespace introspection

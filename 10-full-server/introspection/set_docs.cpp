// SPDX-License-Identifier: MIT
// Documentation lines of set commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"sadd", "1.0.0", "set", "O(1) for each member",
     "Adds members to a set; a missing key starts empty.", "key member [member ...]"},
    {"scard", "1.0.0", "set", "O(1)", "Tells how many members a set has.", "key"},
    {"sdiff", "1.0.0", "set", "O(N) where N is the number of members in all the sets",
     "Returns the members of the first set that none of the others has.", "key [key ...]"},
    {"sdiffstore", "1.0.0", "set", "O(N) where N is the number of members in all the sets",
     "Stores the members of the first set that none of the others has.",
     "destination/key key [key ...]"},
    {"sinter", "1.0.0", "set",
     "O(N*M) where N is the size of the smallest set and M the number of sets",
     "Returns the members that all of the sets have.", "key [key ...]"},
    {"sintercard", "7.0.0", "set",
     "O(N*M) where N is the size of the smallest set and M the number of sets",
     "Counts the members that all of the sets have.",
     "numkeys/integer key [key ...] [LIMIT limit/integer]"},
    {"sinterstore", "1.0.0", "set",
     "O(N*M) where N is the size of the smallest set and M the number of sets",
     "Stores the members that all of the sets have.", "destination/key key [key ...]"},
    {"sismember", "1.0.0", "set", "O(1)", "Tells whether a set has a member.", "key member"},
    {"smembers", "1.0.0", "set", "O(N) where N is the size of the set",
     "Returns all members of a set.", "key"},
    {"smismember", "6.2.0", "set", "O(N) where N is the number of members that are asked for",
     "Tells for each of several members whether a set has it.", "key member [member ...]"},
    {"smove", "1.0.0", "set", "O(1)", "Moves a member from one set to another.",
     "source/key destination/key member"},
    {"spop", "1.0.0", "set", "O(1) without a count, O(N) with the count N",
     "Removes members at random and returns them.", "key [count/integer]"},
    {"srandmember", "1.0.0", "set",
     "O(1) without a count, O(N) with the absolute value N of the count",
     "Returns members at random.", "key [count/integer]"},
    {"srem", "1.0.0", "set", "O(N) where N is the number of members to remove",
     "Removes members from a set.", "key member [member ...]"},
    {"sscan", "2.8.0", "set",
     "O(1) a call; O(N) for all calls until the cursor is 0 again, where N is the size of the set",
     "Visits the members of a set in several calls.",
     "key cursor/integer [MATCH pattern/pattern] [COUNT count/integer]"},
    {"sunion", "1.0.0", "set", "O(N) where N is the number of members in all the sets",
     "Returns the members that any of the sets has.", "key [key ...]"},
    {"sunionstore", "1.0.0", "set", "O(N) where N is the number of members in all the sets",
     "Stores the members that any of the sets has.", "destination/key key [key ...]"},
};

std::span<const CommandDoc> set_docs() { return kDocs; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
// Documentation lines of bitmap commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"bitcount", "2.6.0", "bitmap", "O(N) where N is the length of the range",
     "Counts the bits that are set in a string, or in a range of it.",
     "key range=[start end unit=[BYTE | BIT]]"},
    {"bitfield", "3.2.0", "bitmap", "O(1) for each operation",
     "Reads and changes integers of any width in a string, in the order of the operations.",
     "key operation=[GET get-block=<encoding offset> | write=<[OVERFLOW overflow-block=<WRAP | SAT "
     "| FAIL>] "
     "write-operation=<SET set-block=<encoding offset value/integer> | INCRBY "
     "incrby-block=<encoding offset increment>>>]"},
    {"bitfield_ro", "6.0.0", "bitmap", "O(1) for each operation",
     "Reads integers of any width in a string.",
     "key [GET get-block=<encoding offset> [GET get-block=<encoding offset> ...]]"},
    {"bitop", "2.6.0", "bitmap", "O(N) where N is the length of the longest string",
     "Combines strings bit by bit and stores the result.",
     "operation=<AND | OR | XOR | NOT> destkey/key key [key ...]"},
    {"bitpos", "2.8.7", "bitmap", "O(N) where N is the length of the range",
     "Finds the first bit of a string that is set, or that is clear.",
     "key bit/integer range=[start end-unit-block=[end unit=[BYTE | BIT]]]"},
    {"getbit", "2.2.0", "bitmap", "O(1)", "Reads one bit of a string.", "key offset"},
    {"setbit", "2.2.0", "bitmap", "O(1)",
     "Sets or clears one bit of a string, which grows where needed, and returns what it was.",
     "key offset value/integer"},
};

std::span<const CommandDoc> bitmap_docs() { return kDocs; }

}  // namespace introspection

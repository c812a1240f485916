// SPDX-License-Identifier: MIT
// Documentation lines of hyperloglog commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"pfadd", "2.8.9", "hyperloglog", "O(1) for each element",
     "Adds elements to a HyperLogLog; a missing key starts empty.", "key [element [element ...]]"},
    {"pfcount", "2.8.9", "hyperloglog",
     "O(1) for one key, whose count is kept; O(N) with a large constant for N keys",
     "Estimates how many different elements were added to one or several HyperLogLogs.",
     "key [key ...]"},
    {"pfdebug", "2.8.9", "hyperloglog", "N/A", "Looks into a HyperLogLog, for tests.",
     "subcommand key"},
    {"pfmerge", "2.8.9", "hyperloglog", "O(N) for N HyperLogLogs, with a large constant",
     "Merges HyperLogLogs into one.", "destkey/key [sourcekey/key [sourcekey/key ...]]"},
    {"pfselftest", "2.8.9", "hyperloglog", "N/A",
     "Tests inside the server how HyperLogLogs are kept and estimated."},
};

std::span<const CommandDoc> hyperloglog_docs() { return kDocs; }

}  // namespace introspection

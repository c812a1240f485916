// SPDX-License-Identifier: MIT
// Documentation lines of transactions. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"discard", "2.0.0", "transactions", "O(N) where N is the number of queued commands",
     "Forgets what was queued since MULTI."},
    {"exec", "1.2.0", "transactions", "That of the queued commands",
     "Runs what was queued since MULTI, with nothing in between."},
    {"multi", "1.2.0", "transactions", "O(1)", "Begins a transaction: commands are queued until EXEC."},
    {"unwatch", "2.2.0", "transactions", "O(1)", "Forgets which keys were watched."},
    {"watch", "2.2.0", "transactions", "O(1) for each key",
     "Lets the next EXEC fail when one of the keys changes before it.", "key [key ...]"},
};

std::span<const CommandDoc> transaction_docs() { return kDocs; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
// Documentation line of DEBUG. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"debug", "1.0.0", "server", "Depends on the subcommand", "Gives tests of servers and clients a look inside.",
     "subcommand [argument [argument ...]]"},
};

std::span<const CommandDoc> debug_docs() { return kDocs; }

}  // namespace introspection

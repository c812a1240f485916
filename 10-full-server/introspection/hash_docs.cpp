// SPDX-License-Identifier: MIT
// Documentation lines of hash commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

std::span<const CommandDoc> hash_docs() { return {}; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
// Documentation lines of geo commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

std::span<const CommandDoc> geo_docs() { return {}; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
//
// What was there when the server began to serve; later figures are compared with it. Written once, at the start.
#pragma once

#include <cstdint>

namespace introspection {

struct StartState {
  uint64_t used_memory = 0;
};

}  // namespace introspection

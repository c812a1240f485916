// SPDX-License-Identifier: MIT
//
// What later stages use of HELLO: how a user is let in, and what a server says of itself.
#pragma once

#include <string_view>

#include "shared/command/context.h"

namespace pubsub {

// Lets the client in as this user; false, and answered: it may not. There is one user, "default",
// without a password: any will do.
bool authenticate(command::Context& c, std::string_view user, std::string_view password);

// HELLO's words about the server; a part of the server that later stages change.
struct Greeting {
  std::string_view mode = "standalone";
  std::string_view role = "master";
};

}  // namespace pubsub

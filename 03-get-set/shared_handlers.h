// SPDX-License-Identifier: MIT
//
// Handlers that later stages know by another name too (UNLINK is DEL, SUBSTR is GETRANGE), and what every command does
// that names a database.
#pragma once

#include <optional>

#include "shared/command/context.h"

namespace get_set {

void del(command::Context& c);
void getrange(command::Context& c);

// The database that an argument names; nothing, and answered: it names none.
std::optional<int> read_database(command::Context& c, size_t argument);

}  // namespace get_set

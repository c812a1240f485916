// SPDX-License-Identifier: MIT
//
// Handlers that later stages know by another name too (SUBSTR is GETRANGE), and what every command does that names a
// database.
#pragma once

#include <optional>

#include "shared/command/context.h"

namespace get_set {

void getrange(command::Context& c);

// The database that an argument names; nothing, and answered: it names none.
std::optional<int> read_database(command::Context& c, size_t argument);

// False, and answered: names appear in CLIENT LIST, whose fields are separated by spaces.
bool check_client_name(command::Context& c, std::string_view name);
void set_client_name(command::Client& client, std::string_view name);  // empty: none

}  // namespace get_set

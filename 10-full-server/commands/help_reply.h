// SPDX-License-Identifier: MIT
//
// What every container's HELP answers: a head, its own lines, a foot, all of them simple strings.
#pragma once

#include <span>
#include <string_view>

#include "shared/command/context.h"

namespace full_server {

void reply_help(command::Context& c, std::span<const std::string_view> lines);

}  // namespace full_server

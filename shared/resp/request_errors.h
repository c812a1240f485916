// SPDX-License-Identifier: MIT
//
// Answers to requests that no command can take. Redis' exact texts, with its limits on what is
// quoted back.
#pragma once

#include <string>
#include <string_view>

#include "shared/resp/request_parser.h"

namespace resp {

// ERR unknown command 'frob', with args beginning with: 'a' 'b'
std::string unknown_command(Args args);

// ERR unknown subcommand 'frob'. Try CLIENT HELP.
std::string unknown_subcommand(std::string_view command, std::string_view subcommand);

// ERR wrong number of arguments for 'config|get' command
std::string wrong_arity(std::string_view full_name);

}  // namespace resp

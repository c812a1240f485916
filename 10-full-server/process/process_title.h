// SPDX-License-Identifier: MIT
//
// What ps shows: the words with which the process was started are overwritten by a title, made from a template in which
// {title}, {listen-addr}, {server-mode}, {port}, {tls-port}, {unixsocket} and {config-file} stand for what they say.
// The words lie in front of the environment in one piece of memory (proc(5): arg_start … env_end); the environment moves
// to the heap first, and the title may be as long as both were. Loop thread only, once a process.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace process {

// Gives a variable's value, or nothing when there is no such variable.
using TitleVariables = std::function<std::optional<std::string>(std::string_view)>;

// Nothing: an open brace, an unknown variable, or an empty title. "{{" is a brace.
std::optional<std::string> expand_title(std::string_view pattern, const TitleVariables& variables);

// The name with which the process was started.
std::string started_as();

// False: the system does not tell where the words are.
bool set_process_title(std::string_view title);

}  // namespace process

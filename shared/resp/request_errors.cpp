// SPDX-License-Identifier: MIT
#include "shared/resp/request_errors.h"

#include <fmt/format.h>

#include "shared/util/text.h"

namespace resp {

constexpr size_t kQuoted = 128;  // characters of a name, and of all arguments together, that are quoted back

std::string unknown_command(Args args) {
  std::string text = fmt::format("ERR unknown command '{}', with args beginning with: ", args[0].substr(0, kQuoted));
  size_t room = kQuoted;
  for (const std::string_view argument : args.subspan(1)) {
    if (room == 0) break;
    const std::string_view shown = argument.substr(0, room);
    text += fmt::format("'{}' ", shown);
    room -= std::min(room, shown.size() + 3);
  }
  return text;
}

std::string unknown_subcommand(std::string_view command, std::string_view subcommand) {
  return fmt::format("ERR unknown subcommand '{}'. Try {} HELP.", subcommand.substr(0, kQuoted), util::upper(command));
}

std::string wrong_arity(std::string_view full_name) {
  return fmt::format("ERR wrong number of arguments for '{}' command", full_name);
}

}  // namespace resp

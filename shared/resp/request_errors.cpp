// SPDX-License-Identifier: MIT
#include "shared/resp/request_errors.h"

#include <fmt/format.h>

#include "shared/util/text.h"

namespace resp {

constexpr size_t kQuoted =
    128;  // characters of a name, and of all arguments together, that are quoted back

// Redis formats with %s: a zero byte ends the text.
static std::string_view shown(std::string_view text, size_t room) {
  return text.substr(0, text.find('\0')).substr(0, room);
}

std::string unknown_command(Args args) {
  std::string text =
      fmt::format("ERR unknown command '{}', with args beginning with: ", shown(args[0], kQuoted));
  size_t room = kQuoted;
  for (const std::string_view argument : args.subspan(1)) {
    if (room == 0) break;
    const std::string_view quote = shown(argument, room);
    text += fmt::format("'{}' ", quote);
    room -= std::min(room, quote.size() + 3);
  }
  return text;
}

std::string unknown_subcommand(std::string_view command, std::string_view subcommand) {
  return fmt::format("ERR unknown subcommand '{}'. Try {} HELP.", shown(subcommand, kQuoted),
                     util::upper(command));
}

std::string wrong_arity(std::string_view full_name) {
  return fmt::format("ERR wrong number of arguments for '{}' command", full_name);
}

}  // namespace resp

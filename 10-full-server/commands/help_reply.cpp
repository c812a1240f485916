// SPDX-License-Identifier: MIT
#include "10-full-server/commands/help_reply.h"

#include "shared/util/text.h"

namespace full_server {

void reply_help(command::Context& c, std::span<const std::string_view> lines) {
  resp::ReplyWriter& reply = c.reply();
  reply.array(lines.size() + 3);
  reply.simple(
      util::upper(c.arg(0)).append(" <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
  for (const std::string_view line : lines) reply.simple(line);
  reply.simple("HELP");
  reply.simple("    Print this help.");
}

}  // namespace full_server

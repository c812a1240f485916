// SPDX-License-Identifier: MIT
//
// A scenario that counts what can't be seen from outside asks a command that only some servers
// have. Real Redis, later stages and programs in other languages are skipped there, with the
// reason; an answer of any other kind is left to the lines that follow.
#include "shared/testing/probes/probe.h"

namespace probes {

void needs(const ProbeCall& call) {
  if (call.arguments.empty()) transcript::fail("write  probe needs COMMAND args…");
  std::string name;
  std::string request = "*" + std::to_string(call.arguments.size()) + "\r\n";
  for (const std::string& argument : call.arguments) {
    request += "$" + std::to_string(argument.size()) + "\r\n" + argument + "\r\n";
    name += (name.empty() ? "" : " ") + argument;
  }
  const auto connection = connect(call);
  const Deadline deadline = transcript::Clock::now() + transcript::milliseconds(1000);
  resp::Reply reply;
  connection->send(request, deadline);
  if (connection->read_reply(reply, deadline) != transcript::Arrival::Ready || !reply.is_error())
    return;
  for (const std::string_view refusal : {"unknown command", "unknown subcommand", "not allowed"}) {
    if (reply.text.find(refusal) != std::string::npos) {
      throw transcript::SkipError("the server has no " + name);
    }
  }
}

}  // namespace probes

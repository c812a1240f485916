// SPDX-License-Identifier: MIT
//
// Texts for requests that no command takes, as Redis 7.2.6 answers them.
#include "shared/resp/request_errors.h"

#include <string>
#include <vector>

#include "shared/testing/catch.h"

namespace {

std::string unknown(const std::vector<std::string_view>& arguments) {
  return resp::unknown_command(arguments);
}

}  // namespace

TEST_CASE("request errors: unknown commands are quoted, 128 characters of them") {
  const std::string start = "ERR unknown command 'frob', with args beginning with: ";
  CHECK(unknown({"frob"}) == start);
  CHECK(unknown({"frob", "a", "b"}) == start + "'a' 'b' ");
  CHECK(unknown({"frob", std::string_view("a\0b", 3), ""}) == start + "'a' '' ");
  const std::string a(60, 'a'), b(70, 'b');
  CHECK(unknown({"frob", a, b, "c"}) == start + "'" + a + "' '" + b.substr(0, 65) + "' ");
  const std::string a124(124, 'a'), a125(125, 'a');
  CHECK(unknown({"frob", a124, "bbb"}) == start + "'" + a124 + "' 'b' ");
  CHECK(unknown({"frob", a125, "bbb"}) == start + "'" + a125 + "' ");
  CHECK(unknown({std::string(140, 'f')}) ==
        "ERR unknown command '" + std::string(128, 'f') + "', with args beginning with: ");
}

TEST_CASE("request errors: subcommands and arity") {
  CHECK(resp::unknown_subcommand("client", "frob") ==
        "ERR unknown subcommand 'frob'. Try CLIENT HELP.");
  CHECK(resp::wrong_arity("config|get") ==
        "ERR wrong number of arguments for 'config|get' command");
}

// SPDX-License-Identifier: MIT
//
// Lines, scenarios, words: what they become, and what a mistake is told.
#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/script.h"

using transcript::Environment;
using transcript::LineCursor;
using transcript::Op;

namespace {

std::string mistake(const std::string& text) {
  try {
    transcript::parse_script("x.chk", text);
  } catch (const transcript::SyntaxError& error) {
    return std::to_string(error.line()) + ": " + error.what();
  }
  return "none";
}

std::string expand(const std::string& text) {
  Environment environment(
      1, [](const std::string& name, const std::string& argument) -> std::optional<std::string> {
        if (name == "port") return "6379" + argument;
        return std::nullopt;
      });
  environment.set("x", "0123456789");
  environment.set("n", "4");
  LineCursor cursor(text, 1);
  return environment.expand(cursor.take_word());
}

}  // namespace

TEST_CASE("transcript: one line becomes a statement for each part") {
  const auto statements =
      transcript::parse_line("> SET a 1 a> GET a  a< +OK < \"1\" nil   # why", 7);
  REQUIRE(statements.size() == 4);
  CHECK(statements[0].op == Op::Send);
  CHECK(statements[0].words.size() == 3);
  CHECK(statements[1].target == "a");
  CHECK(statements[2].op == Op::Expect);
  CHECK(statements[3].target == "a");
  CHECK(statements[3].patterns.size() == 2);
  CHECK(statements[3].line == 7);
}

TEST_CASE("transcript: a header gives id, title, points and rule") {
  const auto scenarios =
      transcript::parse_script("x.chk",
                               "# a comment\n@since 7.2\n# 05.4  a torn tail, cut    pts: 3  rule: "
                               "2\n> PING\n# 05.e1 exercise\n@differs we do\n> PING\n");
  REQUIRE(scenarios.size() == 2);
  CHECK(scenarios[0].id == "05.4");
  CHECK(scenarios[0].title == "a torn tail, cut");
  CHECK(scenarios[0].points == 3);
  CHECK(scenarios[0].rule == 2);
  CHECK(scenarios[0].marks.since == "7.2");
  CHECK(scenarios[1].id == "05.e1");
  CHECK(scenarios[1].marks.differs == "we do");
}

TEST_CASE("transcript: words") {
  CHECK(expand("plain") == "plain");
  CHECK(expand("key:\"a b\"$n") == "key:a b4");
  CHECK(expand("\"\\x41\\r\\n\\0\\\\\\\"\"") == std::string("A\r\n\0\\\"", 6));
  CHECK(expand("'a\\n$x'") == "a\\n$x");
  CHECK(expand("\"$5\\r\\nhello\"") == "$5\r\nhello");
  CHECK(expand("${n}th") == "4th");
  CHECK(expand("$x[..3]") == "012");
  CHECK(expand("$x[$n..]") == "456789");
  CHECK(expand("$x[2..-2]") == "234567");
  CHECK(expand("$repeat(ab,3)") == "ababab");
  CHECK(expand("$bytes(1K)").size() == 1024);
  CHECK(expand("$text(5)") == expand("$text(5)"));
  CHECK(expand("$port(9)") == "63799");
}

TEST_CASE("transcript: a mistake is told with its line") {
  CHECK(mistake("# 01.1 t\n> PING\nfrobnicate\n").starts_with("3: unknown word 'frobnicate'"));
  CHECK(mistake("> PING < PONG\n").starts_with("1: no reply begins like 'PONG'"));
  CHECK(mistake("> ECHO \"abc\n") == "1: the quote \" is never closed");
  CHECK(mistake("> ECHO \"\\q\"\n").starts_with("1: unknown escape \\q"));
  CHECK(mistake("> PING < [\"a\"\n") == "1: the reply lacks its closing ]");
  CHECK(mistake("> PING < /(/\n").starts_with("1: /(/ is not a regular expression"));
  CHECK(mistake("for n in 1..2\n> PING\n") == "1: this block is never closed with end");
  CHECK(mistake("> PING\nend\n") == "2: end without for or eventually");
  CHECK(mistake("# 01.1 t\n# 01.2 u\n> PING\n") == "1: the scenario has no lines");
  CHECK(mistake("> PING @differs\n") == "1: @differs needs a reason");
  CHECK(mistake("split\n") == "1: split takes 1 to 2 arguments, here are 0");
  CHECK(mistake("file a explode\n").starts_with("1: file PATH explode"));
}

// SPDX-License-Identifier: MIT
//
// The matcher: what fits, what doesn't, where the caret goes.
#include "shared/testing/transcript/pattern.h"

#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/transcript/text.h"

using resp::Reply;
using transcript::Environment;
using transcript::LineCursor;

namespace {

Environment make_environment() {
  return Environment(1, [](const std::string&, const std::string&) -> std::optional<std::string> {
    return std::nullopt;
  });
}

Reply reply_of(const std::string& bytes) {
  resp::ReplyReader reader;
  reader.feed(bytes);
  Reply reply;
  INFO(bytes);
  REQUIRE(reader.next(reply) == resp::ReadStatus::Ready);
  return reply;
}

// "" when it fits, else "column: reason".
std::string judge(const std::string& pattern, const std::string& bytes) {
  Environment environment = make_environment();
  LineCursor cursor(pattern, 1);
  const auto mismatch =
      transcript::match(transcript::parse_pattern(cursor, true), reply_of(bytes), environment);
  return mismatch ? std::to_string(mismatch->caret) + ": " + mismatch->reason : "";
}

}  // namespace

TEST_CASE("pattern: exact replies") {
  CHECK(judge("+OK", "+OK\r\n").empty());
  CHECK(judge("+\"two words\"", "+two words\r\n").empty());
  CHECK(judge("-ERR it is  so", "-ERR it is  so\r\n").empty());
  CHECK(judge("-ERR it", "-ERR it is\r\n") == "7: byte 6 of the payload differs");
  CHECK(judge(":5", ":5\r\n").empty());
  CHECK(judge(":5", "$1\r\n5\r\n") == "0: expected an integer (:), received a bulk string ($)");
  CHECK(judge("\"a\\r\\n\"", "$3\r\na\r\n\r\n").empty());
  CHECK(judge("nil", "$-1\r\n").empty());
  CHECK(judge("nil", "_\r\n").empty());
  CHECK_FALSE(judge("*-1", "$-1\r\n").empty());
  CHECK(judge("#t", "#t\r\n").empty());
  CHECK(judge(",1.5", ",1.5\r\n").empty());
  CHECK(judge("(12345678901234567890", "(12345678901234567890\r\n").empty());
  CHECK(judge("=txt:hi", "=6\r\ntxt:hi\r\n").empty());
}

TEST_CASE("pattern: ranges, expressions, wildcards") {
  CHECK(judge(":1..5", ":5\r\n").empty());
  CHECK(judge(":1..5", ":6\r\n") == "0: 6 lies outside :1..5");
  CHECK(judge(":-3..", ":-3\r\n").empty());
  CHECK(judge(":..5", ":9\r\n") == "0: 9 lies outside :..5");
  CHECK(judge(",1..2", ",1.5\r\n").empty());
  CHECK(judge("num:3..4", "$3\r\n3.5\r\n").empty());
  CHECK(judge("/^a\\/b$/", "$3\r\na/b\r\n").empty());
  CHECK(judge("-/^WRONG/", "-ERR\r\n") == "0: the text does not match /^WRONG/");
  CHECK(judge("*", "*1\r\n:1\r\n").empty());
}

TEST_CASE("pattern: aggregates") {
  CHECK(judge("[\"a\" [:1 nil] *]", "*3\r\n$1\r\na\r\n*2\r\n:1\r\n$-1\r\n+x\r\n").empty());
  CHECK(judge("[:1 :2]", "*2\r\n:1\r\n:3\r\n") == "4: byte 0 of the payload differs");
  CHECK(judge("[:1]", "*2\r\n:1\r\n:3\r\n") == "4: expected 1 elements, received 2");
  CHECK(judge("[:1 ...]", "*2\r\n:1\r\n:3\r\n").empty());
  CHECK(judge("{:2 * :1}", "*3\r\n:1\r\n:2\r\n:3\r\n").empty());
  CHECK(judge("{:2 :2}", "*2\r\n:1\r\n:2\r\n") == "0: no element is left that matches :2");
  CHECK(judge("%{\"b\" :2 \"a\" :1}", "%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n:2\r\n").empty());
  CHECK(judge("~[:2 :1]", "~2\r\n:1\r\n:2\r\n").empty());
  CHECK(judge(">[\"m\"]", ">1\r\n$1\r\nm\r\n").empty());
  CHECK_FALSE(judge("[\"m\"]", ">1\r\n$1\r\nm\r\n").empty());
}

TEST_CASE("pattern: captures are set by a whole match only") {
  Environment environment = make_environment();
  LineCursor cursor("[?first :2]", 1);
  const auto pattern = transcript::parse_pattern(cursor, true);
  CHECK(transcript::match(pattern, reply_of("*2\r\n$1\r\na\r\n:3\r\n"), environment));
  CHECK_FALSE(transcript::match(pattern, reply_of("*2\r\n$1\r\nb\r\n:2\r\n"), environment));
  LineCursor word("$first", 1);
  CHECK(environment.expand(word.take_word()) == "b");
}

TEST_CASE("text: a comparison shows the part around the first difference") {
  const auto near = transcript::compare_bytes("+PONG\r\n", "+PING\r\n");
  CHECK(near.received == "+PING\\r\\n");
  CHECK(near.caret == 2);
  const std::string same(1000, 'a');
  const auto far = transcript::compare_bytes(same + "x", same + "\r\n");
  CHECK(far.caret == 61);
  CHECK(far.byte == 1000);
  CHECK(far.received.starts_with("…aaa"));
  const auto utf8 = transcript::compare_bytes("äx", "äy");
  CHECK(utf8.caret == 1);
  const auto shorter = transcript::compare_bytes("abc", "ab");
  CHECK(shorter.caret == 2);
}

TEST_CASE("text: what is binary keeps its bytes, UTF-8 or not") {
  CHECK(transcript::escaped("é\n") == "é\\n");
  CHECK(transcript::escaped(std::string_view("\xc3\xa9\x00\x0b", 4)) == "\\xc3\\xa9\\x00\\x0b");
  CHECK(transcript::escaped("\xc3\xa9\xff") == "\\xc3\\xa9\\xff");
  const auto both = transcript::compare_bytes("\xc3\xa9x", "\xc3\xa9\x01");
  CHECK(both.expected == "\\xc3\\xa9x");
  CHECK(both.received == "\\xc3\\xa9\\x01");
  CHECK(both.caret == 8);
}

TEST_CASE("text: escaping goes both ways") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  std::string back;
  CHECK(transcript::unescape(transcript::escaped(all), back));
  CHECK(back == all);
}

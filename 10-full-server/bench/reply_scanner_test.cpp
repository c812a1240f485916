// SPDX-License-Identifier: MIT
// Every stream is scanned whole, cut at every single byte, and byte by byte: the counts must agree.
#include "10-full-server/bench/reply_scanner.h"

#include <string>
#include <string_view>

#include "shared/testing/catch.h"

using bench::ReplyScanner;

namespace {

struct Counts {
  std::size_t replies;
  std::uint64_t errors;
  std::uint64_t nils;
};

void check_counts(const ReplyScanner& scanner, std::size_t replies, const Counts& expected) {
  CHECK(replies == expected.replies);
  CHECK(scanner.errors() == expected.errors);
  CHECK(scanner.nils() == expected.nils);
}

void check_every_split(std::string_view stream, const Counts& expected) {
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    ReplyScanner scanner;
    const auto first = scanner.feed(stream.substr(0, cut));
    const auto second = scanner.feed(stream.substr(cut));
    INFO("cut at " << cut);
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    check_counts(scanner, *first + *second, expected);
  }
  ReplyScanner scanner;
  std::size_t replies = 0;
  for (const char c : stream) {
    const auto n = scanner.feed({&c, 1});
    REQUIRE(n.has_value());
    replies += *n;
  }
  check_counts(scanner, replies, expected);
}

}  // namespace

TEST_CASE("RESP2 replies are counted at every split") {
  check_every_split("+OK\r\n:42\r\n$5\r\nhe\r\no\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n", {7, 0, 2});
  check_every_split(
      "-ERR no\r\n*3\r\n$1\r\na\r\n$-1\r\n*2\r\n:1\r\n*1\r\n+x\r\n-WRONGTYPE w\r\n+PONG\r\n",
      {4, 2, 1});
}

TEST_CASE("RESP3 replies are counted at every split") {
  check_every_split("_\r\n#t\r\n,3.5\r\n(12345678901234567890\r\n=7\r\ntxt:abc\r\n", {5, 0, 1});
  check_every_split("%2\r\n+a\r\n:1\r\n+b\r\n~2\r\n+x\r\n_\r\n!3\r\nbad\r\n", {2, 1, 1});
  check_every_split("|1\r\n+ttl\r\n:3600\r\n*1\r\n+x\r\n+after\r\n", {2, 0, 0});
}

TEST_CASE("a pushed message is no reply") {
  check_every_split(">2\r\n$10\r\ninvalidate\r\n*1\r\n+k\r\n+OK\r\n>1\r\n+x\r\n:1\r\n", {2, 0, 0});
}

TEST_CASE("binary bodies are skipped, whatever they hold") {
  std::string body;
  for (int byte = 0; byte < 256; ++byte) body.push_back(static_cast<char>(byte));
  check_every_split("$256\r\n" + body + "\r\n+OK\r\n", {2, 0, 0});
}

TEST_CASE("lines longer than what is kept are scanned to their end") {
  const std::string error = "-ERR " + std::string(600, 'e') + "\r\n";
  check_every_split(error + "+" + std::string(300, 's') + "\r\n", {2, 1, 0});
}

TEST_CASE("the first error is kept, without its sign") {
  ReplyScanner scanner;
  REQUIRE(scanner.feed("+OK\r\n-ERR unknown comm") == std::size_t{1});
  REQUIRE(scanner.feed("and\r\n-ERR another\r\n") == std::size_t{2});
  CHECK(scanner.first_error() == "ERR unknown command");
  CHECK(scanner.errors() == 2);
}

TEST_CASE("what is not RESP is refused") {
  for (const std::string_view stream :
       {"HTTP/1.1 400 Bad Request\r\n", "+OK\n", "\n", "\r\n", "$abc\r\n", "$-2\r\n", "*-7\r\n",
        "$\r\n", "%-1\r\n", "*99999999999999999999\r\n", ":1\r\nPONG\r\n"}) {
    INFO(stream);
    ReplyScanner scanner;
    CHECK_FALSE(scanner.feed(stream).has_value());
  }
}

TEST_CASE("raw replies are bytes by the dozen") {
  ReplyScanner scanner(12);
  CHECK(scanner.feed("01234567890") == std::size_t{0});
  CHECK(scanner.feed("1") == std::size_t{1});
  CHECK(scanner.feed(std::string(30, '\n')) == std::size_t{2});
  CHECK(scanner.feed(std::string(6, '$')) == std::size_t{1});
}

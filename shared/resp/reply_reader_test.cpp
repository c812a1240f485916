// SPDX-License-Identifier: MIT
//
// The reply reader: every type, every split point, every single-byte corruption, every limit.
#include "shared/resp/reply_reader.h"

#include <cmath>
#include <string>
#include <vector>

#include "shared/testing/catch.h"

using resp::ReadStatus;
using resp::Reply;
using resp::ReplyReader;
using resp::ReplyType;

namespace {

std::string show(const Reply& reply) {
  std::string out = std::to_string(static_cast<int>(reply.type)) + ":" + reply.format + reply.text;
  for (const Reply& attribute : reply.attributes) out += "|" + show(attribute);
  out += "[";
  for (const Reply& element : reply.elements) out += show(element) + " ";
  return out + "]";
}

std::vector<std::string> read_all(const std::vector<std::string>& pieces) {
  ReplyReader reader;
  std::vector<std::string> shown;
  Reply reply;
  for (const std::string& piece : pieces) {
    reader.feed(piece);
    while (reader.next(reply) == ReadStatus::Ready) shown.push_back(show(reply));
  }
  if (!reader.error().empty()) shown.push_back("error " + reader.error());
  return shown;
}

Reply read_one(const std::string& bytes) {
  ReplyReader reader;
  reader.feed(bytes);
  Reply reply;
  INFO(bytes);
  REQUIRE(reader.next(reply) == ReadStatus::Ready);
  REQUIRE(reader.bytes_consumed() == bytes.size());
  return reply;
}

std::string error_of(const std::string& bytes, resp::ReplyLimits limits = {}) {
  ReplyReader reader(limits);
  reader.feed(bytes);
  Reply reply;
  while (reader.next(reply) == ReadStatus::Ready) {
  }
  return reader.error();
}

const std::string kEveryType =
    "+OK\r\n-ERR "
    "no\r\n:-42\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n*2\r\n:1\r\n*1\r\n$1\r\nx\r\n*0\r\n*-1\r\n_"
    "\r\n"
    ",1.5\r\n,-inf\r\n#t\r\n#f\r\n(123456789012345678901234567890\r\n!7\r\nERR "
    "bad\r\n=8\r\ntxt:text\r\n"
    "%1\r\n+k\r\n:1\r\n~2\r\n:1\r\n:2\r\n|1\r\n+ttl\r\n:9\r\n$1\r\nv\r\n>2\r\n+message\r\n+hi\r\n";

}  // namespace

TEST_CASE("reply reader: each type gives its value") {
  CHECK(read_one("+OK\r\n").text == "OK");
  CHECK(read_one(":-42\r\n").integer == -42);
  CHECK(read_one("$-1\r\n").is_null());
  CHECK(read_one("*-1\r\n").type == ReplyType::NullArray);
  CHECK(read_one("_\r\n").type == ReplyType::Null);
  CHECK(read_one(",1.5\r\n").number == 1.5);
  CHECK(std::isinf(read_one(",inf\r\n").number));
  CHECK(std::isnan(read_one(",nan\r\n").number));
  CHECK(read_one("#t\r\n").integer == 1);
  CHECK(read_one("!7\r\nERR bad\r\n").is_error());
  CHECK(read_one("=8\r\ntxt:text\r\n").format == "txt");
  CHECK(read_one("$5\r\na\r\nbc\r\n").text == "a\r\nbc");
  CHECK(read_one("%1\r\n+k\r\n:1\r\n").elements.size() == 2);
  const Reply described = read_one("|1\r\n+ttl\r\n:9\r\n*1\r\n:1\r\n");
  CHECK(described.attributes.size() == 2);
  CHECK(described.elements.size() == 1);
}

TEST_CASE("reply reader: every split point gives the same replies") {
  const std::vector<std::string> whole = read_all({kEveryType});
  REQUIRE(whole.size() == 21);
  for (std::size_t cut = 0; cut <= kEveryType.size(); ++cut) {
    CHECK(read_all({kEveryType.substr(0, cut), kEveryType.substr(cut)}) == whole);
  }
  std::vector<std::string> bytes;
  for (const char c : kEveryType) bytes.emplace_back(1, c);
  CHECK(read_all(bytes) == whole);
}

TEST_CASE("reply reader: any byte may be wrong, none crashes it") {
  for (std::size_t at = 0; at < kEveryType.size(); ++at) {
    for (const char byte : std::string("\0\r\n9-*$\xff", 8)) {
      std::string damaged = kEveryType;
      damaged[at] = byte;
      CHECK(read_all({damaged}) == read_all({damaged.substr(0, at), damaged.substr(at)}));
    }
  }
}

TEST_CASE("reply reader: errors say what they saw") {
  CHECK(error_of("hello\r\n") == "a reply can't begin with 'h'");
  CHECK(error_of(":12a\r\n") == "not an integer: '12a'");
  CHECK(error_of("$-2\r\n") == "a negative bulk length: '-2'");
  CHECK(error_of("$1\r\nabc") == "a bulk must end with CRLF, but here is 'bc'");
  CHECK(error_of("*x\r\n") == "not an element count: 'x'");
  CHECK(error_of("#y\r\n") == "a boolean is t or f, not 'y'");
  CHECK(error_of("$99999999999\r\n") == "the bulk is too long: '99999999999'");
}

TEST_CASE("reply reader: limits hold") {
  std::string nested;
  for (int i = 0; i < 20; ++i) nested += "*1\r\n";
  CHECK(error_of(nested, {.depth = 10}) == "the reply is nested too deeply");
  CHECK(error_of("+" + std::string(100, 'a'), {.line_bytes = 50}) == "the line is too long");
  CHECK(error_of("*3\r\n:1\r\n:2\r\n:3\r\n", {.elements = 3}) == "the reply has too many elements");
}

TEST_CASE("reply reader: a promise reserves nothing") {
  ReplyReader reader;
  reader.feed("*60000000\r\n$536870912\r\nab");
  Reply reply;
  CHECK(reader.next(reply) == ReadStatus::NeedMore);
  CHECK(reader.unread().size() == 25);
}

TEST_CASE("reply reader: raw bytes between replies can be skipped") {
  ReplyReader reader;
  reader.feed("+OK\r\nrubbish+PONG\r\n");
  Reply reply;
  REQUIRE(reader.next(reply) == ReadStatus::Ready);
  CHECK(reader.next(reply) == ReadStatus::Error);
  reader.skip(7);
  REQUIRE(reader.next(reply) == ReadStatus::Ready);
  CHECK(reply.text == "PONG");
}

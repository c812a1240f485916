// SPDX-License-Identifier: MIT
//
// Replies, byte for byte, in RESP2 and RESP3.
#include "shared/resp/reply_writer.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "shared/resp/reply_reader.h"
#include "shared/testing/catch.h"
#include "shared/util/function_ref.h"

using resp::OutputBuffer;
using resp::ReplyWriter;

namespace {

std::string content(const OutputBuffer& buffer) {
  std::array<std::string_view, 2000> pieces;
  const size_t count = buffer.pieces(pieces);
  std::string text;
  for (size_t i = 0; i < count; ++i) text += pieces.at(i);
  return text;
}

using Write = util::FunctionRef<void(ReplyWriter&)>;

std::string written(int protocol, Write write) {
  OutputBuffer buffer;
  ReplyWriter reply(buffer);
  reply.set_protocol(protocol);
  write(reply);
  CHECK(buffer.size() == content(buffer).size());
  return content(buffer);
}

void check(Write write, std::string_view resp2, std::string_view resp3) {
  CHECK(written(2, write) == resp2);
  CHECK(written(3, write) == resp3);
}

void check_both(Write write, std::string_view expected) { check(write, expected, expected); }

}  // namespace

TEST_CASE("replies: the same in both protocols") {
  check_both([](ReplyWriter& r) { r.ok(); }, "+OK\r\n");
  check_both([](ReplyWriter& r) { r.simple("PONG"); }, "+PONG\r\n");
  check_both([](ReplyWriter& r) { r.integer(0); }, ":0\r\n");
  check_both([](ReplyWriter& r) { r.integer(9); }, ":9\r\n");
  check_both([](ReplyWriter& r) { r.integer(10); }, ":10\r\n");
  check_both([](ReplyWriter& r) { r.integer(-1); }, ":-1\r\n");
  check_both([](ReplyWriter& r) { r.integer(std::numeric_limits<int64_t>::min()); },
             ":-9223372036854775808\r\n");
  check_both([](ReplyWriter& r) { r.integer(std::numeric_limits<int64_t>::max()); },
             ":9223372036854775807\r\n");
  check_both([](ReplyWriter& r) { r.bulk("hello"); }, "$5\r\nhello\r\n");
  check_both([](ReplyWriter& r) { r.bulk(""); }, "$0\r\n\r\n");
  check_both([](ReplyWriter& r) { r.bulk(std::string_view{}); }, "$0\r\n\r\n");
  check_both([](ReplyWriter& r) { r.bulk(util::Blob{}); }, "$0\r\n\r\n");
  check_both([](ReplyWriter& r) { r.bulk_integer(-12); }, "$3\r\n-12\r\n");
  check_both([](ReplyWriter& r) { r.array(3); }, "*3\r\n");
  check_both([](ReplyWriter& r) { r.array(0); }, "*0\r\n");
}

TEST_CASE("replies: RESP2 knows fewer types") {
  check([](ReplyWriter& r) { r.null(); }, "$-1\r\n", "_\r\n");
  check([](ReplyWriter& r) { r.null_array(); }, "*-1\r\n", "_\r\n");
  check([](ReplyWriter& r) { r.boolean(true); }, ":1\r\n", "#t\r\n");
  check([](ReplyWriter& r) { r.boolean(false); }, ":0\r\n", "#f\r\n");
  check([](ReplyWriter& r) { r.number(1.5); }, "$3\r\n1.5\r\n", ",1.5\r\n");
  check([](ReplyWriter& r) { r.number(-HUGE_VAL); }, "$4\r\n-inf\r\n", ",-inf\r\n");
  check([](ReplyWriter& r) { r.number(12345.678912345); }, "$18\r\n1.2345678912345e+4\r\n",
        ",1.2345678912345e+4\r\n");
  check([](ReplyWriter& r) { r.big_number("12345678901234567890"); },
        "$20\r\n12345678901234567890\r\n", "(12345678901234567890\r\n");
  check([](ReplyWriter& r) { r.verbatim("txt", "Some\r\ntext"); }, "$10\r\nSome\r\ntext\r\n",
        "=14\r\ntxt:Some\r\ntext\r\n");
  check([](ReplyWriter& r) { r.map(2); }, "*4\r\n", "%2\r\n");
  check([](ReplyWriter& r) { r.set(2); }, "*2\r\n", "~2\r\n");
  check([](ReplyWriter& r) { r.push(3); }, "*3\r\n", ">3\r\n");
}

TEST_CASE("replies: bulks of every size around the borders, and every byte") {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  check_both([&](ReplyWriter& r) { r.bulk(bytes); }, "$256\r\n" + bytes + "\r\n");
  for (const size_t border :
       {OutputBuffer::kMaxReserve, OutputBuffer::kChunkSize, size_t{100'000}}) {
    for (size_t size = border - 40; size < border + 40; ++size) {
      const std::string text(size, 'x');
      const std::string expected = "$" + std::to_string(size) + "\r\n" + text + "\r\n";
      const util::Blob blob{std::string_view(text)};
      if (written(2, [&](ReplyWriter& r) { r.bulk(text); }) != expected) FAIL(size);
      if (written(2, [&](ReplyWriter& r) { r.bulk(blob); }) != expected) FAIL("blob " << size);
    }
  }
}

TEST_CASE("replies: an error is one line") {
  check_both([](ReplyWriter& r) { r.error(util::errors::kSyntax); }, "-ERR syntax error\r\n");
  check_both([](ReplyWriter& r) { r.error("ERR two\r\nlines\r\n"); }, "-ERR two  lines\r\n");
  check_both([](ReplyWriter& r) { r.error("ERR a\nb\rc"); }, "-ERR a b c\r\n");
  check_both([](ReplyWriter& r) { r.error("\n"); }, "-\r\n");
  check_both([](ReplyWriter& r) { r.error("ERR " + std::string(20'000, 'x')); },
             "-ERR " + std::string(20'000, 'x') + "\r\n");
  OutputBuffer buffer;
  ReplyWriter reply(buffer);
  reply.ok();
  CHECK(reply.errors() == 0);
  reply.error("ERR one");
  reply.error(util::errors::kWrongType);
  CHECK(reply.errors() == 2);
}

TEST_CASE("replies: a count that becomes known at the end") {
  check(
      [](ReplyWriter& r) {
        auto array = r.open_array();
        auto map = r.open_map();
        r.bulk("key");
        auto set = r.open_set();
        r.integer(1);
        r.integer(2);
        set.close(2);
        map.close(1);
        auto none = r.open_array();
        none.close(0);
        array.close(2);
        r.ok();
      },
      "*2\r\n*2\r\n$3\r\nkey\r\n*2\r\n:1\r\n:2\r\n*0\r\n+OK\r\n",
      "*2\r\n%1\r\n$3\r\nkey\r\n~2\r\n:1\r\n:2\r\n*0\r\n+OK\r\n");
}

TEST_CASE("replies: a long deferred array, deep inside others") {
  const std::string text = written(3, [](ReplyWriter& r) {
    r.simple("before");
    auto outer = r.open_array();
    for (int i = 0; i < 10; ++i) {
      auto inner = r.open_array();
      for (int j = 0; j < 1000; ++j) r.bulk(std::to_string(j));
      inner.close(1000);
    }
    outer.close(10);
  });
  resp::ReplyReader reader;
  reader.feed(text);
  resp::Reply reply;
  REQUIRE(reader.next(reply) == resp::ReadStatus::Ready);
  REQUIRE(reader.next(reply) == resp::ReadStatus::Ready);
  REQUIRE(reply.elements.size() == 10);
  CHECK(reply.elements[9].elements.size() == 1000);
  CHECK(reply.elements[9].elements[999].text == "999");
  CHECK(reader.unread().empty());
}

TEST_CASE("replies: can be redirected and change protocol on the way") {
  OutputBuffer first, second;
  ReplyWriter reply(first);
  CHECK(reply.protocol() == 2);
  reply.null();
  reply.redirect(second);
  reply.set_protocol(3);
  reply.null();
  CHECK(&reply.output() == &second);
  CHECK(content(first) == "$-1\r\n");
  CHECK(content(second) == "_\r\n");
}

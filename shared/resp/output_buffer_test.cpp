// SPDX-License-Identifier: MIT
//
// The output buffer: what goes in comes out, in order, whatever the pieces; idle buffers hold no
// memory.
#include "shared/resp/output_buffer.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

using resp::OutputBuffer;

namespace {

std::string content(const OutputBuffer& buffer) {
  std::array<std::string_view, 1000> pieces;
  const size_t count = buffer.pieces(pieces);
  std::string text;
  for (size_t i = 0; i < count; ++i) text += pieces.at(i);
  return text;
}

// Sends everything, at most `most` bytes at once, as a slow socket would.
std::string send_all(OutputBuffer& buffer, size_t most) {
  std::string sent;
  std::array<std::string_view, 3> pieces;
  while (!buffer.empty()) {
    const size_t count = buffer.pieces(pieces);
    size_t room = most, taken = 0;
    for (size_t i = 0; i < count && room > 0; ++i) {
      const std::string_view part = pieces.at(i).substr(0, room);
      sent += part;
      room -= part.size();
      taken += part.size();
    }
    buffer.consume(taken);
  }
  return sent;
}

std::string text_of(size_t length, size_t seed) {
  std::string text(length, ' ');
  for (size_t i = 0; i < length; ++i) text[i] = static_cast<char>('a' + (seed + i) % 26);
  return text;
}

}  // namespace

TEST_CASE("output: empty") {
  OutputBuffer buffer;
  CHECK(buffer.empty());
  CHECK(buffer.memory_size() == 0);
  CHECK(content(buffer).empty());
  buffer.append({});
  buffer.append_shared({});
  CHECK(buffer.size() == 0);
  buffer.consume(0);
  buffer.clear();
}

TEST_CASE("output: appended texts come out in order, sent in parts of any size") {
  for (const size_t most : {size_t{1}, size_t{7}, size_t{1000}, size_t{100'000}}) {
    OutputBuffer buffer;
    std::string expected;
    for (size_t i = 0; i < 60; ++i) {
      const std::string text = text_of(i * i * 11 % 3000, i);
      buffer.append(text);
      expected += text;
    }
    buffer.append(text_of(50'000, 3));
    expected += text_of(50'000, 3);
    CHECK(buffer.size() == expected.size());
    CHECK((content(buffer) == expected));
    CHECK((send_all(buffer, most) == expected));
    CHECK(buffer.memory_size() == 0);
  }
}

TEST_CASE("output: reserved room is in one piece") {
  OutputBuffer buffer;
  std::string expected;
  for (size_t i = 0; i < 100; ++i) {
    char* const to = buffer.reserve(OutputBuffer::kMaxReserve);
    const std::string text = text_of(i * 37 % OutputBuffer::kMaxReserve, i);
    text.copy(to, text.size());
    buffer.commit(text.size());
    expected += text;
  }
  CHECK((content(buffer) == expected));
}

TEST_CASE("output: a large blob is shared, a small one copied") {
  OutputBuffer buffer;
  const util::Blob large(std::string_view(text_of(OutputBuffer::kShareFrom, 1)));
  const util::Blob small(std::string_view(text_of(OutputBuffer::kShareFrom - 1, 2)));
  buffer.append("<");
  buffer.append_shared(large);
  buffer.append("|");
  buffer.append_shared(small);
  buffer.append(">");
  CHECK(large.shared());
  CHECK_FALSE(small.shared());
  std::array<std::string_view, 8> pieces;
  REQUIRE(buffer.pieces(pieces) >= 3);
  CHECK(pieces[1].data() == large.view().data());
  const std::string expected =
      "<" + std::string(large.view()) + "|" + std::string(small.view()) + ">";
  CHECK((send_all(buffer, 5000) == expected));
  CHECK_FALSE(large.shared());
}

TEST_CASE("output: holes are filled later, the last one first") {
  OutputBuffer buffer;
  buffer.append("a");
  const auto outer = buffer.open_hole();
  buffer.append("b");
  const auto inner = buffer.open_hole();
  const auto adjacent = buffer.open_hole();
  buffer.append("c");
  CHECK(buffer.size() == 3);
  buffer.fill(adjacent, "3");
  buffer.fill(inner, std::string(OutputBuffer::kHoleSize, '2'));
  buffer.fill(outer, "1");
  CHECK(buffer.size() == 5 + OutputBuffer::kHoleSize);
  CHECK(content(buffer) == "a1b" + std::string(OutputBuffer::kHoleSize, '2') + "3c");
  CHECK(send_all(buffer, 2) == "a1b" + std::string(OutputBuffer::kHoleSize, '2') + "3c");
}

TEST_CASE("output: many holes share a chunk, and stand at its end as well") {
  OutputBuffer buffer;
  std::string expected;
  for (size_t i = 0; i < 5000; ++i) {
    const auto hole = buffer.open_hole();
    const std::string text = text_of(i % 40, i);
    buffer.append(text);
    buffer.fill(hole, "*1\r\n");
    expected += "*1\r\n" + text;
  }
  CHECK((content(buffer) == expected));
  CHECK(buffer.memory_size() < 2 * expected.size());
}

TEST_CASE("output: everything of another buffer moves behind") {
  OutputBuffer first, second, third;
  first.append("one ");
  second.append("two ");
  second.append(text_of(20'000, 0));
  first.append_all(second);
  first.append_all(third);
  CHECK(second.empty());
  CHECK(second.memory_size() == 0);
  third.append_all(first);
  third.append(" three");
  second.append("again");
  CHECK((content(third) == "one two " + text_of(20'000, 0) + " three"));
  CHECK(third.size() == 8 + 20'000 + 6);
  CHECK(content(second) == "again");
  CHECK(first.empty());
}

TEST_CASE("output: any mixture of operations agrees with a string") {
  util::Random random(1);
  OutputBuffer buffer;
  std::string expected, sent;
  size_t appended = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::string text = text_of(random.below(random.below(20) == 0 ? 40'000 : 60), appended++);
    switch (random.below(4)) {
      case 0:
        buffer.append(text);
        expected += text;
        break;
      case 1:
        buffer.append_shared(util::Blob(std::string_view(text)));
        expected += text;
        break;
      case 2: {
        const auto hole = buffer.open_hole();
        buffer.append(text);
        buffer.fill(hole, "*7");
        expected += "*7" + text;
        break;
      }
      default: {
        std::array<std::string_view, 1> piece;
        if (buffer.pieces(piece) == 0) break;
        const size_t count = random.below(piece[0].size() + 1);
        sent += piece[0].substr(0, count);
        buffer.consume(count);
      }
    }
    if (sent.size() + buffer.size() != expected.size()) FAIL("size after step " << step);
  }
  sent += send_all(buffer, 9999);
  CHECK((sent == expected));
}

TEST_CASE("output: chunks go back to the thread's pool and are used again") {
  {
    OutputBuffer warm;
    for (int i = 0; i < 10; ++i) warm.append(text_of(OutputBuffer::kChunkSize, 1));
  }
  const uint64_t before = memory::used();
  uint64_t most = before;
  for (int round = 0; round < 50; ++round) {
    OutputBuffer buffer;
    buffer.append("+OK\r\n");
    buffer.reserve(100);
    most = std::max(most, memory::used());
    buffer.consume(5);
    if (buffer.memory_size() != 0) FAIL("an idle buffer holds a chunk");
  }
  CHECK(most == before);
}

TEST_CASE("output: the pool keeps no more than it needs") {
  const std::string text(30'000'000, 'x');
  const uint64_t before = memory::used();
  {
    OutputBuffer buffer;
    buffer.append(text);
  }
  const uint64_t after = memory::used();
  CHECK(after <= before + 64 * OutputBuffer::kChunkSize);
}

TEST_CASE("output: the first chunk apart from the chain behind it") {
  OutputBuffer out;
  CHECK(out.layout().first_size == 0);
  CHECK(out.layout().behind == 0);
  out.append("hello");
  out.consume(2);
  const OutputBuffer::Layout one = out.layout();
  CHECK(one.first_size == OutputBuffer::kChunkSize);
  CHECK(one.first_peak == 5);
  CHECK(one.first_bytes == 3);
  CHECK(one.behind == 0);
  const util::Blob value(std::string(100'000, 'x'));
  out.append_shared(value);
  out.append("behind");
  const OutputBuffer::Layout three = out.layout();
  CHECK(three.first_bytes == 3);
  CHECK(three.behind == 2);
  CHECK(three.behind_size > OutputBuffer::kChunkSize + 100'000);
  CHECK(three.behind_size < OutputBuffer::kChunkSize + 101'000);
}

// SPDX-License-Identifier: MIT
// Lengths and strings: every form at its borders, against bytes that redis-server 7 writes; and
// everything cut short.
#include <string>

#include "06-rdb/decoder.h"
#include "06-rdb/encoder.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace rdb {

namespace {

using namespace std::string_literals;

constexpr Encoder::Options kPlain{.compress = false, .checksum = true};
constexpr Encoder::Options kPacked{.compress = true, .checksum = true};

std::string encoded_length(uint64_t value) {
  Encoder out(nullptr, kPlain);
  out.length(value);
  return std::string(out.view());
}

std::string encoded(std::string_view text, Encoder::Options options = kPlain) {
  Encoder out(nullptr, options);
  out.string(text);
  return std::string(out.view());
}

std::string decoded(std::string_view bytes) {
  Decoder in(bytes);
  const std::string text(in.string());
  CHECK(in.failure() == "");
  CHECK(in.offset() == bytes.size());
  return text;
}

// Gives what it holds a few bytes at a time.
class Trickle final : public Source {
 public:
  Trickle(std::string_view bytes, size_t piece) : bytes_(bytes), piece_(piece) {}
  util::Result<size_t> read(std::span<char> into) override {
    const size_t count = bytes_.copy(into.data(), std::min(piece_, into.size()));
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  size_t piece_;
};

std::string random_text(util::Random& random, size_t size, unsigned letters) {
  std::string text(size, 0);
  for (char& c : text) c = static_cast<char>(random.next() % letters);
  return text;
}

}  // namespace

TEST_CASE("a length takes the shortest of four forms") {
  CHECK(encoded_length(0) == "\0"s);
  CHECK(encoded_length(63) == "\x3f");
  CHECK(encoded_length(64) == "\x40\x40");
  CHECK(encoded_length(16383) == "\x7f\xff");
  CHECK(encoded_length(16384) == "\x80\x00\x00\x40\x00"s);
  CHECK(encoded_length(0xFFFFFFFF) == "\x80\xff\xff\xff\xff");
  CHECK(encoded_length(0x100000000) == "\x81\x00\x00\x00\x01\x00\x00\x00\x00"s);
  CHECK(encoded_length(UINT64_MAX) == "\x81\xff\xff\xff\xff\xff\xff\xff\xff");
}

TEST_CASE("every length comes back, at each border of each form") {
  for (int bits = 0; bits < 64; ++bits) {
    for (const int64_t delta : {-1, 0, 1}) {
      const uint64_t value = (uint64_t{1} << bits) + static_cast<uint64_t>(delta);
      const std::string bytes = encoded_length(value);
      Decoder in(bytes);
      CHECK(in.length() == value);
      CHECK(in.ok());
      CHECK(in.offset() == bytes.size());
    }
  }
}

TEST_CASE("a length of no known form is refused, at its byte") {
  for (const int first : {0x82, 0xbf, 0xc0, 0xff}) {
    const std::string bytes = "\x05"s + static_cast<char>(first) + "12345678";
    Decoder in(bytes);
    CHECK(in.length() == 5);
    CHECK(in.length() == 0);
    CHECK_FALSE(in.ok());
    CHECK(in.failure().ends_with(" at byte 1"));
  }
}

TEST_CASE("a small number is stored as one, and only in its canonical text") {
  CHECK(encoded("0") == "\xc0\x00"s);
  CHECK(encoded("-1") == "\xc0\xff");
  CHECK(encoded("127") == "\xc0\x7f");
  CHECK(encoded("-128") == "\xc0\x80");
  CHECK(encoded("128") == "\xc1\x80\x00"s);
  CHECK(encoded("-129") == "\xc1\x7f\xff");
  CHECK(encoded("32767") == "\xc1\xff\x7f");
  CHECK(encoded("-32768") == "\xc1\x00\x80"s);
  CHECK(encoded("32768") == "\xc2\x00\x80\x00\x00"s);
  CHECK(encoded("2147483647") == "\xc2\xff\xff\xff\x7f");
  CHECK(encoded("-2147483648") == "\xc2\x00\x00\x00\x80"s);
  CHECK(encoded("2147483648") ==
        "\x0a"
        "2147483648");
  CHECK(encoded("-2147483649") ==
        "\x0b"
        "-2147483649");
  CHECK(encoded("9223372036854775807") ==
        "\x13"
        "9223372036854775807");
  for (const std::string_view text : {"", "-", "+1", "01", "-0", " 1", "1 ", "1.0", "0x1"}) {
    CHECK(encoded(text) == std::string(1, static_cast<char>(text.size())) + std::string(text));
  }
}

TEST_CASE("an integer entry is written like its text") {
  for (const int64_t value : {int64_t{0}, int64_t{-128}, int64_t{40000}, int64_t{-2147483648},
                              int64_t{2147483648}, INT64_MAX, INT64_MIN}) {
    Encoder out(nullptr, kPlain);
    out.integer_string(value);
    CHECK(out.view() == encoded(std::to_string(value)));
    CHECK(decoded(out.view()) == std::to_string(value));
  }
}

TEST_CASE("compressed as redis-server does it") {
  // Bytes of a dump that redis-server 7.0.15 wrote of SET k aaa… (100 of them).
  const std::string packed = "\xc3\x09\x40\x64\x01\x61\x61\xe0\x57\x00\x01\x61\x61"s;
  CHECK(decoded(packed) == std::string(100, 'a'));
  CHECK(encoded(std::string(100, 'a'), kPacked) == packed);
  // Too short to be worth it, and what does not get shorter.
  CHECK(encoded(std::string(20, 'a'), kPacked) == "\x14" + std::string(20, 'a'));
  CHECK(encoded(std::string(21, 'a'), kPacked).size() < 21);
  CHECK(encoded("abcdefghijklmnopqrstuvwxyz", kPacked) ==
        "\x1a"
        "abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("strings of every size and kind come back, whatever the pieces they arrive in") {
  util::Random random(6);
  for (const size_t size :
       {0, 1, 11, 12, 20, 21, 63, 64, 255, 16383, 16384, 262143, 262144, 300000, 1 << 20}) {
    for (const unsigned letters : {1U, 2U, 256U}) {
      const std::string text = random_text(random, size, letters);
      const std::string bytes = encoded(text, kPacked);
      CHECK(bytes.size() <= text.size() + 5);
      for (const size_t piece : {size_t{7}, size_t{4096}, bytes.size()}) {
        if (piece < 100 && size > 20000) continue;
        Trickle source(bytes, piece);
        Decoder in(source);
        const bool same = in.string() == text;
        CHECK(same);
        CHECK(in.ok());
        CHECK(in.offset() == bytes.size());
      }
    }
  }
}

TEST_CASE("a string cut anywhere is refused where the bytes end, and nothing is read beyond") {
  util::Random random(7);
  for (const std::string& bytes :
       {encoded("100"), encoded("100000"), encoded("hello"), encoded(random_text(random, 100, 256)),
        encoded(std::string(5000, 'x'), kPacked), encoded_length(UINT64_MAX)}) {
    for (size_t cut = 0; cut < bytes.size(); ++cut) {
      Trickle source(std::string_view(bytes).substr(0, cut), 3);
      Decoder in(source);
      CHECK(in.string().empty());
      CHECK(in.failure() == "unexpected end of the file at byte " + std::to_string(cut));
    }
  }
}

TEST_CASE("what a length promises is not reserved before it arrives") {
  for (const std::string& bytes : std::vector<std::string>{
           "\x81\x7f\xff\xff\xff\xff\xff\xff\xff tail"s, "\x80\xff\xff\xff\xff tail"s,
           "\xc3\x05\x80\xff\xff\xff\xff tail"s, "\xc3\x80\xff\xff\xff\xff\x05 tail"s}) {
    const uint64_t before = memory::used();
    Trickle source(bytes, 100);
    Decoder in(source);
    CHECK(in.string().empty());
    CHECK_FALSE(in.ok());
    CHECK(memory::used() - before < 2 * 1024 * 1024);
  }
}

TEST_CASE("a damaged compressed string is refused at its first byte") {
  const std::string bytes =
      "\x00\xc3\x09\x40\x65\x01\x61\x61\xe0\x57\x00\x01\x61\x61"s;  // 101 promised, 100 there
  Decoder in(bytes);
  in.byte();
  CHECK(in.string().empty());
  CHECK(in.failure() == "damaged compressed string at byte 1");
}

TEST_CASE("both sides sum the same bytes") {
  Encoder out(nullptr, kPacked);
  out.raw("REDIS0010");
  out.string("key");
  out.fixed64(1234567890123);
  const uint64_t sum = out.checksum();
  CHECK(sum != 0);
  Trickle source(out.view(), 5);
  Decoder in(source);
  in.raw(9);
  CHECK(in.string() == "key");
  CHECK(in.fixed(8) == 1234567890123);
  CHECK(in.checksum() == sum);
}

}  // namespace rdb

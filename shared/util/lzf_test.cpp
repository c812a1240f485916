// SPDX-License-Identifier: MIT
#include "shared/util/lzf.h"

#include <algorithm>
#include <string>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace {

std::string compressed(std::string_view bytes) {
  std::string out(bytes.size() + 100, '\0');
  out.resize(util::lzf_compress(bytes, out));
  return out;
}

// Runs of few letters, so that there is something to find.
std::string random_text(util::Random& random, size_t size) {
  std::string text;
  while (text.size() < size) {
    const char c = static_cast<char>('a' + random.below(4));
    text.append(random.below(9) == 0 ? random.below(400) + 1 : 1, c);
  }
  text.resize(size);
  return text;
}

}  // namespace

TEST_CASE("lzf: what Redis 7.2 wrote comes back") {
  const std::string_view many(
      "\x01"
      "aa\xe0W\x00\x01"
      "aa",
      9);
  std::string out(100, '\0');
  CHECK(util::lzf_decompress(many, out));
  CHECK(out == std::string(100, 'a'));
  const std::string_view question(
      "\rto be or not t@\x0c\b, that is \a\ne question:\x80\x1c\xe0\x06)\xe0\x00"
      "4@\x17 =\x01"
      "be",
      56);
  out.assign(80, '\0');
  CHECK(util::lzf_decompress(question, out));
  CHECK(out == "to be or not to be, that is the question: to be or not to be, not to be or to be");
}

TEST_CASE("lzf: round trips") {
  util::Random random(3);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random_text(random, random.below(3000) + 1);
    const std::string packed = compressed(text);
    REQUIRE(!packed.empty());
    std::string out(text.size(), '\0');
    REQUIRE(util::lzf_decompress(packed, out));
    REQUIRE(out == text);
  }
}

TEST_CASE("lzf: nothing when it does not fit or there is nothing") {
  std::string out(20, '\0');
  CHECK(util::lzf_compress("", out) == 0);
  CHECK(util::lzf_compress("abcdefghijklmnopqrstuvwxyz", out) == 0);
  CHECK(util::lzf_compress(std::string(1000, 'a'), std::span<char>()) == 0);
  CHECK_FALSE(util::lzf_decompress("", out));
  CHECK_FALSE(
      util::lzf_decompress("\x01"
                           "aa",
                           std::span<char>()));
}

TEST_CASE("lzf: broken input is refused, or at least stays inside") {
  util::Random random(4);
  const std::string text = random_text(random, 500);
  const std::string packed = compressed(text);
  std::string out(text.size(), '\0');
  for (size_t size = 0; size < packed.size(); ++size) {
    REQUIRE_FALSE(util::lzf_decompress(std::string_view(packed).substr(0, size), out));
  }
  std::string shorter(text.size() - 1, '\0');
  CHECK_FALSE(util::lzf_decompress(packed, shorter));
  std::string longer(text.size() + 1, '\0');
  CHECK_FALSE(util::lzf_decompress(packed, longer));
  CHECK_FALSE(
      util::lzf_decompress(std::string_view("\x20\x00", 2), out));  // refers before the start
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = packed;
    for (uint64_t n = random.below(4) + 1; n > 0; --n) {
      broken[random.below(broken.size())] = static_cast<char>(random.below(256));
    }
    std::string guarded(text.size() + 64, '#');
    (void)util::lzf_decompress(broken, std::span<char>(guarded.data() + 32, text.size()));
    REQUIRE(guarded.substr(0, 32) == std::string(32, '#'));
    REQUIRE(guarded.substr(guarded.size() - 32) == std::string(32, '#'));
  }
}

TEST_CASE("lzf: what may not be saved cannot be saved") {
  util::Random random(5);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text(1 + random.below(140), ' ');
    const uint64_t letters = random.below(4) == 0 ? 256 : 1 + random.below(40);
    for (char& c : text) c = static_cast<char>(random.below(letters));
    const size_t wanted = 1 + random.below(8);
    if (text.size() <= wanted || util::lzf_may_save(text, wanted)) continue;
    ++refused;
    std::string out(text.size() - wanted, ' ');
    REQUIRE(util::lzf_compress(text, out) == 0);
  }
  CHECK(refused > 1000);
  CHECK(util::lzf_may_save("value:00000000000000000000000001", 4));
  CHECK(util::lzf_may_save(std::string(5000, 'x'), 4));
}

// SPDX-License-Identifier: MIT
//
// Text: letter case, glob patterns and quoted words. The tables are cases in which Redis 7.2.6 was
// asked (its stringmatchlen and sdssplitargs); millions of random ones agreed when they were made.
#include "shared/util/text.h"

#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/random.h"

using Words = std::vector<std::string>;

TEST_CASE("letter case: ASCII only") {
  CHECK(util::equal_ignoring_case("SeT", "sEt"));
  CHECK_FALSE(util::equal_ignoring_case("set", "sets"));
  CHECK_FALSE(util::equal_ignoring_case("set@", "set`"));  // differ in the letters' case bit
  CHECK_FALSE(util::equal_ignoring_case("\xc3\x84", "\xc3\xa4"));
  CHECK(util::lower("GET[\xc3\x84]") == "get[\xc3\x84]");
  CHECK(util::upper("get{\xc3\xa4}") == "GET{\xc3\xa4}");
}

TEST_CASE("glob: settled cases") {
  struct Case {
    std::string_view pattern, text;
    bool matches;
  };
  static constexpr Case kCases[] = {
      {"", "", true},
      {"", "a", false},
      {"a", "", false},
      {"*", "a", true},
      {"*", "", false},
      {"**", "ab", true},
      {"a*", "a", true},
      {"*a", "ba", true},
      {"*a", "ab", false},
      {"a*b*c", "axxbyyc", true},
      {"a*b*c", "axxcyyb", false},
      {"*aab", "aaaab", true},
      {"?", "a", true},
      {"?", "", false},
      {"h?llo", "hello", true},
      {"h?llo", "hllo", false},
      {"*?", "a", true},
      {"*?", "", false},
      {"h[ae]llo", "hallo", true},
      {"h[ae]llo", "hillo", false},
      {"h[^e]llo", "hallo", true},
      {"h[^e]llo", "hello", false},
      {"h[a-c]llo", "hbllo", true},
      {"h[c-a]llo", "hbllo", true},
      {"h[a-c]llo", "hdllo", false},
      {"[a-]", "a", true},  // the range runs to `]`, the class is not closed
      {"[a-]", "]", true},
      {"[a-]", "-", false},
      {"[]", "a", false},
      {"[^]", "a", true},
      {"[", "[", false},
      {"[^", "a", true},
      {"[abc", "b", true},
      {"[abc", "d", false},
      {"[\\]]", "]", true},
      {"[\\", "\\", true},
      {"[a\\-z]", "m", false},
      {"[a\\-z]", "-", true},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"\\", "\\", true},
      {"a\\", "a", false},
      {"a\\", "a\\", true},
      {"\\a", "a", true},
      {"[?*]", "*", true},
      {"[?*]", "a", false},
      {"user:*:name", "user:42:name", true},
  };
  for (const Case& each : kCases) {
    CAPTURE(each.pattern, each.text);
    CHECK(util::glob_match(each.pattern, each.text) == each.matches);
  }
}

TEST_CASE("glob: bytes are bytes, also zero and beyond ASCII") {
  const std::string text("a\0b", 3);
  CHECK(util::glob_match(std::string_view("a\0b", 3), text));
  CHECK(util::glob_match("a?b", text));
  CHECK_FALSE(util::glob_match("a", text));
  CHECK(util::glob_match("[\x80-\xff]", "\xe4"));
  CHECK_FALSE(util::glob_match("[a-z]", "\xe4"));
}

TEST_CASE("glob: without regard to case") {
  CHECK_FALSE(util::glob_match("MAX*", "maxmemory"));
  CHECK(util::glob_match("MAX*", "maxmemory", true));
  CHECK(util::glob_match("[A-C]x", "bX", true));
  CHECK(util::glob_match("\\M", "m", true));
  CHECK_FALSE(util::glob_match("[\\M]", "m", true));  // an escape in a class is exact, as in Redis
  CHECK_FALSE(util::glob_match("[Z-a]", "m", true));  // ordered before it is folded: z … a
  CHECK(util::has_glob_characters("a*"));
  CHECK(util::has_glob_characters("[a"));
  CHECK_FALSE(util::has_glob_characters("plain\\"));
}

TEST_CASE("glob: many stars cost no more than pattern times text") {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "a*";
  CHECK_FALSE(util::glob_match(pattern + "b", std::string(20'000, 'a')));
}

TEST_CASE("glob: a pattern of more than a thousand stars matches nothing") {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "**a";
  const std::string text(1001, 'a');
  CHECK(util::glob_match(pattern, text));
  CHECK(util::glob_match(pattern + "*", text));  // the last one needs no going back
  CHECK_FALSE(util::glob_match(pattern + "*a", text));
}

namespace {

// The definition, without any cleverness: `*` tries every length. For patterns of * ? a b.
bool matches_by_definition(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (size_t skip = 0; skip <= text.size(); ++skip) {
      if (matches_by_definition(pattern.substr(1), text.substr(skip))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
         matches_by_definition(pattern.substr(1), text.substr(1));
}

std::string random_text(util::Random& random, std::string_view alphabet, size_t longest) {
  std::string text(random.below(longest + 1), ' ');
  for (char& c : text) c = alphabet[random.below(alphabet.size())];
  return text;
}

}  // namespace

TEST_CASE("glob: agrees with its definition") {
  util::Random random(5);
  for (int i = 0; i < 100'000; ++i) {
    const std::string pattern = random_text(random, "*?ab", 7);
    const std::string text = random_text(random, "ab", 8);
    // Redis finds nothing in an empty text, whatever the stars.
    const bool expected = text.empty() ? pattern.empty() : matches_by_definition(pattern, text);
    if (util::glob_match(pattern, text) != expected) {
      FAIL(pattern + " " + text);
    }
  }
}

TEST_CASE("split_words: settled cases") {
  const auto split = [](std::string_view line) { return util::split_words(line); };
  CHECK(split("") == Words{});
  CHECK(split(" \t\r\n ") == Words{});
  CHECK(split("set name value") == Words{"set", "name", "value"});
  CHECK(split("  set\tname\r\n") == Words{"set", "name"});
  CHECK(split(R"("a b" 'c d')") == Words{"a b", "c d"});
  CHECK(split(R"("" '')") == Words{"", ""});
  CHECK(split(R"("\n\r\t\b\a\\\"\q")") == Words{"\n\r\t\b\a\\\"q"});
  CHECK(split(R"("\x41\x4a\xfF\xzz")") == Words{"\x41\x4a\xff"
                                                "xzz"});
  CHECK(split(R"('\n\'')") == Words{"\\n'"});
  CHECK(split(R"(a"b c"d)") == std::nullopt);
  CHECK(split(R"(a"b c")") == Words{"ab c"});
  CHECK(split(R"(a\ b)") == Words{"a\\", "b"});
  for (const std::string_view broken :
       {R"("open)", R"('open)", R"("a"b)", R"('a'b)", R"("a\)", R"("a\")", R"(""")"}) {
    CAPTURE(broken);
    CHECK_FALSE(split(broken));
  }
  CHECK(split("a\vb \vc \fd") == Words{"a\vb", "c", "d"});
  CHECK(split(std::string_view("a\0b c", 5)) == Words{"a"});
  CHECK_FALSE(split(std::string_view("\"a\0b\"", 5)));
}

TEST_CASE("quoted: printable, and split_words undoes it") {
  CHECK(util::quoted("") == R"("")");
  CHECK(util::quoted("plain") == R"("plain")");
  CHECK(util::quoted(std::string_view("\0\x01\x7f\xff\n\"\\", 7)) == R"("\x00\x01\x7f\xff\n\"\\")");
  util::Random random(6);
  for (int i = 0; i < 20'000; ++i) {
    Words words(random.below(4));
    std::string line;
    for (std::string& word : words) {
      for (uint64_t n = random.below(12); n > 0; --n) {
        word += static_cast<char>(random.below(2) == 0 ? random.below(256) : 'a' + random.below(3));
      }
      line += util::quoted(word) + " ";
    }
    if (util::split_words(line) != words) FAIL(line);
  }
}

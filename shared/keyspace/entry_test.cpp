// SPDX-License-Identifier: MIT
//
// Every shape of an entry: key lengths around the limits, values inline, as a number and as a blob,
// with a deadline or not.
#include "shared/keyspace/entry.h"

#include <string>

#include "shared/testing/catch.h"
#include "shared/util/memory.h"

namespace keyspace {

static std::string read(const Entry& entry) {
  StringScratch scratch;
  return std::string(string_text(entry, scratch));
}

static std::string pattern(size_t length, char first) {
  std::string text(length, ' ');
  for (size_t i = 0; i < length; ++i) text[i] = static_cast<char>(first + i % 23);
  return text;
}

TEST_CASE("entry: key and value come back in every shape") {
  const uint64_t before = memory::used();
  for (const size_t key_length : {0, 1, 7, 8, 254, 255, 256, 100'000}) {
    const std::string key = pattern(key_length, 'a');
    for (size_t value_length = 0; value_length <= 300; ++value_length) {
      const std::string value = pattern(value_length, 'A');
      for (const UnixMs deadline : {kNever, UnixMs{0}, UnixMs{1'700'000'000'123}, UnixMs{-5}}) {
        Entry* entry = Entry::create_string(key, value, deadline, 0xabcdef);
        const bool same =
            entry->key() == key && read(*entry) == value && entry->deadline() == deadline &&
            entry->has_deadline() == (deadline != kNever) && entry->clock() == 0xabcdef &&
            entry->type() == TypeId::String && string_length(*entry) == value_length;
        const bool shaped = entry->has_blob() == (value_length > Entry::kMaxInline) &&
                            entry->has_word() == entry->has_blob() && !is_integer(*entry);
        const auto encoding =
            value_length <= Entry::kMaxEmbedded ? StringEncoding::Embedded : StringEncoding::Raw;
        const bool encoded = entry->encoding() == static_cast<uint8_t>(encoding);
        Entry::destroy(entry);
        if (!same || !shaped || !encoded)
          FAIL("key of " << key_length << ", value of " << value_length);
      }
    }
  }
  CHECK(memory::used() == before);
}

TEST_CASE("entry: numbers are the word itself, and only when they print as they came") {
  for (const std::string text : {"0", "-1", "42", "9223372036854775807", "-9223372036854775808"}) {
    Entry* entry = Entry::create_string("key", text, 5, 0);
    CHECK(is_integer(*entry));
    CHECK(read(*entry) == text);
    CHECK(string_length(*entry) == text.size());
    CHECK(entry->deadline() == 5);
    Entry::destroy(entry);
  }
  for (const std::string text : {"", "-0", "007", "+1", " 1", "1 ", "1.0", "9223372036854775808"}) {
    Entry* entry = Entry::create_string("key", text, kNever, 0);
    CHECK_FALSE(is_integer(*entry));
    CHECK(read(*entry) == text);
    Entry::destroy(entry);
  }
}

TEST_CASE("entry: the sizes that the design counts on") {
  const auto size = [](size_t key_length, size_t value_length, UnixMs deadline) {
    Entry* entry = Entry::create_string(std::string(key_length, 'k'),
                                        std::string(value_length, 'v'), deadline, 0);
    const size_t result = entry->allocation_size();
    Entry::destroy(entry);
    return result;
  };
  CHECK(size(16, 8, kNever) == 32);
  CHECK(size(16, 8, 1) == 40);
  CHECK(size(16, 64, kNever) == 88);
  CHECK(size(16, 192, kNever) == 8 + 16 + 192);
  CHECK(size(16, 193, kNever) == 8 + 8 + 16);  // the blob is counted apart
  CHECK(size(255, 1, kNever) == 8 + 8 + 255 + 1);
#if WORKSHOP_JEMALLOC
  CHECK(memory::good_size(32) == 32);
  CHECK(memory::good_size(40) == 48);
  CHECK(memory::good_size(88) == 96);
#endif
}

TEST_CASE("entry: what can be changed in place") {
  Entry* entry = Entry::create_string("key", "value", 1000, 7);
  entry->set_deadline(-1);
  entry->set_clock(0xffffff);
  entry->set_encoding(static_cast<uint8_t>(StringEncoding::Raw));
  entry->mutable_text()[0] = 'V';
  CHECK(entry->deadline() == -1);
  CHECK(entry->clock() == 0xffffff);
  CHECK(entry->encoding() == static_cast<uint8_t>(StringEncoding::Raw));
  CHECK(entry->type() == TypeId::String);
  CHECK(entry->key() == "key");
  CHECK(entry->text() == "Value");
  entry->set_clock(0);
  CHECK(entry->deadline() == -1);
  Entry::destroy(entry);
}

TEST_CASE("entry: a blob is shared with a reply that is still being sent") {
  const uint64_t before = memory::used();
  {
    Entry* entry = Entry::create_string("key", std::string(5000, 'x'), kNever, 0);
    const util::Blob reply = string_blob(*entry);
    CHECK(reply.shared());
    CHECK(string_length(*entry) == 5000);
    CHECK(reply.shared());
    Entry::destroy(entry);
    CHECK_FALSE(reply.shared());
    CHECK(reply.view() == std::string(5000, 'x'));
  }
  CHECK(memory::used() == before);
}

}  // namespace keyspace

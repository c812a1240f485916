// SPDX-License-Identifier: MIT
//
// Elements of every length around the borders of their length fields.
#include "10-full-server/collections/member.h"

#include <string>

#include "shared/testing/catch.h"
#include "shared/util/memory.h"

namespace collections {

static const size_t kLengths[] = {0, 1, 7, 8, 14, 15, 16, 253, 254, 255, 256, 300, 70'000};

TEST_CASE("members: a text of any length is kept, and the memory comes back") {
  const uint64_t before = memory::used();
  for (const size_t length : kLengths) {
    const std::string text(length, 'm');
    Taken<SetMember> plain(SetMember::create(text));
    CHECK(plain->text() == text);
    Taken<ScoredMember> scored(ScoredMember::create(text, -1.5));
    CHECK(scored->text() == text);
    CHECK(scored->score() == -1.5);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("hash fields: any value follows any other") {
  const uint64_t before = memory::used();
  for (const size_t name_length : kLengths) {
    const std::string name(name_length, 'n');
    HashField* field = HashField::create(name, "");
    for (const size_t first : kLengths) {
      for (const size_t second : kLengths) {
        field = HashField::with_value(field, std::string(first, 'a'));
        field = HashField::with_value(field, std::string(second, 'b'));
        if (field->text() != name || field->value() != std::string(second, 'b'))
          FAIL(name_length << " " << first << " " << second);
      }
    }
    HashField::destroy(field);
  }
  CHECK(memory::used() == before);
}

TEST_CASE("hash fields: a value that fits is written in place, a part of itself too") {
  HashField* field = HashField::create("field", "12345678");
  CHECK(HashField::with_value(field, "8765432") == field);
  CHECK(field->value() == "8765432");
  CHECK(HashField::with_value(field, field->value().substr(2)) == field);
  CHECK(field->value() == "65432");
  field = HashField::with_value(field, std::string(400, 'x'));
  field = HashField::with_value(field, field->value().substr(399));
  CHECK(field->value() == "x");
  CHECK(field->text() == "field");
  HashField::destroy(field);
}

TEST_CASE("members: sixteen bytes of text take the size class that the pictures promise") {
  const std::string text(16, 'm');
  Taken<SetMember> plain(SetMember::create(text));
  Taken<ScoredMember> scored(ScoredMember::create(text, 1));
  CHECK(plain->allocation_size() == 17);
  CHECK(scored->allocation_size() == 25);
  if (memory::allocator_name() != "libc") {
    Taken<HashField> field(HashField::create(text, "12345678"));
    CHECK(field->allocation_size() == 32);
  }
}

}  // namespace collections

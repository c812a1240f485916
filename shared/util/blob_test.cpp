// SPDX-License-Identifier: MIT
//
// Blobs: shared when copied, private before they change, counted to the byte.
#include "shared/util/blob.h"

#include <string>
#include <utility>

#include "shared/testing/catch.h"

using util::Blob;

TEST_CASE("blob: nothing, empty and full") {
  const Blob none;
  CHECK_FALSE(none);
  CHECK(none.view().empty());
  CHECK(none.view().data() != nullptr);
  CHECK(none.memory_size() == 0);
  const Blob empty{std::string_view{}};
  CHECK(empty);
  CHECK(empty.size() == 0);
  const Blob text{std::string_view("a\0b", 3)};
  CHECK(text.view() == std::string_view("a\0b", 3));
}

TEST_CASE("blob: copies share, make_unique parts them") {
  Blob first{std::string_view("value")};
  CHECK_FALSE(first.shared());
  Blob second = first;
  CHECK(first.shared());
  CHECK(first.view().data() == second.view().data());
  second.make_unique(100);
  CHECK_FALSE(first.shared());
  CHECK(second.view() == "value");
  CHECK(second.capacity() >= 100);
  second.data()[0] = 'V';
  CHECK(first.view() == "value");
  const char* const place = second.data();
  second.make_unique(50);  // already its only owner, and large enough
  CHECK(second.data() == place);
  Blob nothing;
  nothing.make_unique(10);
  CHECK(nothing.capacity() == 10);
  CHECK(nothing.size() == 0);
}

TEST_CASE("blob: moves and assignments keep the count right") {
  bool right = true;
  const uint64_t before = memory::used();  // no CHECK until the second look: it allocates
  {
    Blob a{std::string_view("one")};
    Blob b = std::move(a);
    right = right && !a;  // NOLINT: a moved-from blob is defined to be empty
    a = b;
    right = right && b.shared();
    a = Blob{std::string_view("two")};
    right = right && !b.shared();
    Blob& same = a;
    a = same;
    right = right && a.view() == "two";
  }
  const uint64_t after = memory::used();
  CHECK(after == before);
  CHECK(right);
}

TEST_CASE("blob: as a word and back") {
  bool right = true;
  const uint64_t before = memory::used();
  {
    Blob blob{std::string_view("packed into an entry")};
    const uintptr_t word = blob.release();
    right = !blob && memory::used() > before;
    right = right && Blob::adopt(word).view() == "packed into an entry";
  }
  const uint64_t after = memory::used();
  CHECK(after == before);
  CHECK(right);
}

TEST_CASE("blob: its size is what is counted") {
  const uint64_t before = memory::used();
  const Blob blob(size_t{100'000});
  const uint64_t taken = memory::used() - before;
  CHECK(taken >= 100'000);
#if WORKSHOP_JEMALLOC
  CHECK(taken == blob.memory_size());
#endif
}

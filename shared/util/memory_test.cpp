// SPDX-License-Identifier: MIT
//
// Counted memory: used() comes back to where it was, whichever way and on whichever thread memory
// is freed.
#include "shared/util/memory.h"

#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/random.h"
#include "shared/util/zeroed_memory.h"

TEST_CASE("memory: sized release gives back exactly what was taken") {
  std::vector<std::pair<void*, size_t>> live;
  live.reserve(5000);
  const uint64_t before = memory::used();
  util::Random random(1);
  for (int i = 0; i < 5000; ++i) {
    const size_t size = random.below(random.below(10) == 0 ? 200'000 : 300);
    live.emplace_back(memory::allocate(size), size);
    std::memset(live.back().first, 0xaa, size);
  }
  uint64_t asked = 0;
  for (const auto& [pointer, size] : live) asked += size;
  const uint64_t full = memory::used();
  for (const auto& [pointer, size] : live) memory::release(pointer, size);
  const uint64_t after = memory::used();
  CHECK(full >= before + asked);
  CHECK(after == before);
  memory::release(nullptr, 10);
}

TEST_CASE("memory: zeroed memory is zero when it is used again, and comes back") {
  const uint64_t before = memory::used();
  size_t wrong = 0;
  for (const size_t size : {64, 4096, 16'383, 16'384, 32'768, 100'000}) {
    for (int round = 0; round < 20; ++round) {
      auto* bytes = static_cast<unsigned char*>(memory::allocate_zeroed(size));
      for (size_t i = 0; i < size; ++i) wrong += bytes[i];
      std::memset(bytes, 0xaa, size);
      memory::release(bytes, size);
    }
  }
  const uint64_t after = memory::used();
  CHECK(wrong == 0);
  CHECK(after == before);
}

TEST_CASE("memory: new and delete are counted in all their forms") {
  struct alignas(128) Wide {
    char bytes[256];
  };
  uint64_t during = 0;
  bool aligned = false;
  const uint64_t before = memory::used();  // no CHECK until the second look: it allocates
  {
    const auto text = std::make_unique<std::string>(10'000, 'x');
    const auto array = std::make_unique<int[]>(1000);
    const auto wide = std::make_unique<Wide>();
    aligned = reinterpret_cast<uintptr_t>(wide.get()) % 128 == 0;
    auto* quiet = new (std::nothrow) char[5000];
    during = memory::used();
    delete[] quiet;
  }
  const uint64_t after = memory::used();
  CHECK(after == before);
  CHECK(during >= before + 10'000 + 4000 + 256 + 5000);
  CHECK(aligned);
}

TEST_CASE("memory: freed on another thread than it was allocated on") {
  std::string text(100'000, 'x');
  const uint64_t before = memory::used();
  std::atomic<bool> freed = false;
  std::thread thread([moved = std::move(text), &freed]() mutable {
    std::string().swap(moved);
    freed = true;
  });
  thread.join();
  const uint64_t after = memory::used();
  CHECK(freed);
  CHECK(after <= before - 100'000);
}

TEST_CASE("memory: more threads than counters lose nothing") {
  const auto run = [] {
    for (int i = 0; i < 100; ++i) memory::release(memory::allocate(1000), 1000);
  };
  {
    std::thread(run).join();  // whatever a first thread leaves behind, it has left now
  }
  const uint64_t before = memory::used();
  for (int round = 0; round < 40; ++round) {
    std::thread first(run), second(run);
    first.join();
    second.join();
  }
  CHECK(memory::used() == before);
}

TEST_CASE("memory: figures about the process make sense") {
  CHECK(memory::good_size(0) >= 1);
  for (const size_t size : {1, 8, 24, 100, 4096, 100'000}) CHECK(memory::good_size(size) >= size);
  memory::sample_peak();
  const uint64_t peak = memory::peak();
  CHECK(peak > 0);
  memory::release(memory::allocate(1 << 20), 1 << 20);
  memory::sample_peak();
  CHECK(memory::peak() >= peak);
  CHECK(memory::resident() > 100'000);
  CHECK(memory::system_total() > memory::resident());
  CHECK_FALSE(memory::allocator_name().empty());
}

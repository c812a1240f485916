// SPDX-License-Identifier: MIT
//
// Sketches: against a model of plain registers, Redis' bytes, the way from sparse to dense, estimates, damage.
#include "10-full-server/hyperloglog/sketch.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "10-full-server/hyperloglog/dense.h"
#include "10-full-server/hyperloglog/sparse.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace hyperloglog {

namespace {

class Memory final : public Storage {
 public:
  Memory() = default;
  explicit Memory(std::string bytes) : bytes_(std::move(bytes)) {}
  size_t size() const override { return bytes_.size(); }
  char* resize(size_t length) override {
    bytes_.resize(length);
    bytes_.shrink_to_fit();  // pointers kept too long are found
    return bytes_.data();
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

Registers registers_of(const Sketch& sketch) {
  Registers registers{};
  REQUIRE(sketch.view().merge_into(registers));
  return registers;
}

// Settings for one test.
struct Configured {
  explicit Configured(uint64_t bytes) { settings.sparse_max_bytes = bytes; }
  ~Configured() { settings = Settings(); }
};

std::string runs_of(const Sketch& sketch) {
  std::string text;
  REQUIRE(for_each_run(sketch.view().registers(), [&](uint32_t, Run run) {
    text +=
        (run.value > 0 ? std::to_string(run.value) + "*" : "0*") + std::to_string(run.length) + " ";
  }));
  return text;
}

}  // namespace

TEST_CASE("sketch: a new one takes 18 bytes, and counts nothing") {
  Memory memory;
  const Sketch sketch(memory);
  CHECK(memory.bytes() == std::string("HYLL\1\0\0\0\0\0\0\0\0\0\0\0\x7f\xff", 18));
  CHECK(SketchView::is_sketch(memory.bytes()));
  CHECK(sketch.view().cached_count() == 0);
  CHECK(sketch.view().count() == 0);
}

TEST_CASE("sketch: the same elements make the bytes that Redis 7.2.6 makes") {
  Memory memory;
  Sketch sketch(memory);
  for (const char* element : {"a", "b", "c", "d", "e", "f", "g"}) sketch.add(element);
  sketch.forget_count();
  CHECK(runs_of(sketch) ==
        "0*1646 1*1 0*5645 1*1 0*1085 2*1 0*57 1*1 0*4274 2*1 0*2445 1*1 0*622 1*1 0*603 ");
  CHECK(sketch.view().count() == 7);
  CHECK_FALSE(sketch.view().cached_count().has_value());
  sketch.keep_count(7);
  CHECK(sketch.view().cached_count() == 7);
  CHECK(sketch.add("a") == Sketch::Outcome::Unchanged);
  CHECK(sketch.view().cached_count() == 7);
}

TEST_CASE("sketch: registers are split out of runs and joined into them") {
  Memory memory;
  Sketch sketch(memory);
  const auto raise = [&](uint32_t index, uint8_t value) { sketch.raise({index, value}); };
  raise(100, 3);
  raise(102, 3);
  CHECK(runs_of(sketch) == "0*100 3*1 0*1 3*1 0*16281 ");
  raise(101, 3);
  CHECK(runs_of(sketch) == "0*100 3*3 0*16281 ");
  raise(103, 3);
  raise(104, 3);
  CHECK(runs_of(sketch) == "0*100 3*4 3*1 0*16279 ");
  raise(101, 9);
  CHECK(runs_of(sketch) == "0*100 3*1 9*1 3*3 0*16279 ");
  raise(0, 1);
  raise(16383, 32);
  CHECK(runs_of(sketch) == "1*1 0*99 3*1 9*1 3*3 0*16278 32*1 ");
  CHECK_FALSE(sketch.view().is_dense());
  raise(16383, 33);
  CHECK(sketch.view().is_dense());
  const Registers registers = registers_of(sketch);
  CHECK(
      (registers[0] == 1 && registers[101] == 9 && registers[103] == 3 && registers[16383] == 33));
}

TEST_CASE("sketch: sparse and dense hold what a model holds, whatever comes") {
  for (const uint64_t limit : {0, 100, 3000, 100000}) {
    const Configured configured(limit);
    util::Random random(limit + 1);
    Memory memory;
    Sketch sketch(memory);
    Registers model{};
    for (int i = 0; i < 6000; ++i) {
      const auto index = static_cast<uint32_t>(random.below(i % 2 == 0 ? 300 : kRegisters));
      const auto value =
          static_cast<uint8_t>(1 + random.below(i % 700 == 699 && limit < 3000 ? 51 : 6));
      const bool raises = model[index] < value;
      REQUIRE(sketch.raise({index, value}) ==
              (raises ? Sketch::Outcome::Changed : Sketch::Outcome::Unchanged));
      model[index] = std::max(model[index], value);
      if (i % 200 == 0) REQUIRE(registers_of(sketch) == model);
      REQUIRE((sketch.view().is_dense() || memory.size() <= std::max<uint64_t>(limit, 18)));
    }
    CHECK(registers_of(sketch) == model);
    CHECK(sketch.view().count() == estimate(histogram_of(model)));
    CHECK(sketch.become_dense());
    CHECK(memory.size() == 12304);
    CHECK(registers_of(sketch) == model);
    CHECK(sketch.view().count() == estimate(histogram_of(model)));
  }
}

TEST_CASE("dense registers do not touch each other") {
  util::Random random(4);
  std::string dense(kDenseBytes, '\0');
  Registers model{};
  for (int i = 0; i < 100000; ++i) {
    const auto index = static_cast<uint32_t>(random.below(kRegisters));
    model[index] = static_cast<uint8_t>(random.below(64));
    dense_set(dense.data(), index, model[index]);
    const uint32_t neighbour = (index + 1) % kRegisters;
    REQUIRE(dense_get(dense.data(), index) == model[index]);
    REQUIRE(dense_get(dense.data(), neighbour) == model[neighbour]);
  }
  CHECK(dense_histogram(dense.data()) == histogram_of(model));
  Registers merged{};
  dense_merge(dense.data(), merged);
  CHECK(merged == model);
}

TEST_CASE("sketch: estimates stay within six standard errors") {
  Memory memory;
  Sketch sketch(memory);
  util::Random random(11);
  const uint64_t seed = random.next();
  uint64_t next = 10;
  for (uint64_t i = 1; i <= 1'000'000; ++i) {
    const uint64_t element = i ^ seed;
    sketch.add({reinterpret_cast<const char*>(&element), sizeof element});
    if (i != next) continue;
    const auto error = static_cast<double>(sketch.view().count().value()) - static_cast<double>(i);
    CHECK(std::abs(error) <= std::ceil(6 * 0.0081 * static_cast<double>(i)));
    next *= 10;
  }
}

TEST_CASE("sketch: what is none is not taken for one") {
  Memory memory;
  Sketch sketch(memory);
  CHECK_FALSE(SketchView::is_sketch(""));
  CHECK_FALSE(SketchView::is_sketch(memory.bytes().substr(0, 15)));
  for (const size_t at : {0, 1, 2, 3}) {
    std::string changed = memory.bytes();
    changed[at] = 'x';
    CHECK_FALSE(SketchView::is_sketch(changed));
  }
  std::string unknown = memory.bytes();
  unknown[4] = 2;
  CHECK_FALSE(SketchView::is_sketch(unknown));
  sketch.become_dense();
  CHECK(SketchView::is_sketch(memory.bytes()));
  CHECK_FALSE(SketchView::is_sketch(memory.bytes() + "x"));
}

TEST_CASE("sketch: runs that do not make up all registers are damage, and nothing worse") {
  Memory memory;
  Sketch sketch(memory);
  for (int i = 0; i < 300; ++i) sketch.add(std::to_string(i));
  Memory longer(memory.bytes() + "hello");
  CHECK_FALSE(Sketch(longer).view().count().has_value());
  util::Random random(12);
  int damaged = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = memory.bytes();
    for (uint64_t n = 1 + random.below(4); n > 0; --n) {
      bytes[16 + random.below(bytes.size() - 16)] = static_cast<char>(random.below(256));
    }
    if (random.below(4) == 0) bytes.resize(16 + random.below(bytes.size() - 16));
    Memory copy(bytes);
    Sketch hurt(copy);
    Registers registers{};
    const bool sound = hurt.view().merge_into(registers);
    REQUIRE(sound == hurt.view().count().has_value());
    for (int i = 0; i < 5; ++i) hurt.add(std::to_string(random.next()));
    damaged += sound ? 0 : 1;
    if (!sound && !hurt.view().is_dense()) CHECK_FALSE(hurt.become_dense());
  }
  CHECK(damaged > 1000);
}

}  // namespace hyperloglog

// SPDX-License-Identifier: MIT
//
// Time and resident bytes per element with a million elements. Hidden; run by name, each in a process
// of its own: test-collections "bench: set". The figures belong to the machine they were measured
// on.
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "10-full-server/collections/hash_table.h"
#include "10-full-server/collections/set_table.h"
#include "10-full-server/collections/sorted_set_table.h"
#include "shared/testing/catch.h"

namespace collections {

namespace {

constexpr size_t kElements = 1'000'000;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Runs `work(i)` a million times and prints what one took.
template <class Work>
void timed(const char* name, Work&& work) {
  const double begin = cpu_seconds();
  for (size_t i = 0; i < kElements; ++i) work(i);
  std::printf("%-44s %7.1f ns\n", name, (cpu_seconds() - begin) * 1e9 / kElements);
}

void print_bytes(const char* name, uint64_t resident_before, size_t counted) {
  std::printf("%-44s %7.1f resident, %.1f counted\n", name,
              static_cast<double>(memory::resident() - resident_before) / kElements,
              static_cast<double>(counted) / kElements);
}

// 16 bytes, as the memory comparison has them.
std::string_view text_of(char (&buffer)[24], const char* prefix, size_t i) {
  return {buffer, static_cast<size_t>(std::snprintf(buffer, sizeof buffer, "%s%0*zu", prefix,
                                                    prefix[0] == 'm' ? 9 : 10, i))};
}

std::vector<size_t> shuffled() {
  std::vector<size_t> order(kElements);
  util::Random random(1);
  for (size_t i = 0; i < kElements; ++i) {
    order[i] = i;
    std::swap(order[i], order[random.below(i + 1)]);
  }
  return order;
}

}  // namespace

TEST_CASE("bench: sorted set, scores of the memory comparison", "[.bench]") {
  char buffer[24];
  const uint64_t before = memory::resident();
  SortedSetTable table;
  timed("add, seven ascending passes", [&](size_t i) {
    table.add(text_of(buffer, "member:", i), static_cast<double>(i * 7 % 1'000'003));
  });
  print_bytes("bytes a member, seven ascending passes", before, table.memory_size());
}

TEST_CASE("bench: sorted set, random scores", "[.bench]") {
  char buffer[24];
  util::Random random(2);
  const std::vector<size_t> order = shuffled();
  const uint64_t before = memory::resident();
  SortedSetTable table;
  const auto score = [&] { return static_cast<double>(random.next() >> 11); };
  timed("(printing the text alone)", [&](size_t i) { text_of(buffer, "member:", order[i]); });
  timed("add, random", [&](size_t i) { table.add(text_of(buffer, "member:", order[i]), score()); });
  print_bytes("bytes a member, random scores", before, table.memory_size());
  timed("score", [&](size_t i) { table.score_of(text_of(buffer, "member:", order[i])); });
  timed("rank", [&](size_t i) { table.rank_of(text_of(buffer, "member:", order[i])); });
  timed("by rank", [&](size_t i) { table.at(order[i]); });
  timed("rescore, random",
        [&](size_t i) { table.add(text_of(buffer, "member:", order[i]), score()); });
  timed("rescore by 1", [&](size_t i) {
    ScoredMember* member = table.find(text_of(buffer, "member:", order[i]));
    table.rescore(member, member->score() + 1);
  });
  double sum = 0;
  auto position = table.first();
  timed("walk", [&](size_t) {
    sum += position.score();
    position.next();
  });
  CHECK(sum > 0);
  timed("take first", [&](size_t) { table.take_first(); });
}

TEST_CASE("bench: set", "[.bench]") {
  char buffer[24];
  const std::vector<size_t> order = shuffled();
  const uint64_t before = memory::resident();
  SetTable table;
  timed("add", [&](size_t i) { table.add(text_of(buffer, "member:", order[i])); });
  print_bytes("bytes a member", before, table.memory_size());
  timed("contains", [&](size_t i) { table.contains(text_of(buffer, "member:", i)); });
  util::Random random(3);
  timed("random", [&](size_t) { table.random(random); });
  timed("remove", [&](size_t i) { table.remove(text_of(buffer, "member:", order[i])); });
}

TEST_CASE("bench: hash", "[.bench]") {
  char buffer[24], value[24];
  const std::vector<size_t> order = shuffled();
  const uint64_t before = memory::resident();
  HashTable table;
  const auto value_of = [&](size_t i) {
    return std::string_view(value,
                            static_cast<size_t>(std::snprintf(value, sizeof value, "v%07zu", i)));
  };
  timed("set", [&](size_t i) { table.set(text_of(buffer, "field:", order[i]), value_of(i)); });
  print_bytes("bytes a field", before, table.memory_size());
  timed("get", [&](size_t i) { table.get(text_of(buffer, "field:", i)); });
  timed("set again", [&](size_t i) { table.set(text_of(buffer, "field:", i), value_of(i)); });
}

}  // namespace collections

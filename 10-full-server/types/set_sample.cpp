// SPDX-License-Identifier: MIT
// Members of a set by chance: SRANDMEMBER's and SPOP's choices. Where a set is read through anyway, one pass decides of each
// member whether it is among them (Knuth's algorithm S: wanted / left to see); few out of many are drawn until enough
// different ones were met.
#include <algorithm>
#include <bit>
#include <cassert>
#include <vector>

#include "10-full-server/types/set.h"

namespace types {

namespace {

// Decides of one after the other of `left` members whether it is one of the `wanted`.
class Selection {
 public:
  Selection(size_t wanted, size_t left, util::Random& random)
      : wanted_(wanted), left_(left), random_(random) {}

  bool takes_next() {
    if (random_.below(left_--) >= wanted_) return false;
    --wanted_;
    return true;
  }
  bool finished() const { return wanted_ == 0; }

 private:
  size_t wanted_;
  size_t left_;
  util::Random& random_;
};

// Addresses, each once: at most half of the places are taken.
class Addresses {
 public:
  explicit Addresses(size_t most) : places_(std::bit_ceil(2 * most)) {}

  bool add(const char* address) {
    constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;
    const size_t mask = places_.size() - 1;
    size_t at = (reinterpret_cast<uintptr_t>(address) * kGolden >> 32) & mask;
    while (places_[at] != nullptr && places_[at] != address) at = (at + 1) & mask;
    return std::exchange(places_[at], address) == nullptr;
  }

 private:
  std::vector<const char*> places_;
};

// Below a third of the set, drawing again what was drawn before costs less than reading all.
constexpr size_t kFewPart = 3;
// What stays is a fifth of what leaves, or less: then that is drawn.
constexpr size_t kRestPart = 5;

}  // namespace

void Set::sample(size_t count, util::Random& random,
                 util::FunctionRef<void(PackedValue)> visit) const {
  assert(count <= size());
  if (encoding() == SetEncoding::Table && count * kFewPart <= size()) {
    Addresses drawn(count);
    while (count > 0) {
      const PackedValue member = this->random(random);
      PackedValue::Scratch unused;
      if (!drawn.add(member.text(unused).data())) continue;
      visit(member);
      --count;
    }
    return;
  }
  Selection selection(count, size(), random);
  for_each_while([&](PackedValue member) {
    if (selection.finished()) return false;
    if (selection.takes_next()) visit(member);
    return true;
  });
}

void Set::take_from_packed(size_t count, util::Random& random,
                           util::FunctionRef<void(PackedValue)> visit) {
  Selection selection(count, size(), random);
  IntSet integers;
  Listpack pack;
  const bool holds_integers = encoding() == SetEncoding::IntSet;
  for_each([&](PackedValue member) {
    if (!selection.finished() && selection.takes_next()) return visit(member);
    PackedValue::Scratch unused;
    if (holds_integers) {
      integers.insert(member.number());
    } else if (member.is_number()) {
      pack.append(member.number());
    } else {
      pack.append(member.text(unused));
    }
  });
  *this = holds_integers ? from(std::move(integers)) : from(std::move(pack));
}

void Set::take(size_t count, util::Random& random, util::FunctionRef<void(PackedValue)> visit) {
  assert(count < size());
  if (encoding() != SetEncoding::Table) return take_from_packed(count, random, visit);
  size_t rest = size() - count;
  if (rest * kRestPart > count) {
    for (; count > 0; --count) {
      const PackedValue member = this->random(random);
      visit(member);
      remove(member);
    }
    return;
  }
  Set kept;
  for (; rest > 0; --rest) {
    const PackedValue member = this->random(random);
    kept.add(member);
    remove(member);
  }
  for_each(visit);
  *this = std::move(kept);
}

}  // namespace types

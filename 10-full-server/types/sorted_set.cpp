// SPDX-License-Identifier: MIT
#include "10-full-server/types/sorted_set.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <memory>
#include <new>
#include <vector>

#include "shared/keyspace/entry.h"
#include "shared/util/memory.h"
#include "shared/util/numbers.h"

namespace types {

using collections::ScoredMember;
using collections::SortedSetTable;

namespace {

const SortedSet& set_at(const void* handle) {
  return *std::launder(static_cast<const SortedSet*>(handle));
}

size_t memory_of(const keyspace::Entry& entry) {
  const uint64_t word = entry.word();
  return memory::good_size(entry.allocation_size()) + set_at(&word).memory_size();
}

std::string_view encoding_of(const keyspace::Entry& entry) {
  const uint64_t word = entry.word();
  return set_at(&word).encoding_name();
}

void digest_of(const keyspace::Entry& entry, keyspace::Digest& digest) {
  const uint64_t word = entry.word();
  for (SortedSetCursor at = set_at(&word).first(); at; at.next()) {
    PackedValue::Scratch scratch;
    char score[util::kMaxDoubleText];
    digest.add_pair(at.text(scratch), {score, util::format_double_shortly(at.score(), score)});
  }
}

constexpr keyspace::TypeDescriptor kDescriptor = {
    .id = keyspace::TypeId::SortedSet,
    .name = "zset",
    .destroy = [](void* handle) { std::launder(static_cast<SortedSet*>(handle))->~SortedSet(); },
    .clone = [](const void* from, void* to) { new (to) SortedSet(set_at(from).clone()); },
    .length = [](const void* handle) { return set_at(handle).size(); },
    .memory = memory_of,
    .free_effort = [](const void* handle) { return set_at(handle).free_effort(); },
    .encoding_name = encoding_of,
    .digest = digest_of,
};

// Whole numbers are kept as integers up to here: beyond, not every integer is a double.
constexpr double kMaxWhole = static_cast<double>(INT64_MAX / 2);

std::optional<int64_t> as_integer(double score) {
  if (!(score >= -kMaxWhole && score <= kMaxWhole)) return std::nullopt;
  const auto whole = static_cast<int64_t>(score);
  if (static_cast<double>(whole) != score) return std::nullopt;
  return whole;
}

bool fits_listpack(std::span<const SortedSet::Element> elements) {
  if (elements.size() > sorted_set_settings.max_listpack_entries) return false;
  size_t bytes = 0;
  for (const SortedSet::Element& element : elements) {
    if (element.text.size() > sorted_set_settings.max_listpack_value) return false;
    bytes += element.text.size();
  }
  return bytes <= Listpack::kMaxBytes;
}

bool comes_before(const SortedSet::Element& a, const SortedSet::Element& b) {
  return a.score != b.score ? a.score < b.score : a.text < b.text;
}

void insert_score(Listpack& pack, Listpack::Position at, double score) {
  if (const auto whole = as_integer(score)) return pack.insert(at, *whole);
  char text[util::kMaxDoubleText];
  pack.insert(at, std::string_view(text, util::format_double(score, text)));
}

}  // namespace

const keyspace::TypeDescriptor& SortedSet::descriptor() { return kDescriptor; }

SortedSet::~SortedSet() {
  if (is_packed()) {
    Listpack::adopt(word_);
  } else {
    SortedSetTable::adopt(word_ - kTable);
  }
}

SortedSet SortedSet::clone() const {
  SortedSet copy;
  if (is_packed()) {
    copy.word_ = with_pack([](const Listpack& pack) { return pack.clone().release(); });
  } else {
    copy.word_ =
        with_table([](const SortedSetTable& table) { return table.clone().release(); }) + kTable;
  }
  return copy;
}

size_t SortedSet::size() const {
  if (is_packed()) return with_pack([](const Listpack& pack) { return pack.size() / 2; });
  return with_table([](const SortedSetTable& table) { return table.size(); });
}

size_t SortedSet::memory_size() const {
  if (is_packed()) return with_pack([](const Listpack& pack) { return pack.memory_size(); });
  return with_table([](const SortedSetTable& table) { return table.memory_size(); });
}

size_t SortedSet::free_effort() const {
  if (is_packed()) return 1;
  return with_table([](const SortedSetTable& table) { return table.free_effort(); });
}

SortedSet::Spot SortedSet::find(std::string_view member) const {
  Spot spot;
  if (is_packed()) {
    with_pack([&](const Listpack& pack) {
      spot.at_ = pack.find(member, pack.begin(), 2);
      spot.found_ = spot.at_ != pack.end();
      if (spot.found_) spot.score_ = score_of_entry(pack.value(pack.next(spot.at_)));
    });
    return spot;
  }
  spot.hash_ = collections::hash_text(member);
  spot.scored_ =
      with_table([&](const SortedSetTable& table) { return table.find(spot.hash_, member); });
  spot.found_ = spot.scored_ != nullptr;
  if (spot.found_) spot.score_ = spot.scored_->score();
  return spot;
}

std::optional<double> SortedSet::score_of(std::string_view member) const {
  const Spot spot = find(member);
  if (!spot) return std::nullopt;
  return spot.score();
}

std::optional<SortedSet::Ranked> SortedSet::rank_of(std::string_view member) const {
  const Spot spot = find(member);
  if (!spot) return std::nullopt;
  if (!is_packed()) {
    return Ranked{
        with_table([&](const SortedSetTable& table) { return table.rank_of(spot.scored_); }),
        spot.score()};
  }
  return with_pack([&](const Listpack& pack) {
    size_t rank = 0;
    for (Listpack::Position at = pack.begin(); at != spot.at_; ++rank)
      at = pack.next(pack.next(at));
    return Ranked{rank, spot.score()};
  });
}

void SortedSet::become_table() {
  if (!is_packed()) return;
  const size_t count = size();
  std::vector<Element> elements;
  elements.reserve(count);
  const auto scratches = std::make_unique<PackedValue::Scratch[]>(count);
  for (SortedSetCursor at = first(); at; at.next()) {
    elements.push_back({at.text(scratches[elements.size()]), at.score()});
  }
  SortedSetTable table;
  table.build(elements);
  Listpack::adopt(word_);
  word_ = table.release() + kTable;
}

void SortedSet::settle() {
  if (is_packed() || size() > sorted_set_settings.max_listpack_entries) return;
  std::vector<Element> elements;
  for (SortedSetCursor at = first(); at; at.next()) {
    PackedValue::Scratch unused;
    elements.push_back({at.text(unused), at.score()});
  }
  if (!fits_listpack(elements)) return;
  SortedSet packed;
  packed.build(elements);
  *this = std::move(packed);
}

void SortedSet::prepare(size_t members, size_t first_member_length) {
  if (!is_packed()) return;
  if (members > sorted_set_settings.max_listpack_entries ||
      (word_ == 0 && first_member_length > sorted_set_settings.max_listpack_value)) {
    become_table();
  }
}

void SortedSet::insert_packed(std::string_view member, double score) {
  with_pack([&](Listpack& pack) {
    Listpack::Position at = pack.begin();
    while (at != pack.end()) {
      const Listpack::Position behind = pack.next(at);
      const double other = score_of_entry(pack.value(behind));
      PackedValue::Scratch scratch;
      if (other > score || (other == score && pack.value(at).text(scratch) > member)) break;
      at = pack.next(behind);
    }
    pack.insert(at, member);
    insert_score(pack, pack.next(at), score);
  });
}

void SortedSet::insert(const Spot& spot, std::string_view member, double score) {
  assert(!spot.found_ && !std::isnan(score));
  uint64_t hash = spot.hash_;
  if (is_packed()) {
    const bool fits = member.size() <= sorted_set_settings.max_listpack_value &&
                      size() < sorted_set_settings.max_listpack_entries &&
                      with_pack([&](const Listpack& pack) { return pack.fits(member.size()); });
    if (fits) return insert_packed(member, score);
    become_table();
    hash = collections::hash_text(member);
  }
  with_table([&](SortedSetTable& table) { table.insert(hash, member, score); });
}

void SortedSet::rescore(const Spot& spot, std::string_view member, double score) {
  assert(spot.found_ && !std::isnan(score));
  if (spot.score_ == score) return;
  if (is_packed()) {
    with_pack([&](Listpack& pack) { pack.erase(spot.at_, 2); });
    insert_packed(member, score);
  } else {
    with_table([&](SortedSetTable& table) { table.rescore(spot.scored_, score); });
  }
}

bool SortedSet::put(std::string_view member, double score) {
  const Spot spot = find(member);
  if (spot) {
    rescore(spot, member, score);
  } else {
    insert(spot, member, score);
  }
  return !spot;
}

bool SortedSet::remove(std::string_view member) {
  if (!is_packed()) {
    return with_table([&](SortedSetTable& table) { return table.remove(member); });
  }
  return with_pack([&](Listpack& pack) {
    const Listpack::Position at = pack.find(member, pack.begin(), 2);
    if (at == pack.end()) return false;
    pack.erase(at, 2);
    return true;
  });
}

void SortedSet::remove(const RankRange& ranks) {
  if (ranks.empty()) return;
  assert(ranks.end <= size());
  if (is_packed()) {
    with_pack([&](Listpack& pack) {
      pack.erase_range(static_cast<int64_t>(2 * ranks.begin), 2 * ranks.size());
    });
  } else {
    with_table([&](SortedSetTable& table) { table.remove(ranks, [](const ScoredMember&) {}); });
  }
}

void SortedSet::build(std::span<const Element> sorted) {
  assert(empty());
  if (fits_listpack(sorted)) {
    *this = SortedSet();
    with_pack([&](Listpack& pack) {
      for (const Element& element : sorted) {
        pack.append(element.text);
        insert_score(pack, pack.end(), element.score);
      }
    });
    return;
  }
  become_table();
  with_table([&](SortedSetTable& table) { table.build(sorted); });
}

void SortedSet::build_unsorted(std::span<Element> elements) {
  std::sort(elements.begin(), elements.end(), comes_before);
  build(elements);
}

}  // namespace types

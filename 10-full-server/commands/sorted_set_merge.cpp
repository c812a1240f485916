// SPDX-License-Identifier: MIT
#include "10-full-server/commands/sorted_set_merge.h"

#include <algorithm>
#include <cmath>

namespace full_server {

using keyspace::TypeId;
using types::PackedValue;
using types::SortedSet;
using Element = SortedSet::Element;

bool MergeInput::accepts(const keyspace::Entry* entry) {
  return entry == nullptr || entry->type() == TypeId::SortedSet || entry->type() == TypeId::Set;
}

size_t MergeInput::size() const {
  return is_set() ? members_view()->size() : scores_view()->size();
}

std::optional<double> MergeInput::score_of(std::string_view member) const {
  if (!is_set()) return scores_view()->score_of(member);
  return members_view()->contains(member) ? std::optional<double>(1) : std::nullopt;
}

template <class Visit>
void MergeInput::for_each_while(Visit&& visit) const {
  if (is_set()) {
    members_view()->for_each_while([&](PackedValue member) { return visit(member, 1.0); });
    return;
  }
  for (types::SortedSetCursor at = scores_view()->first(); at; at.next()) {
    if (!visit(at.member(), at.score())) return;
  }
}

namespace {

// A sum of infinities of both signs is no number; here it is 0.
double number_or_zero(double value) { return std::isnan(value) ? 0 : value; }

double combined(double score, double other, Aggregate aggregate) {
  if (aggregate == Aggregate::Sum) return number_or_zero(score + other);
  if (aggregate == Aggregate::Min) return other < score ? other : score;
  return other > score ? other : score;
}

// A text that lives as long as the inputs and the arena.
std::string_view kept(PackedValue value, std::string_view text, util::Arena& texts) {
  return value.is_number() ? texts.copy(text) : text;
}

void sort_by_score(MergeResult& elements) {
  std::sort(elements.begin(), elements.end(), [](const Element& a, const Element& b) {
    return a.score != b.score ? a.score < b.score : a.text < b.text;
  });
}

// Elements found by their texts: numbers of elements in open addressing, at most half full.
class ElementIndex {
 public:
  explicit ElementIndex(size_t most) {
    size_t slots = 16;
    while (slots < 2 * most) slots *= 2;
    slots_.assign(slots, kFree);
    elements_.reserve(most);
  }

  // The element with this text, or null; then add() puts one there.
  Element* find(std::string_view text) {
    size_t slot = collections::hash_text(text);
    for (;; ++slot) {
      slot &= slots_.size() - 1;
      if (slots_[slot] == kFree) break;
      Element& element = elements_[slots_[slot]];
      if (element.text == text) return &element;
    }
    free_ = slot;
    return nullptr;
  }
  // REQUIRES: find(text) has just found none. `text` outlives the index.
  void add(std::string_view text, double score) {
    slots_[free_] = static_cast<uint32_t>(elements_.size());
    elements_.push_back({text, score});
  }
  MergeResult take() { return std::move(elements_); }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;
  std::vector<uint32_t> slots_;
  MergeResult elements_;
  size_t free_ = 0;
};

// Calls `common(member, text, score)` for each member that all inputs have; false ends it.
template <class Common>
void for_each_common(MergeInputs inputs, Aggregate aggregate, Common&& common) {
  const MergeInput& smallest = inputs.front();
  smallest.for_each_while([&](PackedValue member, double own) {
    PackedValue::Scratch digits;
    const std::string_view text = member.text(digits);
    double score = number_or_zero(own * smallest.weight);
    for (const MergeInput& other : inputs.subspan(1)) {
      const auto found = other.score_of(text);
      if (!found) return true;
      score = combined(score, *found * other.weight, aggregate);
    }
    return static_cast<bool>(common(member, text, score));
  });
}

}  // namespace

MergeResult merge_union(MergeInputs inputs, Aggregate aggregate, util::Arena& texts) {
  size_t most = 0;
  for (const MergeInput& input : inputs) most += input.size();
  ElementIndex index(most);
  for (const MergeInput& input : inputs) {
    input.for_each_while([&](PackedValue member, double own) {
      PackedValue::Scratch digits;
      const std::string_view text = member.text(digits);
      const double score = number_or_zero(own * input.weight);
      if (Element* const element = index.find(text)) {
        element->score = combined(element->score, score, aggregate);
      } else {
        index.add(kept(member, text, texts), score);
      }
      return true;
    });
  }
  MergeResult result = index.take();
  sort_by_score(result);
  return result;
}

MergeResult merge_intersection(MergeInputs inputs, Aggregate aggregate, util::Arena& texts) {
  MergeResult result;
  for_each_common(inputs, aggregate, [&](PackedValue member, std::string_view text, double score) {
    result.push_back({kept(member, text, texts), score});
    return true;
  });
  sort_by_score(result);
  return result;
}

size_t count_intersection(MergeInputs inputs, size_t most) {
  size_t count = 0;
  for_each_common(inputs, Aggregate::Sum,
                  [&](PackedValue, std::string_view, double) { return ++count < most; });
  return count;
}

MergeResult merge_difference(MergeInputs inputs, util::Arena& texts) {
  MergeResult result;
  inputs.front().for_each_while([&](PackedValue member, double score) {
    PackedValue::Scratch digits;
    const std::string_view text = member.text(digits);
    const MergeInputs others = inputs.subspan(1);
    const bool elsewhere = std::any_of(others.begin(), others.end(), [&](const MergeInput& other) {
      return other.score_of(text).has_value();
    });
    if (!elsewhere) result.push_back({kept(member, text, texts), score});
    return true;
  });
  sort_by_score(result);
  return result;
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
#include "10-full-server/collections/sorted_set_table.h"

#include <cassert>
#include <cmath>
#include <vector>

namespace collections {

SortedSetTable::Added SortedSetTable::add(std::string_view text, double score) {
  const uint64_t hash = hash_text(text);
  if (ScoredMember* member = find(hash, text)) return rescore(member, score);
  insert(hash, text, score);
  return Added::New;
}

void SortedSetTable::insert(uint64_t hash, std::string_view text, double score) {
  assert(!std::isnan(score));
  if (body_ == nullptr) body_ = std::make_unique<Body>();
  ScoredMember* member = ScoredMember::create(text, score);
  body_->index.insert(hash, member);
  body_->tree.insert(member);
}

ScoredMember* SortedSetTable::find(uint64_t hash, std::string_view text) const {
  return body_ == nullptr ? nullptr : body_->index.find(hash, text);
}

SortedSetTable::Added SortedSetTable::rescore(ScoredMember* member, double score) {
  assert(!std::isnan(score));
  if (member->score() == score) return Added::Same;
  body_->tree.rescore(member, score);
  return Added::Rescored;
}

// The tree compares texts, so a member leaves it before it leaves the index.
Taken<ScoredMember> SortedSetTable::take(ScoredMember* member) {
  body_->tree.erase(member);
  body_->index.take(member);
  return Taken<ScoredMember>(member);
}

bool SortedSetTable::remove(std::string_view text) {
  ScoredMember* member = find(text);
  if (member == nullptr) return false;
  take(member);
  return true;
}

Taken<ScoredMember> SortedSetTable::take_first() { return take(&body_->tree.first().member()); }

Taken<ScoredMember> SortedSetTable::take_last() { return take(&body_->tree.last().member()); }

void SortedSetTable::remove_ranks(const RankRange& ranks,
                                  util::FunctionRef<void(const ScoredMember&)> removed) {
  body_->tree.erase(ranks, [&](ScoredMember* member) {
    removed(*member);
    body_->index.take(member);
    ScoredMember::destroy(member);
  });
}

void SortedSetTable::build(std::span<const Element> sorted) {
  assert(empty());
  if (sorted.empty()) return;
  if (body_ == nullptr) body_ = std::make_unique<Body>();
  std::vector<ScoredMember*> members;
  members.reserve(sorted.size());
  for (const Element& element : sorted) {
    members.push_back(ScoredMember::create(element.text, element.score));
    body_->index.insert(hash_text(element.text), members.back());
  }
  body_->tree.build(members);
}

std::optional<double> SortedSetTable::score_of(std::string_view text) const {
  const ScoredMember* member = find(text);
  if (member == nullptr) return std::nullopt;
  return member->score();
}

std::optional<size_t> SortedSetTable::rank_of(std::string_view text) const {
  const ScoredMember* member = find(text);
  if (member == nullptr) return std::nullopt;
  return body_->tree.rank_of(member);
}

RankRange SortedSetTable::ranks_of(const ScoreRange& range) const {
  return body_ == nullptr ? RankRange() : body_->tree.ranks_of(range);
}

RankRange SortedSetTable::ranks_of(const LexRange& range) const {
  return body_ == nullptr ? RankRange() : body_->tree.ranks_of(range);
}

SortedSetTable::Position SortedSetTable::at(size_t rank) const {
  return body_ == nullptr ? Position() : body_->tree.at(rank);
}

SortedSetTable SortedSetTable::clone() const {
  SortedSetTable copy;
  std::vector<Element> elements;
  elements.reserve(size());
  for (Position at = first(); at; at.next()) elements.push_back({at.text(), at.score()});
  copy.build(elements);
  return copy;
}

size_t SortedSetTable::memory_size() const {
  if (body_ == nullptr) return 0;
  return memory::good_size(sizeof(Body)) + body_->tree.memory_size() + body_->index.memory_size();
}

SortedSetTable SortedSetTable::adopt(uintptr_t word) {
  SortedSetTable set;
  set.body_.reset(reinterpret_cast<Body*>(word));
  return set;
}

std::string SortedSetTable::find_fault() const {
  if (body_ == nullptr) return {};
  if (std::string fault = body_->tree.find_fault(); !fault.empty()) return fault;
  if (std::string fault = body_->index.find_fault(); !fault.empty()) return fault;
  if (body_->tree.size() != body_->index.size()) return "tree and index differ in size";
  for (Position at = first(); at; at.next()) {
    if (find(at.text()) != &at.member()) return "the index does not hold a member of the tree";
  }
  return {};
}

}  // namespace collections

// SPDX-License-Identifier: MIT
// ZUNION, ZINTER, ZDIFF, their STORE forms, and ZINTERCARD. Plain sets take part, each member with
// a score of 1. Inputs are taken from the smallest to the largest, except in a difference; that
// order is part of the contract, since adding doubles depends on it.
#include <algorithm>
#include <cmath>
#include <vector>

#include "10-full-server/commands/sorted_set_commands.h"
#include "10-full-server/commands/sorted_set_merge.h"
#include "shared/resp/request_errors.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using types::PackedValue;
using types::SortedSet;
namespace errors = util::errors;

namespace {

enum class Operation { Union, Intersection, Difference };

struct Algebra {
  Operation operation;
  bool stores = false;
  bool counts = false;
};

struct Query {
  std::vector<MergeInput> inputs;
  Aggregate aggregate = Aggregate::Sum;
  Scores scores = Scores::Without;
  int64_t limit = 0;  // 0: none
};

// False: an error has been answered.
bool read_inputs(Context& c, size_t numkeys, Query& query) {
  command::ArgReader in = c.reader(numkeys);
  const int64_t count = in.integer();
  if (!in.ok()) return c.fail(in.error()), false;
  if (count < 1) {
    std::string error = "ERR at least 1 input key is needed for '";
    error.append(c.command().row->name).append("' command");
    return c.reply().error(error), false;
  }
  if (static_cast<uint64_t>(count) > in.left()) return c.fail(errors::kSyntax), false;
  query.inputs.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    const keyspace::Entry* const entry = c.db().find(in.next(), c.read_flags());
    if (!MergeInput::accepts(entry)) return c.fail(errors::kWrongType), false;
    query.inputs.emplace_back(entry);
  }
  return true;
}

Aggregate read_aggregate(command::ArgReader& in) {
  if (in.take("sum")) return Aggregate::Sum;
  if (in.take("min")) return Aggregate::Min;
  if (in.take("max")) return Aggregate::Max;
  in.fail(errors::kSyntax);
  return Aggregate::Sum;
}

// False: an error has been answered.
bool read_options(Context& c, size_t from, const Algebra& algebra, Query& query) {
  const bool weighs = algebra.operation != Operation::Difference && !algebra.counts;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  command::ArgReader in = c.reader(from);
  while (in.more()) {
    if (weighs && in.take_with("weights", query.inputs.size())) {
      for (MergeInput& input : query.inputs) {
        input.weight = in.number({"ERR weight value is not a float"});
      }
    } else if (weighs && in.take_with("aggregate", 1)) {
      query.aggregate = read_aggregate(in);
    } else if (!algebra.stores && !algebra.counts && in.take("withscores")) {
      query.scores = Scores::With;
    } else if (algebra.counts && in.take_with("limit", 1)) {
      query.limit = in.integer_between(0, kMost, {"ERR LIMIT can't be negative"});
    } else {
      in.fail(errors::kSyntax);
    }
  }
  if (!in.ok()) c.fail(in.error());
  return in.ok();
}

std::vector<SortedSet::Element> result_of(Context& c, const Algebra& algebra, Query& query) {
  switch (algebra.operation) {
    case Operation::Union:
      return merge_union(query.inputs, query.aggregate, c.scratch());
    case Operation::Intersection:
      return merge_intersection(query.inputs, query.aggregate, c.scratch());
    default:
      return merge_difference(query.inputs, c.scratch());
  }
}

void reply_elements(Context& c, std::span<const SortedSet::Element> elements, Scores scores) {
  open_members(c, elements.size(), scores);
  for (const SortedSet::Element& element : elements) {
    reply_member(c, PackedValue(element.text), element.score, scores);
  }
}

void run(Context& c, const Algebra& algebra) {
  const size_t numkeys = algebra.stores ? 2 : 1;
  Query query;
  if (!read_inputs(c, numkeys, query)) return;
  if (!read_options(c, numkeys + 1 + query.inputs.size(), algebra, query)) return;
  if (algebra.operation != Operation::Difference) {
    std::stable_sort(query.inputs.begin(), query.inputs.end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
  }
  if (algebra.counts) {
    const size_t most = query.limit == 0 ? SIZE_MAX : static_cast<size_t>(query.limit);
    return c.reply().integer(static_cast<int64_t>(count_intersection(query.inputs, most)));
  }
  const std::vector<SortedSet::Element> elements = result_of(c, algebra, query);
  if (!algebra.stores) return reply_elements(c, elements, query.scores);
  SortedSet result;
  result.build(elements);
  store_sorted_set(c, c.arg(1), std::move(result), c.command().row->name);
}

void zunion(Context& c) { run(c, {Operation::Union}); }
void zinter(Context& c) { run(c, {Operation::Intersection}); }
void zdiff(Context& c) { run(c, {Operation::Difference}); }
void zunionstore(Context& c) { run(c, {Operation::Union, true}); }
void zinterstore(Context& c) { run(c, {Operation::Intersection, true}); }
void zdiffstore(Context& c) { run(c, {Operation::Difference, true}); }
void zintercard(Context& c) { run(c, {Operation::Intersection, false, true}); }

}  // namespace

std::span<const command::CommandRow> sorted_set_algebra_commands() {
  using namespace command;
  using Find = KeySpec::Find;
  constexpr Flags kReads = kReadOnly | kMovableKeys;
  constexpr Flags kStores = kWrite | kDenyOom | kMovableKeys;
  static constexpr KeySpec kCounted[] = {{.flags = kKeyRO | kKeyAccess,
                                          .index = 1,
                                          .find = Find::Count,
                                          .count_index = 0,
                                          .first = 1}};
  static constexpr KeySpec kStored[] = {{.flags = kKeyOW | kKeyUpdate, .index = 1},
                                        {.flags = kKeyRO | kKeyAccess,
                                         .index = 2,
                                         .find = Find::Count,
                                         .count_index = 0,
                                         .first = 1}};
  static constexpr CommandRow kRows[] = {
      {"zdiff", -3, kReads, kCounted, kAclSortedSet, zdiff},
      {"zdiffstore", -4, kStores, kStored, kAclSortedSet, zdiffstore},
      {"zinter", -3, kReads, kCounted, kAclSortedSet, zinter},
      {"zintercard", -3, kReads, kCounted, kAclSortedSet, zintercard},
      {"zinterstore", -4, kStores, kStored, kAclSortedSet, zinterstore},
      {"zunion", -3, kReads, kCounted, kAclSortedSet, zunion},
      {"zunionstore", -4, kStores, kStored, kAclSortedSet, zunionstore},
  };
  return kRows;
}

}  // namespace full_server

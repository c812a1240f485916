// SPDX-License-Identifier: MIT
#include "10-full-server/commands/sort_source.h"

#include "10-full-server/types/list.h"
#include "10-full-server/types/set.h"
#include "10-full-server/types/sorted_set.h"

namespace full_server {

using keyspace::TypeId;
using keyspace::View;
using types::List;
using types::PackedValue;
using types::Set;
using types::SortedSet;

bool SortSource::open(command::Context& c, std::string_view key, SortSource& source) {
  source.entry_ = c.db().find(key, c.read_flags());
  if (source.entry_ == nullptr) return true;
  const TypeId type = source.entry_->type();
  if (type == TypeId::SortedSet) {
    // Redis sorts from the big shape, and leaves it so; OBJECT ENCODING can be asked.
    auto set = c.edit<SortedSet>(key);
    if (set.read().is_packed()) set->become_table();
    set.unchanged();
  }
  if (type == TypeId::List || type == TypeId::Set || type == TypeId::SortedSet) return true;
  c.fail(util::errors::kWrongType);
  return false;
}

size_t SortSource::size() const {
  return entry_ == nullptr ? 0 : keyspace::descriptor_of(*entry_).length(entry_->word_address());
}

std::vector<PackedValue> SortSource::all() const {
  std::vector<PackedValue> elements;
  if (entry_ == nullptr) return elements;
  elements.reserve(size());
  if (entry_->type() == TypeId::List) {
    for (auto each = View<List>(entry_)->front(); each; each.next())
      elements.push_back(each.value());
  } else if (is_set()) {
    View<Set>(entry_)->for_each([&](PackedValue member) { elements.push_back(member); });
  } else {
    for (auto each = View<SortedSet>(entry_)->first(); each; each.next())
      elements.push_back(each.member());
  }
  return elements;
}

std::vector<PackedValue> SortSource::some(size_t start, size_t count, bool backwards) const {
  std::vector<PackedValue> elements;
  if (count == 0) return elements;
  elements.reserve(count);
  const size_t first = backwards ? size() - 1 - start : start;
  if (entry_->type() == TypeId::List) {
    auto each = View<List>(entry_)->at(static_cast<int64_t>(first));
    for (; elements.size() < count; backwards ? each.previous() : each.next())
      elements.push_back(each.value());
  } else {
    auto each = View<SortedSet>(entry_)->at(first);
    for (; elements.size() < count; backwards ? each.previous() : each.next())
      elements.push_back(each.member());
  }
  return elements;
}

}  // namespace full_server

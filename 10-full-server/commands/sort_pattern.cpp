// SPDX-License-Identifier: MIT
#include "10-full-server/commands/sort_pattern.h"

#include "10-full-server/types/hash.h"

namespace full_server {

using keyspace::TypeId;
using types::Hash;
using types::PackedValue;

SortPattern::SortPattern(std::string_view text) : is_element_(text == "#") {
  const size_t star = text.find('*');
  has_star_ = star != std::string_view::npos;
  if (!has_star_) return;
  before_ = text.substr(0, star);
  behind_ = text.substr(star + 1);
  const size_t arrow = behind_.find("->");
  if (arrow == std::string_view::npos || arrow + 2 == behind_.size()) return;
  field_ = behind_.substr(arrow + 2);
  behind_ = behind_.substr(0, arrow);
}

std::optional<std::string_view> SortPattern::value_of(command::Context& c,
                                                      std::string_view element) {
  if (is_element_) return element;
  if (!has_star_) return {};
  key_.assign(before_).append(element).append(behind_);
  keyspace::Entry* entry = c.db().find(key_, c.read_flags());
  if (entry == nullptr || entry->type() != (field_.empty() ? TypeId::String : TypeId::Hash))
    return {};
  PackedValue::Scratch digits;
  if (!field_.empty()) {
    const auto value = keyspace::View<Hash>(entry)->get(field_);
    if (!value) return {};
    return value->is_number() ? c.scratch().copy(value->text(digits)) : value->text(digits);
  }
  keyspace::StringScratch scratch;
  const std::string_view text = keyspace::string_text(*entry, scratch);
  return keyspace::is_integer(*entry) ? c.scratch().copy(text) : text;
}

}  // namespace full_server

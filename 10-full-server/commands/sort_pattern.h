// SPDX-License-Identifier: MIT
//
// SORT's patterns: which value belongs to an element. "weight_*" names a string, "user_*->age" a field of a hash, "#" the
// element itself; the first star stands for the element. Refers to the pattern's text, copies nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/command/context.h"

namespace full_server {

class SortPattern {
 public:
  explicit SortPattern(std::string_view text);

  // The value, or nothing: no such key or field, another type, a pattern without a star. Valid until that key changes or
  // the turn is over.
  std::optional<std::string_view> value_of(command::Context& c, std::string_view element);

 private:
  bool is_element_ = false;
  bool has_star_ = false;
  std::string_view before_, behind_, field_;
  std::string key_;  // of the element that was asked about last: its memory is used again
};

}  // namespace full_server

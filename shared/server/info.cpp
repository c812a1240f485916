// SPDX-License-Identifier: MIT
#include "shared/server/info.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/util/text.h"

namespace server {

void Info::add(Section section) {
  const auto same =
      std::find_if(sections_.begin(), sections_.end(), [&](const Section& other) { return other.name == section.name; });
  if (same == sections_.end()) {
    sections_.push_back(std::move(section));
  } else {
    *same = std::move(section);
  }
}

void Info::extend(std::string_view section, std::function<void(InfoWriter&)> write) {
  extensions_.push_back({section, std::move(write)});
}

size_t Info::rank(std::string_view section) const {
  return static_cast<size_t>(std::find(order_.begin(), order_.end(), section) - order_.begin());
}

std::string Info::render(const std::vector<std::string_view>& names) const {
  const auto asked = [&](std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](auto given) { return util::equal_ignoring_case(given, name); });
  };
  const bool defaults = names.empty() || asked("default");
  const bool all = asked("all") || asked("everything");
  std::vector<const Section*> shown;
  for (const Section& section : sections_) {
    const bool unasked = (all && !section.only_by_name) || (defaults && section.by_default);
    if (unasked || asked(section.name)) shown.push_back(&section);
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [&](const Section* a, const Section* b) { return rank(a->name) < rank(b->name); });
  std::string result;
  for (const Section* section : shown) {
    if (!result.empty()) result += "\r\n";
    result += fmt::format("# {}\r\n", section->title);
    std::string lines;
    InfoWriter writer(lines);
    section->write(writer);
    for (const Extension& extension : extensions_) {
      if (extension.section == section->name) extension.write(writer);
    }
    result += arrange_ ? arrange_(section->name, std::move(lines)) : lines;
  }
  return result;
}

}  // namespace server

// SPDX-License-Identifier: MIT
//
// INFO is a list of sections; each part of the server contributes its own. A section writes `name:value` lines.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server {

class InfoWriter {
 public:
  explicit InfoWriter(std::string& out) : out_(out) {}
  void field(std::string_view name, std::string_view value) {
    out_.append(name).append(":").append(value).append("\r\n");
  }
  template <std::integral Integer>
  void field(std::string_view name, Integer value) {
    field(name, std::string_view(std::to_string(value)));
  }

 private:
  std::string& out_;
};

class Info {
 public:
  struct Section {
    std::string_view name;   // as asked for, lower case
    std::string_view title;  // as printed
    bool by_default = true;  // without arguments, or "default"; the rest only by name, "all" or "everything"
    std::function<void(InfoWriter&)> write;
    bool only_by_name = false;
  };
  // Sections are printed in the order of addition; one of the same name replaces the earlier one.
  void add(Section section);
  // Further fields at the end of a section, whoever writes or replaces it.
  void extend(std::string_view section, std::function<void(InfoWriter&)> write);
  // Which sections come first, in this order; the rest follows in the order of addition.
  void put_in_order(std::vector<std::string_view> names) { order_ = std::move(names); }
  // Has the last word on a section's lines: their order, and what is missing.
  using Arrange = std::function<std::string(std::string_view section, std::string lines)>;
  void arrange(Arrange arrange) { arrange_ = std::move(arrange); }
  // `names` in any case; empty means default. Sections are separated by an empty line.
  std::string render(const std::vector<std::string_view>& names) const;

 private:
  struct Extension {
    std::string_view section;
    std::function<void(InfoWriter&)> write;
  };
  size_t rank(std::string_view section) const;

  std::vector<std::string_view> order_;
  Arrange arrange_;
  std::vector<Section> sections_;
  std::vector<Extension> extensions_;
};

}  // namespace server

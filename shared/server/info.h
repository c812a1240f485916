// SPDX-License-Identifier: MIT
//
// INFO is a list of sections; each part of the server contributes its own. A section writes `name:value` lines.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
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
  };
  // Sections are printed in the order of addition; one of the same name replaces the earlier one.
  void add(Section section);
  // Further fields at the end of a section, whoever writes or replaces it.
  void extend(std::string_view section, std::function<void(InfoWriter&)> write);
  // `names` in any case; empty means default. Sections are separated by an empty line.
  std::string render(const std::vector<std::string_view>& names) const;

 private:
  struct Extension {
    std::string_view section;
    std::function<void(InfoWriter&)> write;
  };
  std::vector<Section> sections_;
  std::vector<Extension> extensions_;
};

}  // namespace server

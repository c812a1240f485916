// SPDX-License-Identifier: MIT
//
// Plain searches in Markdown; docs/authoring.md defines both formats.
#include "shared/testing/transcript/guide.h"

#include <filesystem>
#include <optional>
#include <regex>
#include <sstream>

#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

std::filesystem::path stage_of(const std::string& chk_file) {
  return std::filesystem::absolute(chk_file).lexically_normal().parent_path().parent_path();
}

std::string one_line(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

}  // namespace

Rule find_rule(const std::string& chk_file, int number, const std::string& base) {
  if (number == 0) return {};
  const std::filesystem::path stage = stage_of(chk_file);
  const std::string guide = read_file((stage / "GUIDE.md").string()).value_or("");
  const std::string mark = "**Rule " + std::to_string(number) + ".**";
  const std::size_t at = guide.find(mark);
  if (at == std::string::npos) return {};
  const std::size_t paragraph = std::min(guide.find("\n\n", at), guide.size());
  const std::string text = one_line(guide.substr(at + mark.size(), paragraph - at - mark.size()));
  std::smatch found;
  Rule rule;
  // A sentence ends at a full stop before a capital, a quote or the end: "RESP 2.0 is" goes on.
  rule.sentence =
      std::regex_search(text, found, std::regex(R"(^\s*(.*?[.!?])(?=\s+[A-Z*`_(]|\s*$))"))
          ? found[1].str()
          : text;
  const std::string prefix = base.empty() || base.back() == '/' ? base : base + "/";
  rule.link = prefix + stage.filename().string() + "/GUIDE.md#rule-" + std::to_string(number);
  return rule;
}

std::string first_hint(const std::string& chk_file, const std::string& task) {
  const std::string catalogue = read_file((stage_of(chk_file) / "tasks.md").string()).value_or("");
  std::istringstream lines(catalogue);
  std::string line;
  std::string hint;
  bool in_section = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("## ")) in_section = line.starts_with("## " + task + " ");
    if (!in_section) continue;
    if (line.starts_with("1. "))
      hint = line.substr(3);
    else if (!hint.empty() && line.starts_with("  "))
      hint += line;
    else if (!hint.empty())
      break;
  }
  return one_line(hint);
}

}  // namespace transcript

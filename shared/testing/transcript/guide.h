// SPDX-License-Identifier: MIT
//
// What a stage's own texts say about a failing scenario: the rule of its GUIDE.md and the first
// hint of its tasks.md, both beside the folder of the .chk file. Empty strings when there is
// nothing.
#pragma once

#include <string>

namespace transcript {

struct Rule {
  std::string sentence;  // the first sentence of **Rule N.**
  std::string link;      // 05-aof/GUIDE.md#rule-2
};

// `base` goes before the link, for instance a URL.
Rule find_rule(const std::string& chk_file, int number, const std::string& base);

// Item 1 of the section "## 02.3 …".
std::string first_hint(const std::string& chk_file, const std::string& task);

}  // namespace transcript

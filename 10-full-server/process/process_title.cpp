// SPDX-License-Identifier: MIT
#include "10-full-server/process/process_title.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

namespace process {

std::optional<std::string> expand_title(std::string_view pattern, const TitleVariables& variables) {
  std::string title;
  while (!pattern.empty()) {
    const size_t brace = std::min(pattern.find('{'), pattern.size());
    title.append(pattern.substr(0, brace));
    pattern.remove_prefix(brace);
    if (pattern.empty()) break;
    pattern.remove_prefix(1);
    if (pattern.starts_with('{')) {
      title += '{';
      pattern.remove_prefix(1);
      continue;
    }
    const size_t end = pattern.find('}');
    if (end == std::string_view::npos) return {};
    const auto value = variables(pattern.substr(0, end));
    if (!value) return {};
    title += *value;
    pattern.remove_prefix(end + 1);
  }
  const size_t first = title.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return title.substr(first, title.find_last_not_of(' ') - first + 1);
}

namespace {

struct Words {
  char* begin = nullptr;
  size_t size = 0;
};

// Fields 48 to 51 of /proc/self/stat: arg_start, arg_end, env_start, env_end.
Words find_words() {
  std::ifstream file("/proc/self/stat");
  std::string line((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const size_t name_end = line.rfind(')');  // the name in the second field may hold anything
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  std::vector<std::string> all((std::istream_iterator<std::string>(fields)), {});
  constexpr size_t kArgStart = 45, kEnvEnd = 48;  // counted behind the name
  if (all.size() <= kEnvEnd) return {};
  const auto begin = std::strtoull(all[kArgStart].c_str(), nullptr, 10);
  const auto end = std::strtoull(all[kEnvEnd].c_str(), nullptr, 10);
  if (begin == 0 || end <= begin) return {};
  return {reinterpret_cast<char*>(begin), static_cast<size_t>(end - begin)};
}

// Whoever asks for a variable later must not find the title.
void move_environment() {
  std::vector<std::string> variables;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) variables.emplace_back(*each);
  clearenv();
  for (const std::string& each : variables) {
    const size_t equals = each.find('=');
    if (equals != std::string::npos) setenv(each.substr(0, equals).c_str(), each.c_str() + equals + 1, 1);
  }
}

}  // namespace

std::string started_as() {
  static const std::string kName = [] {
    std::ifstream file("/proc/self/cmdline");
    std::string name;
    std::getline(file, name, '\0');
    return name;
  }();
  return kName;
}

bool set_process_title(std::string_view title) {
  static const Words kWords = [] {
    started_as();  // remembered before it is overwritten
    const Words words = find_words();
    if (words.begin != nullptr) move_environment();
    return words;
  }();
  if (kWords.begin == nullptr) return false;
  const size_t length = std::min(title.size(), kWords.size - 1);
  std::memcpy(kWords.begin, title.data(), length);
  std::memset(kWords.begin + length, 0, kWords.size - length);
  return true;
}

}  // namespace process

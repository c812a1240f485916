// SPDX-License-Identifier: MIT
#include "shared/server/config_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <span>
#include <sstream>

#include "shared/util/text.h"

namespace server {

using util::Failure;
using util::Result;

static bool is_flag(std::string_view word) { return word.size() > 2 && word.starts_with("--"); }

// The flags become lines of a configuration. A word behind a flag is its value, even one that looks like a flag; more
// words without dashes may follow. "--name value" in one word is a whole line.
static void read_flags(std::span<const std::string_view> words, CommandLine& result) {
  std::string line;
  bool has_value = true;
  const auto finish = [&] {
    if (!line.empty()) result.lines.push_back(std::move(line));
    line.clear();
  };
  for (size_t at = 0; at < words.size(); ++at) {
    const std::string_view word = words[at];
    const bool last = at + 1 == words.size();
    if (word == "-" && (at == 0 || last)) {
      result.from_stdin = true;
    } else if (has_value && is_flag(word)) {
      finish();
      line = word.substr(2);
      const auto parts = util::split_words(line);
      has_value = parts && parts->size() > 1;
      // `--save` alone stands for no save points.
      if (util::equal_ignoring_case(word, "--save") && (last || is_flag(words[at + 1]))) {
        line += " \"\"";
        has_value = true;
      }
    } else {
      if (!line.empty()) line += ' ';
      line += util::quoted(word);
      has_value = true;
    }
  }
  finish();
}

CommandLine parse_command_line(int argc, char** argv) {
  CommandLine result;
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  if (words.empty()) return result;
  if (words[0] == "-v" || words[0] == "--version") result.action = CommandLine::Action::Version;
  if (words[0] == "-h" || words[0] == "--help") result.action = CommandLine::Action::Help;
  if (result.action != CommandLine::Action::Run) return result;
  const bool has_path = !words[0].starts_with('-');
  if (has_path) result.config_path = words[0];
  read_flags(std::span(words).subspan(has_path ? 1 : 0), result);
  return result;
}

static Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Failure{fmt::format("can't open config file {}: {}", path, std::strerror(errno))};
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return Failure{fmt::format("can't read config file {}: {}", path, std::strerror(errno))};
  return content;
}

constexpr int kMaxIncludes = 16;  // files within files

static Result<> load_lines(std::string_view text, const std::string& where, ParameterTable& parameters, int depth);

// What old configuration files may hold, and Redis passes over too.
static bool means_nothing(std::string_view name) {
  static constexpr std::string_view kNames[] = {"list-max-ziplist-entries", "list-max-ziplist-value",
                                                "lua-replicate-commands"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view each) { return util::equal_ignoring_case(each, name); });
}

static Result<> apply_line(std::string_view line, ParameterTable& parameters, int depth = 0) {
  const auto words = util::split_words(line);
  if (!words) return Failure{"Unbalanced quotes in configuration line"};
  if (words->empty()) return {};
  const std::vector<std::string> values(words->begin() + 1, words->end());
  if (means_nothing((*words)[0])) return {};
  if (util::equal_ignoring_case((*words)[0], "include") && values.size() == 1) {
    if (depth == kMaxIncludes) return Failure{"include is nested too deeply"};
    const auto content = read_file(values[0]);
    if (!content) return Failure{content.error()};
    return load_lines(content.value(), values[0], parameters, depth + 1);
  }
  return parameters.set_at_start((*words)[0], values);
}

static Result<> load_lines(std::string_view text, const std::string& where, ParameterTable& parameters, int depth) {
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const size_t start = line.find_first_not_of(" \t\r\n");
    if (start == std::string::npos || line[start] == '#') continue;
    if (const auto applied = apply_line(line, parameters, depth); !applied) {
      return Failure{fmt::format("{} line {}: '{}': {}", where, number, line, applied.error())};
    }
  }
  return {};
}

Result<> load_text(std::string_view text, const std::string& where, ParameterTable& parameters) {
  return load_lines(text, where, parameters, 0);
}

Result<> load_configuration(const CommandLine& line, ParameterTable& parameters) {
  if (!line.config_path.empty()) {
    const auto content = read_file(line.config_path);
    if (!content) return Failure{content.error()};
    if (const auto loaded = load_text(content.value(), line.config_path, parameters); !loaded) return loaded;
  }
  if (line.from_stdin) {
    const std::string content((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
    if (const auto loaded = load_text(content, "standard input", parameters); !loaded) return loaded;
  }
  for (const std::string& flag : line.lines) {
    if (const auto applied = apply_line(flag, parameters); !applied) {
      return Failure{fmt::format("command line: '{}': {}", flag, applied.error())};
    }
  }
  return {};
}

static std::string shown(const Parameter& row) {
  const std::string value = row.get();
  if (row.takes_words && !value.empty()) return value;
  const bool plain = !value.empty() && value.find_first_of(" \t\n\r\"'\\#") == std::string::npos;
  return plain ? value : util::quoted(value);
}

// What is not given in the file and as it is by default need not be written. `everything`: all that can be read back.
static bool belongs_in_file(const Parameter& row, bool everything) {
  if (row.directive) return row.rewrite && !row.rewrite().empty();
  const std::string value = row.get();
  if (everything && !row.hidden) return row.rewrite || !row.takes_words || !value.empty();
  return value != row.default_value;
}

static std::vector<std::string> lines_of(const Parameter& row) {
  if (row.rewrite) return row.rewrite();
  return {row.name + " " + shown(row)};
}

static std::string rewritten(std::string_view old, const ParameterTable& parameters, bool everything) {
  std::string result;
  std::set<const Parameter*> done;
  std::istringstream lines{std::string(old)};
  std::string line;
  while (std::getline(lines, line)) {
    const auto words = util::split_words(line);
    const Parameter* row = words && !words->empty() && line[line.find_first_not_of(" \t")] != '#'
                               ? parameters.find((*words)[0])
                               : nullptr;
    if (row == nullptr) {
      result += line + "\n";
    } else if (done.insert(row).second) {
      for (const std::string& each : lines_of(*row)) result += each + "\n";
    }
  }
  constexpr std::string_view kMark = "# Generated by CONFIG REWRITE";
  bool marked = result.find(kMark) != std::string::npos;
  for (const Parameter& row : parameters.rows()) {
    if (done.contains(&row) || !belongs_in_file(row, everything)) continue;
    if (!std::exchange(marked, true)) result += fmt::format("{}\n", kMark);
    for (const std::string& each : lines_of(row)) result += each + "\n";
  }
  return result;
}

Result<> rewrite_configuration(const std::string& path, const ParameterTable& parameters, bool everything) {
  const auto old = read_file(path);
  if (!old) return Failure{old.error()};
  const std::string text = rewritten(old.value(), parameters, everything);
  const std::string temporary = fmt::format("{}-{}.tmp", path, getpid());
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return Failure{std::strerror(errno)};
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  const int error = errno;
  close(file);
  if (written && std::rename(temporary.c_str(), path.c_str()) == 0) return {};
  const std::string reason = std::strerror(written ? errno : error);
  unlink(temporary.c_str());
  return Failure{reason};
}

}  // namespace server

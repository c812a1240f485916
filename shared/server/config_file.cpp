// SPDX-License-Identifier: MIT
#include "shared/server/config_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>

#include "shared/util/text.h"

namespace server {

using util::Failure;
using util::Result;

static bool is_flag(std::string_view word) { return word.size() > 2 && word.starts_with("--"); }

CommandLine parse_command_line(int argc, char** argv) {
  CommandLine result;
  std::vector<std::string_view> words(argv + 1, argv + argc);
  if (words.size() == 1 && (words[0] == "-v" || words[0] == "--version")) result.action = CommandLine::Action::Version;
  if (words.size() == 1 && (words[0] == "-h" || words[0] == "--help")) result.action = CommandLine::Action::Help;
  if (result.action != CommandLine::Action::Run) return result;
  size_t at = 0;
  if (!words.empty() && !is_flag(words[0]) && words[0] != "-") {
    result.config_path = words[at++];
  }
  std::string line;
  for (; at < words.size(); ++at) {
    if (words[at] == "-" && line.empty()) {
      result.from_stdin = true;
    } else if (is_flag(words[at])) {
      if (!line.empty()) result.lines.push_back(std::move(line));
      line = words[at].substr(2);
    } else {
      line += ' ';
      // A value may itself hold words ("--save '60 1'"); only what would break the line is quoted.
      const bool plain = !words[at].empty() && words[at].find_first_of("\"'\\\n\r\t") == std::string_view::npos;
      line += plain ? std::string(words[at]) : util::quoted(words[at]);
    }
  }
  if (!line.empty()) result.lines.push_back(std::move(line));
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

static Result<> apply_line(std::string_view line, ParameterTable& parameters, int depth = 0) {
  const auto words = util::split_words(line);
  if (!words) return Failure{"Unbalanced quotes in configuration line"};
  if (words->empty()) return {};
  const std::vector<std::string> values(words->begin() + 1, words->end());
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
      return Failure{fmt::format("option --{}: {}", flag, applied.error())};
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

static std::vector<std::string> lines_of(const Parameter& row) {
  if (row.rewrite) return row.rewrite();
  return {row.name + " " + shown(row)};
}

static std::string rewritten(std::string_view old, const ParameterTable& parameters) {
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
    if (done.contains(&row) || row.get() == row.default_value) continue;
    if (!std::exchange(marked, true)) result += fmt::format("{}\n", kMark);
    for (const std::string& each : lines_of(row)) result += each + "\n";
  }
  return result;
}

Result<> rewrite_configuration(const std::string& path, const ParameterTable& parameters) {
  const auto old = read_file(path);
  if (!old) return Failure{old.error()};
  const std::string text = rewritten(old.value(), parameters);
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

// SPDX-License-Identifier: MIT
#include "05-aof/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace aof {

using util::Failure;
using util::Result;

constexpr size_t kMaxLine = 1024;

std::vector<std::string> Manifest::names() const {
  std::vector<std::string> names;
  if (base) names.push_back(base->name);
  for (const LogFile& increment : increments) names.push_back(increment.name);
  return names;
}

namespace {

struct Line {
  LogFile file;
  char type = 0;
};

Result<Line> parse_line(std::string_view text) {
  const Failure malformed{"Invalid AOF manifest file format"};
  const auto words = util::split_words(text);
  if (!words || words->size() < 6 || words->size() % 2 != 0) return malformed;
  Line line;
  for (size_t i = 0; i < words->size(); i += 2) {
    const std::string& key = (*words)[i];
    const std::string& value = (*words)[i + 1];
    if (util::equal_ignoring_case(key, "file")) line.file.name = value;
    if (util::equal_ignoring_case(key, "seq"))
      line.file.sequence = util::parse_int64(value).value_or(0);
    if (util::equal_ignoring_case(key, "type") && !value.empty()) line.type = value[0];
  }
  if (line.file.name.find('/') != std::string::npos)
    return Failure{"File can't be a path, just a filename"};
  if (line.file.name.empty() || line.file.sequence == 0 || line.type == 0) return malformed;
  return line;
}

// What is wrong with it, or an empty text.
std::string_view add(Manifest& manifest, const Line& line) {
  switch (line.type) {
    case 'b':
      if (manifest.base) return "Found duplicate base file information";
      manifest.base = line.file;
      return "";
    case 'h':
      manifest.history.push_back(line.file);
      return "";
    case 'i':
      if (!manifest.increments.empty() &&
          manifest.increments.back().sequence >= line.file.sequence) {
        return "Found a non-monotonic sequence number";
      }
      manifest.increments.push_back(line.file);
      return "";
    default:
      return "Unknown AOF file type";
  }
}

Failure at_line(size_t number, std::string_view line, std::string_view problem) {
  return {
      fmt::format("Reading the manifest file, at line {}\n>>> '{}'\n{}", number, line, problem)};
}

bool needs_quotes(std::string_view name) {
  return std::ranges::any_of(
      name, [](char c) { return c <= ' ' || c > '~' || c == '\\' || c == '"' || c == '\''; });
}

void format_line(std::string& out, const LogFile& file, char type) {
  out += fmt::format("file {} seq {} type {}\n",
                     needs_quotes(file.name) ? util::quoted(file.name) : file.name, file.sequence,
                     type);
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text) {
  Manifest manifest;
  if (text.empty()) return Failure{"Found an empty AOF manifest"};
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos || end >= kMaxLine) {
      return at_line(number, line.substr(0, 80), "The AOF manifest file contains too long line");
    }
    text.remove_prefix(end + 1);
    if (line.starts_with('#')) continue;
    const Result<Line> parsed = parse_line(line);
    const std::string problem(parsed ? add(manifest, parsed.value())
                                     : std::string_view(parsed.error()));
    if (!problem.empty()) return at_line(number, line, problem);
  }
  return manifest;
}

std::string format_manifest(const Manifest& manifest) {
  std::string text;
  if (manifest.base) format_line(text, *manifest.base, 'b');
  for (const LogFile& file : manifest.history) format_line(text, file, 'h');
  for (const LogFile& file : manifest.increments) format_line(text, file, 'i');
  return text;
}

}  // namespace aof

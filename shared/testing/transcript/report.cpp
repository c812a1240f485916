// SPDX-License-Identifier: MIT
//
// The learner's view: what was sent, expected and received, a caret, the rule, the way to repeat
// it, a hint.
#include "shared/testing/transcript/report.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include "shared/testing/transcript/guide.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

constexpr std::size_t kLabel = 10;  // columns of "expected  "
constexpr std::size_t kTitle = 64;

void label(std::string& out, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  out += "  " + std::string(name) + std::string(kLabel - name.size(), ' ') + text + "\n";
}

// The comparison's lines are cut around the caret when a reply in notation is long.
void add_received(std::string& out, const Failure& failure) {
  label(out, "received", failure.received);
  if (!failure.caret || failure.received.empty()) return;
  out += std::string(2 + kLabel + *failure.caret, ' ') + "^ " + failure.reason + "\n";
}

std::string source_line(const Scenario& scenario, int line) {
  const std::string text = read_file(scenario.file).value_or("");
  std::istringstream lines(text);
  std::string found;
  for (int n = 0; n < line && std::getline(lines, found); ++n) {
  }
  found.erase(0, std::min(found.find_first_not_of(" \t"), found.size()));
  return found;
}

void add_log(std::string& out, const std::string& log) {
  if (log.empty()) return;
  out += "  the server's log ends with\n";
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) out += "  | " + line + "\n";
}

std::string headline(const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::NotWritten:
      return "not written yet: task " + failure.task;
    case FailureKind::Crashed:
      return "the server crashed";
    case FailureKind::NotListening:
      return "the server does not listen";
    case FailureKind::Wrong:
      break;
  }
  return "";
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

}  // namespace

std::string explain_failure(const Result& result, const ReportSettings& settings) {
  const Scenario& scenario = *result.scenario;
  const Failure& failure = *result.failure;
  std::string out = "  " + scenario.file + ":" + std::to_string(failure.line) + "\n";
  label(out, "line", source_line(scenario, failure.line));
  if (failure.kind == FailureKind::NotWritten) {
    out += "  " + headline(failure) + "\n";
    label(out, "hint", first_hint(scenario.file, failure.task));
    return out;
  }
  const bool caret_tells = failure.caret && !failure.received.empty();
  label(out, "problem", caret_tells && failure.kind == FailureKind::Wrong ? "" : failure.reason);
  label(out, "sent", failure.sent);
  label(out, "expected", failure.expected);
  add_received(out, failure);
  add_log(out, failure.log);
  const Rule rule = find_rule(scenario.file, scenario.rule, settings.link_base);
  if (!rule.link.empty()) {
    label(out, "rule " + std::to_string(scenario.rule), rule.sentence);
    out += std::string(2 + kLabel, ' ') + rule.link + "\n";
  }
  const std::string seed = "SEED=" + std::to_string(settings.seed);
  label(out, "again", scenario.id.empty() ? "" : "make check T=" + scenario.id + " " + seed);
  label(out, "hint", first_hint(scenario.file, scenario.id));
  return out;
}

std::string show_result(const Result& result, const ReportSettings& settings) {
  const Scenario& scenario = *result.scenario;
  const char* verdict = result.verdict == Verdict::Passed       ? "ok    "
                        : result.verdict == Verdict::Skipped    ? "skip  "
                        : result.verdict == Verdict::NotWritten ? "todo  "
                                                                : "FAIL  ";
  std::string line =
      verdict + (scenario.id.empty() ? "" : scenario.id + "  ") + padded(scenario.title, kTitle);
  if (result.verdict == Verdict::Skipped) return line + "  (" + result.reason + ")\n";
  char time[32];
  std::snprintf(time, sizeof time, "  %5.0f ms", result.seconds * 1000);
  line += time;
  if (result.lines_skipped > 0)
    line += "  " + std::to_string(result.lines_skipped) + " lines marked";
  line += "\n";
  return result.failure ? line + explain_failure(result, settings) : line;
}

std::string show_summary(const std::vector<Result>& results) {
  int points = 0;
  int all_points = 0;
  int marked = 0;
  std::size_t counts[4] = {};
  std::set<std::string> unwritten;
  for (const Result& result : results) {
    ++counts[static_cast<std::size_t>(result.verdict)];
    marked += result.lines_skipped;
    if (result.verdict != Verdict::Skipped) all_points += result.scenario->points;
    if (result.verdict == Verdict::Passed) points += result.scenario->points;
    if (result.verdict == Verdict::NotWritten) unwritten.insert(result.failure->task);
  }
  std::string out;
  if (all_points > 0)
    out += "points: " + std::to_string(points) + " of " + std::to_string(all_points) + "\n";
  if (marked > 0)
    out += "lines not compared because they are marked: " + std::to_string(marked) + "\n";
  for (const std::string& task : unwritten) out += "not written yet: task " + task + "\n";
  out +=
      std::to_string(counts[0]) + " passed, " + std::to_string(counts[1] + counts[2]) + " failed";
  if (counts[3] > 0) out += ", " + std::to_string(counts[3]) + " skipped";
  return out + "\n";
}

}  // namespace transcript

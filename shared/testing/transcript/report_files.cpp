// SPDX-License-Identifier: MIT
//
// The machine-readable reports: one JSON object, or JUnit's testsuite.
#include <cstdio>

#include "shared/testing/transcript/report.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

constexpr const char* kVerdicts[] = {"passed", "failed", "not-written", "skipped"};

std::string json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", byte);
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\n' || static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out;
}

std::string fixed(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", seconds);
  return text;
}

}  // namespace

std::string to_json(const std::vector<Result>& results, const ReportSettings& settings) {
  std::string out = "{\"seed\": " + std::to_string(settings.seed) + ", \"scenarios\": [\n";
  for (const Result& result : results) {
    const Scenario& scenario = *result.scenario;
    out += "  {\"task\": " + json(scenario.id) + ", \"title\": " + json(scenario.title) +
           ", \"file\": " + json(scenario.file) + ", \"line\": " + std::to_string(scenario.line) +
           ", \"points\": " + std::to_string(scenario.points) +
           ", \"verdict\": " + json(kVerdicts[static_cast<std::size_t>(result.verdict)]) +
           ", \"seconds\": " + fixed(result.seconds) +
           ", \"lines_skipped\": " + std::to_string(result.lines_skipped);
    if (!result.reason.empty()) out += ", \"reason\": " + json(result.reason);
    if (result.failure) out += ", \"message\": " + json(explain_failure(result, settings));
    out += &result == &results.back() ? "}\n" : "},\n";
  }
  return out + "]}\n";
}

std::string to_junit(const std::vector<Result>& results, const ReportSettings& settings) {
  std::size_t failed = 0;
  std::size_t skipped = 0;
  double seconds = 0;
  std::string cases;
  for (const Result& result : results) {
    const Scenario& scenario = *result.scenario;
    seconds += result.seconds;
    cases += "  <testcase classname=\"" + xml(scenario.id) + "\" name=\"" + xml(scenario.title) +
             "\" time=\"" + fixed(result.seconds) + "\">";
    if (result.failure) {
      ++failed;
      cases += "<failure message=\"" + xml(clipped(result.failure->reason)) + "\">" +
               xml(explain_failure(result, settings)) + "</failure>";
    } else if (result.verdict == Verdict::Skipped) {
      ++skipped;
      cases += "<skipped message=\"" + xml(result.reason) + "\"/>";
    }
    cases += "</testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"workshop-check\" tests=\"" +
         std::to_string(results.size()) + "\" failures=\"" + std::to_string(failed) +
         "\" skipped=\"" + std::to_string(skipped) + "\" time=\"" + fixed(seconds) + "\">\n" +
         cases + "</testsuite>\n";
}

}  // namespace transcript

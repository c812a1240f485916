// SPDX-License-Identifier: MIT
//
// Results of scenarios: kept, summed, and shown to a learner, as JSON and as JUnit XML.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/script.h"

namespace transcript {

enum class Verdict { Passed, Failed, NotWritten, Skipped };

struct Result {
  const Scenario* scenario = nullptr;
  Verdict verdict = Verdict::Passed;
  std::optional<Failure> failure;
  std::string reason;  // Skipped
  double seconds = 0;
  int lines_skipped = 0;
};

struct ReportSettings {
  std::uint64_t seed = 0;
  std::string link_base;
};

// The paragraph that a failing scenario gets.
std::string explain_failure(const Result& result, const ReportSettings& settings);

// One line; a failure is followed by its paragraph.
std::string show_result(const Result& result, const ReportSettings& settings);

// Points, skipped lines, and last "N passed, N failed".
std::string show_summary(const std::vector<Result>& results);

std::string to_json(const std::vector<Result>& results, const ReportSettings& settings);
std::string to_junit(const std::vector<Result>& results, const ReportSettings& settings);

}  // namespace transcript

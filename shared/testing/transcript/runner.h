// SPDX-License-Identifier: MIT
//
// Runs scenarios one after another and collects their results.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "shared/testing/transcript/report.h"
#include "shared/testing/transcript/scenario_run.h"

namespace transcript {

// Called with each result as it is known; false stops the run.
using OnResult = std::function<bool(const Result&)>;

// `scenarios` must outlive the results. SyntaxError (found late, in a value) becomes a failure of
// its line.
std::vector<Result> run_scenarios(const std::vector<Scenario>& scenarios,
                                  const RunSettings& settings, const OnResult& on_result);

// The version of a redis-server, asked through INFO.
std::string ask_version(const RunSettings& settings);

}  // namespace transcript

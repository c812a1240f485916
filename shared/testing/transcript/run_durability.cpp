// SPDX-License-Identifier: MIT
//
// powercut and order: they need to see the server's system calls.
#include "shared/testing/transcript/scenario_run.h"

namespace transcript {

void ScenarioRun::run_power_cut(const Statement&) {
  throw SkipError("powercut is not available here");
}

void ScenarioRun::run_order(const Statement&) { throw SkipError("order is not available here"); }

}  // namespace transcript

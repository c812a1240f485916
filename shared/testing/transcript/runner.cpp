// SPDX-License-Identifier: MIT
//
// One fleet for each scenario, or one for all neighbouring scenarios of a file that says
// share-server.
#include "shared/testing/transcript/runner.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <regex>

#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

std::unique_ptr<Fleet> make_fleet(const RunSettings& settings) {
  return std::make_unique<Fleet>(settings.server, settings.redis, settings.keep_folders);
}

// Why the scenario can't be compared with this oracle; empty when it can.
std::string skip_reason(const Scenario& scenario, const RunSettings& settings) {
  if (!settings.oracle()) return "";
  if (scenario.marks.differs_set) return "differs: " + scenario.marks.differs;
  if (!scenario.marks.since.empty() && !version_at_least(settings.version, scenario.marks.since)) {
    return "since " + scenario.marks.since + ", the oracle is " + settings.version;
  }
  return "";
}

Result run_one(const Scenario& scenario, const RunSettings& settings, Fleet& fleet) {
  Result result;
  result.scenario = &scenario;
  result.reason = skip_reason(scenario, settings);
  if (!result.reason.empty()) {
    result.verdict = Verdict::Skipped;
    return result;
  }
  const auto began = std::chrono::steady_clock::now();
  try {
    ScenarioRun run(scenario, settings, fleet);
    run.run();
    result.lines_skipped = run.lines_skipped();
  } catch (FailureError& error) {
    result.failure = std::move(error.failure());
    result.verdict =
        result.failure->kind == FailureKind::NotWritten ? Verdict::NotWritten : Verdict::Failed;
  } catch (const SkipError& error) {
    result.verdict = Verdict::Skipped;
    result.reason = error.what();
  } catch (const std::filesystem::filesystem_error& error) {
    result.verdict = Verdict::Failed;
    result.failure = Failure{};
    result.failure->line = scenario.line;
    result.failure->reason = error.what();
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace

std::vector<Result> run_scenarios(const std::vector<Scenario>& scenarios,
                                  const RunSettings& settings, const OnResult& on_result) {
  std::vector<Result> results;
  std::unique_ptr<Fleet> shared;
  std::string shared_file;
  for (const Scenario& scenario : scenarios) {
    std::unique_ptr<Fleet> own;
    Fleet* fleet = nullptr;
    if (scenario.share_server) {
      const bool usable = shared && shared_file == scenario.file && shared->get("").running();
      if (!usable) shared = make_fleet(settings);
      shared_file = scenario.file;
      fleet = shared.get();
    } else {
      own = make_fleet(settings);
      fleet = own.get();
    }
    results.push_back(run_one(scenario, settings, *fleet));
    // What a failed scenario leaves behind is nobody's ground.
    if (results.back().failure) shared.reset();
    if (!on_result(results.back())) break;
  }
  return results;
}

std::string ask_version(const RunSettings& settings) {
  Fleet fleet(settings.server, "", false);
  ServerProcess& server = fleet.get("");
  server.start({});
  const Deadline deadline = Clock::now() + settings.timeout;
  const int socket = server.wait_until_listening(deadline);
  if (socket < 0) fail("the oracle does not start:\n" + last_lines(server.log(), 20));
  Connection connection(socket);
  resp::Reply reply;
  connection.send("INFO server\r\n", deadline);
  if (connection.read_reply(reply, deadline) != Arrival::Ready)
    fail("the oracle does not answer INFO");
  std::smatch found;
  if (!std::regex_search(reply.text, found, std::regex("redis_version:([0-9.]+)")))
    fail("the oracle's INFO has no redis_version");
  return found[1];
}

}  // namespace transcript

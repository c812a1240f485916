// SPDX-License-Identifier: MIT
//
// workshop-check: runs transcripts against a server. Everything is parsed before anything runs.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "shared/testing/probes/probe.h"
#include "shared/testing/transcript/options.h"
#include "shared/testing/transcript/runner.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

constexpr rlim_t kDescriptors =
    24'000;  // probes open thousands of connections, and so do their servers

// False after a message: a file can't be read or has a mistake.
bool parse_files(const Options& options, std::vector<Scenario>& scenarios) {
  bool good = true;
  for (const std::string& file : options.files) {
    const std::optional<std::string> text = read_file(file);
    if (!text) {
      std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
      good = false;
      continue;
    }
    try {
      for (Scenario& scenario : parse_script(file, *text)) {
        if (options.task.empty() || scenario.id == options.task)
          scenarios.push_back(std::move(scenario));
      }
    } catch (const SyntaxError& error) {
      std::fprintf(stderr, "%s:%d: %s\n", file.c_str(), error.line(), error.what());
      good = false;
    }
  }
  return good;
}

std::string shim_beside_program() {
  std::error_code unknown;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", unknown);
  const std::filesystem::path shim = program.parent_path() / "durability-shim.so";
  return !unknown && std::filesystem::exists(shim) ? shim.string() : "";
}

RunSettings make_settings(const Options& options) {
  RunSettings settings;
  settings.server = options.server;
  settings.redis = options.redis;
  settings.seed = options.seed;
  settings.timeout = milliseconds(options.timeout);
  settings.verbose = options.verbose;
  settings.keep_folders = options.keep_folders;
  settings.shim = options.shim.empty() ? shim_beside_program()
                                       : std::filesystem::absolute(options.shim).string();
  settings.probe = probes::run;
  if (options.oracle) {
    settings.server = "'" + options.redis + "' --port {port} --dir {dir} --save ''";
    settings.version = ask_version(settings);
  }
  return settings;
}

void write_report(const std::string& file, const std::string& text) {
  if (file.empty()) return;
  std::ofstream out(file);
  out << text;
  if (!out.flush()) throw UsageError("cannot write " + file);
}

int run(const Options& options) {
  std::vector<Scenario> scenarios;
  if (!parse_files(options, scenarios)) return 2;
  if (scenarios.empty())
    throw UsageError("no scenario of task " + options.task + " in these files");
  const RunSettings settings = make_settings(options);
  const ReportSettings report{options.seed, options.link_base};
  if (settings.oracle()) std::cout << "oracle: redis " << settings.version << "\n";
  std::cout << "seed: " << options.seed << "\n";
  std::vector<Result> all;
  bool failed = false;
  for (int round = 0; round < options.repeat && (!failed || options.keep_going); ++round) {
    const auto results = run_scenarios(scenarios, settings, [&](const Result& result) {
      std::cout << show_result(result, report) << std::flush;
      failed = failed || result.failure.has_value();
      return !result.failure || options.keep_going;
    });
    all.insert(all.end(), results.begin(), results.end());
  }
  write_report(options.json, to_json(all, report));
  write_report(options.junit, to_junit(all, report));
  std::cout << show_summary(all);
  return failed ? 1 : 0;
}

void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, kDescriptors));
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace
}  // namespace transcript

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  transcript::raise_descriptor_limit();
  try {
    return transcript::run(transcript::parse_options({argv + 1, argv + argc}));
  } catch (const transcript::UsageError& error) {
    std::fprintf(stderr, "workshop-check: %s\n%s", error.what(), transcript::usage().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "workshop-check: %s\n", error.what());
  }
  return 2;
}

// SPDX-License-Identifier: MIT
//
// A child crashes; its parent reads what it wrote, and how it ended.
#include "10-full-server/crash_report/crash_report.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

#include "10-full-server/crash_report/watchdog.h"
#include "shared/testing/catch.h"

namespace crash_report {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kReports = false;
#else
constexpr bool kReports = true;
#endif

struct Death {
  int signal;
  std::string report;
};

Death death_of(const std::function<void(CrashReport&, const server::Log&)>& life) {
  std::string name = (std::filesystem::temp_directory_path() / "crash-report-XXXXXX").string();
  close(mkstemp(name.data()));
  const pid_t child = fork();
  if (child == 0) {
    server::Log log;
    log.file = name;
    CrashReport report(log, "Redis 7.2.6");
    report.add("FIRST", [] { return std::string("first text"); });
    life(report, log);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::ifstream file(name);
  std::ostringstream text;
  text << file.rdbuf();
  std::filesystem::remove(name);
  return {WIFSIGNALED(status) ? WTERMSIG(status) : 0, text.str()};
}

bool has(const Death& death, std::string_view text) {
  return death.report.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("crash report: signal, stack and sections, and the process dies by the signal") {
  if (!kReports) return;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    const Death death = death_of([signal](CrashReport& report, const server::Log&) {
      report.install();
      raise(signal);
    });
    CHECK(death.signal == signal);
    CHECK(has(death, "Redis 7.2.6 crashed by signal: " + std::to_string(signal) + ", si_code: "));
    CHECK(has(death, "------ STACK TRACE ------\n"));
    CHECK(has(death, "------ FIRST ------\nfirst text\n"));
    CHECK(has(death, "REDIS BUG REPORT END"));
  }
}

TEST_CASE("crash report: a section that crashes or throws costs nobody else's") {
  if (!kReports) return;
  const Death death = death_of([](CrashReport& report, const server::Log&) {
    report.add("BAD", []() -> std::string { std::abort(); });
    report.add("THROWS", []() -> std::string { throw std::runtime_error("no room"); });
    report.add("LAST", [] { return std::string("last text"); });
    report.install();
    raise(SIGFPE);
  });
  CHECK(death.signal == SIGFPE);
  CHECK(has(death, "------ BAD ------\n(another crash)\n"));
  CHECK(has(death, "------ THROWS ------\n(no room)\n"));
  CHECK(has(death, "------ LAST ------\nlast text\n"));
}

TEST_CASE("watchdog: who holds the loop up is shown, who does not is not") {
  if (!kReports) return;
  const auto busy_ms = [](const server::Log& log, bool winds_up) {
    Watchdog watchdog(log);
    watchdog.set_period(50);
    timespec now{}, start{};
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
      clock_gettime(CLOCK_MONOTONIC, &now);
      if (winds_up) watchdog.wind_up();
    } while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1'000'000 < 120);
  };
  for (const bool winds_up : {false, true}) {
    const Death death =
        death_of([&](CrashReport&, const server::Log& log) { busy_ms(log, winds_up); });
    CHECK(death.signal == 0);
    CHECK(has(death, "--- WATCHDOG TIMER EXPIRED ---") == !winds_up);
    CHECK(has(death, "------ STACK TRACE ------\n0  ") == !winds_up);
  }
}

TEST_CASE("crash report: uninstalled, nothing is written") {
  const Death death = death_of([](CrashReport& report, const server::Log&) {
    report.install();
    report.uninstall();
    std::signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
  });
  CHECK(death.signal == SIGABRT);
  CHECK(death.report.empty());
}

TEST_CASE("crash report: a stack that overflows leaves room for one") {
  if (!kReports) return;
  const Death death = death_of([](CrashReport& report, const server::Log&) {
    report.install();
    struct Deep {
      static int sink(volatile char* above, int depth) {
        volatile char room[4096];
        room[0] = above[0];
        return depth == 0 ? 0 : sink(room, depth - 1) + room[0];
      }
    };
    volatile char start[1] = {1};
    _exit(Deep::sink(start, 1'000'000) == 0 ? 1 : 2);
  });
  CHECK(death.signal == SIGSEGV);
  CHECK(has(death, "first text"));
}

}  // namespace crash_report

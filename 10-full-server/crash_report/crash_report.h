// SPDX-License-Identifier: MIT
//
// The last words of a process that a bug ends (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT): which signal, where, by which
// way the program had come there, and what others add; all of it goes to the log, and then the process dies by that
// signal, as it would have without a report.
//
// The head and the stack are written with what may be called in a signal handler and nothing else. The sections behind
// them are ordinary code, which may crash once more in a broken process: it is broken off then, and the next one begins.
// One that hangs is ended with the process after kPatienceSeconds.
// At most one report is installed in a process, by the thread whose sections they are: another thread's crash is reported
// without them. Children inherit it.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/server/log.h"

namespace crash_report {

class RawOutput;

class CrashReport {
 public:
  static constexpr unsigned kPatienceSeconds = 10;

  // `version` is what the head says has crashed.
  CrashReport(const server::Log& log, std::string version)
      : log_(log), version_(std::move(version)) {}
  ~CrashReport() { uninstall(); }
  CrashReport(const CrashReport&) = delete;

  // Before install(). Sections come in the order of addition.
  void add(std::string_view title, std::function<std::string()> text) {
    sections_.push_back({title, std::move(text)});
  }

  // Nothing where a sanitizer has reports of its own, or when another one is installed.
  void install();
  // What was there before is there again.
  void uninstall();

 private:
  struct Section {
    std::string_view title;
    std::function<std::string()> text;
  };
  static void on_signal(int signal, siginfo_t* info, void* context);
  static void on_timeout(int);
  void write(int signal, const siginfo_t& info, void* context);
  void write_sections(const RawOutput& out);
  static void write_section(const Section& section, const RawOutput& out);

  const server::Log& log_;
  std::string version_;
  std::vector<Section> sections_;
  std::vector<struct sigaction> before_;
  stack_t stack_before_{};
  void* stack_ = nullptr;
};

}  // namespace crash_report

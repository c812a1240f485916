// SPDX-License-Identifier: MIT
//
// The three ways a scenario ends early, thrown from wherever they are found and caught by the
// runner: a mistake in the file, an expectation that did not hold, and a word this machine or this
// server can't serve.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace transcript {

// A mistake in a .chk file. Exit status 2; never counted as a failure of the server.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(int line, const std::string& what) : std::runtime_error(what), line_(line) {}
  [[nodiscard]] int line() const { return line_; }

 private:
  int line_;
};

enum class FailureKind { Wrong, NotWritten, Crashed, NotListening };

struct Failure {
  FailureKind kind = FailureKind::Wrong;
  int line = 0;
  std::string reason;    // one sentence
  std::string sent;      // the commands whose reply this is, as bytes
  std::string expected;  // one line each, ready to print; empty when there is nothing to compare
  std::string received;
  std::optional<std::size_t> caret;  // the column of `received` that is wrong first
  std::string log;                   // the end of the server's log, when it explains something
  std::string task;                  // NotWritten: the task that the server named
};

class FailureError : public std::runtime_error {
 public:
  explicit FailureError(Failure failure)
      : std::runtime_error(failure.reason), failure_(std::move(failure)) {}
  [[nodiscard]] Failure& failure() { return failure_; }

 private:
  Failure failure_;
};

// Shorthand for a failure that is one sentence.
[[noreturn]] inline void fail(const std::string& reason) {
  Failure failure;
  failure.reason = reason;
  throw FailureError(std::move(failure));
}

class SkipError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace transcript

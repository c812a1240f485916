// SPDX-License-Identifier: MIT
//
// What stands where the learner has not written a task yet. Inside a request the server answers
// `-ERR TODO 02.1`; anywhere else the process prints one line and exits with status 70 (EX_SOFTWARE
// of sysexits.h).
#pragma once

#include <string_view>

namespace util {

struct NotWritten {
  std::string_view task;  // "02.1"; static storage
};

// Throws NotWritten.
[[noreturn]] void todo(std::string_view task);

// Makes an unhandled NotWritten (also one that leaves a noexcept function) end the process with
// status 70.
void install_todo_handler();

}  // namespace util

using util::todo;  // a stub reads `todo("02.1");`

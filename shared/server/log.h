// SPDX-License-Identifier: MIT
//
// The server's log, one line an event in Redis' form: `pid:M 21 Nov 2026 09:00:00.123 * text`. To standard output, or to a
// file that is opened for each line, so that it may be moved away at any time.
#pragma once

#include <string>
#include <string_view>

namespace server {

enum class LogLevel { Debug = 0, Verbose = 1, Notice = 2, Warning = 3, Nothing = 4 };

class Log {
 public:
  LogLevel level = LogLevel::Notice;
  std::string file;  // empty: standard output

  void write(LogLevel of, std::string_view text) const;
  void notice(std::string_view text) const { write(LogLevel::Notice, text); }
  void warning(std::string_view text) const { write(LogLevel::Warning, text); }
  void verbose(std::string_view text) const { write(LogLevel::Verbose, text); }
};

}  // namespace server

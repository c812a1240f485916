// SPDX-License-Identifier: MIT
#include "10-full-server/log_rewrite/log_timestamps.h"

#include <fmt/format.h>

namespace log_rewrite {

// A log without annotations is asked for nothing.
void LogTimestamps::update() {
  if (!enabled_) return log_.before_append({});
  log_.before_append([this] { before_request(); });
}

std::string LogTimestamps::line() const { return fmt::format("#TS:{}\r\n", clock_.wall_ms() / 1000); }

// A clock that was set back is not followed: the lines must not decrease.
void LogTimestamps::before_request() {
  const int64_t second = clock_.wall_ms() / 1000;
  if (second <= written_) return;
  written_ = second;
  log_.append_line(line());
}

}  // namespace log_rewrite

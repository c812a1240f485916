// SPDX-License-Identifier: MIT
//
// The log says when: an annotation "#TS:<Unix seconds>" stands before the first request of each second (aof-timestamp-enabled),
// so that redis-check-aof --truncate-to-timestamp can take the log back to a moment. The log's reader passes annotations over.
// The loop thread's alone; line() may be asked in a child too.
#pragma once

#include <cstdint>
#include <string>

#include "05-aof/append_log.h"
#include "shared/util/clock.h"

namespace log_rewrite {

class LogTimestamps {
 public:
  LogTimestamps(aof::AppendLog& log, util::Clock& clock) : log_(log), clock_(clock) {}

  bool& enabled() { return enabled_; }
  bool enabled() const { return enabled_; }
  void update();             // after enabled() has changed
  std::string line() const;  // of this second

 private:
  void before_request();

  aof::AppendLog& log_;
  util::Clock& clock_;
  bool enabled_ = false;
  int64_t written_ = 0;  // the second that was written last
};

}  // namespace log_rewrite

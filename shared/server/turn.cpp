// SPDX-License-Identifier: MIT
#include "shared/server/turn.h"

#include <algorithm>

#include "shared/net/event_loop.h"
#include "shared/server/connection.h"

namespace server {

void Turn::forget(Connection& connection) {
  std::replace(to_flush_.begin(), to_flush_.end(), &connection, static_cast<Connection*>(nullptr));
  std::replace(to_resume_.begin(), to_resume_.end(), &connection, static_cast<Connection*>(nullptr));
}

void Turn::request_end() { loop_.request_turn_end(); }

void Turn::end() {
  for (const auto& step : openings_) step();
  for (size_t i = 0; i < to_resume_.size(); ++i) {
    if (to_resume_[i] != nullptr) to_resume_[i]->resume();
  }
  to_resume_.clear();
  for (const auto& step : steps_) step();
  // Flushing may close a connection, which forgets it; it never adds one.
  for (size_t i = 0; i < to_flush_.size(); ++i) {
    if (to_flush_[i] != nullptr) to_flush_[i]->flush();
  }
  to_flush_.clear();
  for (const auto& step : cleanup_) step();
}

}  // namespace server

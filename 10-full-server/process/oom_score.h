// SPDX-License-Identifier: MIT
//
// Whom the system kills first when memory runs out: /proc/self/oom_score_adj. A replica can be spared less than a master,
// and a child less than either. What the system had set before is restored when the server no longer wants a say.
// Loop thread only; a child applies its own value. Source: proc(5), redis.conf of Redis 7.2.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "shared/util/result.h"

namespace process {

class OomScore {
 public:
  enum class Role { Master, Replica, Child };
  enum Mode { kNo, kRelative, kAbsolute };

  explicit OomScore(std::string path = "/proc/self/oom_score_adj") : path_(std::move(path)) {}

  int mode = kNo;
  std::array<int, 3> values = {0, 200, 800};  // by role; absolute, or added to what was there

  std::string text() const;                       // "0 200 800"
  util::Result<> set_values(std::string_view given);
  // Writes the role's value, or restores what was there. Fails where the system does not allow it.
  util::Result<> apply(Role role);

 private:
  std::string path_;
  bool changed_ = false;
  int before_ = 0;
};

}  // namespace process

// SPDX-License-Identifier: MIT
//
// When to save without being asked: "save 60 10000" means, when 60 seconds have passed since the
// last save and at least 10000 changes came in them. Any of the points is enough.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/result.h"

namespace rdb {

struct SavePoint {
  int64_t seconds;
  int64_t changes;
};

class SavePoints {
 public:
  // "60 10000 300 100", or "" for none, in the place of what is there or added to it.
  util::Result<> set(std::string_view text);
  util::Result<> add(std::string_view text);

  // The first point that is reached.
  std::optional<SavePoint> due(int64_t changes, int64_t seconds) const;
  bool empty() const { return points_.empty(); }
  std::string text() const;                // as CONFIG GET answers
  std::vector<std::string> lines() const;  // as redis.conf has them

 private:
  std::vector<SavePoint> points_ = {{3600, 1}, {300, 100}, {60, 10000}};  // Redis' own
};

}  // namespace rdb

// SPDX-License-Identifier: MIT
//
// How many error replies were sent, by their first word ("ERR", "WRONGTYPE"). The loop thread's alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "shared/resp/reply_writer.h"

namespace command {

class ErrorCounts final : public resp::ErrorListener {
 public:
  void on_error(std::string_view text) override {
    ++total_;
    // A code is a short word; anything else counts as ERR.
    constexpr size_t kLongestCode = 32;
    const size_t end = text.substr(0, kLongestCode).find(' ');
    const std::string_view code = end == std::string_view::npos ? "ERR" : text.substr(0, end);
    const auto found = by_code_.find(code);
    if (found != by_code_.end()) {
      ++found->second;
    } else {
      by_code_.emplace(code, 1);
    }
  }
  uint64_t total() const { return total_; }
  const std::map<std::string, uint64_t, std::less<>>& by_code() const { return by_code_; }
  void reset() {
    total_ = 0;
    by_code_.clear();
  }

 private:
  uint64_t total_ = 0;
  std::map<std::string, uint64_t, std::less<>> by_code_;
};

}  // namespace command

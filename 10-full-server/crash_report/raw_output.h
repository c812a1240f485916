// SPDX-License-Identifier: MIT
//
// The log as a signal handler may write it: straight to the file, without an allocation or a lock in between that what
// was interrupted could hold. Lives on the handler's stack.
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/server/log.h"

namespace crash_report {

class RawOutput {
 public:
  // Loads what stack() needs, while there is an allocator that works.
  static void prepare();

  explicit RawOutput(const server::Log& log);
  ~RawOutput();
  RawOutput(const RawOutput&) = delete;

  const RawOutput& text(std::string_view bytes) const;
  const RawOutput& number(int64_t value) const;
  const RawOutput& address(const void* value) const {
    return text("0x").hexadecimal(reinterpret_cast<uintptr_t>(value));
  }
  const RawOutput& title(std::string_view words) const {
    return text("\n------ ").text(words).text(" ------\n");
  }
  // `pid:M seconds # `, as lines of the log begin.
  const RawOutput& line_start() const;
  // The way to here, this function first.
  const RawOutput& stack() const;

 private:
  const RawOutput& hexadecimal(uint64_t value) const;
  void frame(int number, const char* at) const;

  int descriptor_;
};

}  // namespace crash_report

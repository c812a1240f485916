// SPDX-License-Identifier: MIT
//
// A sketch in a string value: found, checked, and changed through the guard of strings. For the commands of HyperLogLogs.
#pragma once

#include "10-full-server/hyperloglog/sketch.h"
#include "shared/command/context.h"

namespace full_server {

inline constexpr util::Error kDamagedSketch{"INVALIDOBJ Corrupted HLL object detected"};

// False, and answered: the value is there, and is no sketch.
inline bool check_sketch(command::Context& c, bool exists, std::string_view text) {
  if (!exists || hyperloglog::SketchView::is_sketch(text)) return true;
  c.reply().error("WRONGTYPE Key is not a valid HyperLogLog string value.");
  return false;
}

class StringStorage final : public hyperloglog::Storage {
 public:
  explicit StringStorage(keyspace::StringEdit& value) : value_(value) {}
  size_t size() const override { return value_.length(); }
  char* resize(size_t length) override { return value_.resize(length); }

 private:
  keyspace::StringEdit& value_;
};

void pfdebug(command::Context& c);
void pfselftest(command::Context& c);

}  // namespace full_server

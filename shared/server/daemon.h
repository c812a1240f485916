// SPDX-License-Identifier: MIT
//
// A server in the background: it leaves the terminal that started it, and a file tells its process id for as long as it
// runs. Called before anything has begun that a fork would not take along (threads).
#pragma once

#include <string>

#include "shared/util/result.h"

namespace server {

// The calling process ends; its child goes on without a terminal, its output thrown away.
util::Result<> become_daemon();

class PidFile {
 public:
  PidFile() = default;
  PidFile(const PidFile&) = delete;
  ~PidFile() { remove(); }
  util::Result<> write(const std::string& path);
  void remove();

 private:
  std::string path_;  // empty: not written
};

}  // namespace server

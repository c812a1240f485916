// SPDX-License-Identifier: MIT
//
// Connections to the servers that MIGRATE sends keys to. Blocking, with a limit on each wait: a key must be in exactly one of
// the two places for whoever looks, so nothing else runs while it is under way. A connection is kept for ten seconds, since
// migrations come in rows. The loop thread's alone. Source: the command reference of MIGRATE.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/util/clock.h"

namespace migration {

class TargetLink {
 public:
  // Null: nobody answers there in time.
  static std::unique_ptr<TargetLink> connect(const std::string& host, const std::string& port, int timeout_ms);
  TargetLink(const TargetLink&) = delete;
  ~TargetLink();

  // All of it, or false: the connection is broken, or was silent for longer than the timeout.
  bool write(std::string_view bytes, int timeout_ms);
  // One line without its end; the same.
  std::optional<std::string> read_line(int timeout_ms);
  // The last failure was a timeout, not an end.
  bool timed_out() const { return timed_out_; }

  int64_t selected = -1;  // the database that the other side has been told to use
  util::UnixMs last_use = 0;

 private:
  explicit TargetLink(int descriptor) : descriptor_(descriptor) {}
  bool wait_for(short events, int timeout_ms);

  const int descriptor_;
  std::string received_;
  bool timed_out_ = false;
};

class TargetLinks {
 public:
  // A kept one or a new one; null when there is none to be had.
  TargetLink* get(const std::string& host, const std::string& port, int timeout_ms, util::UnixMs now);
  void drop(const std::string& host, const std::string& port) { links_.erase({host, port}); }
  void drop_idle(util::UnixMs now);
  size_t size() const { return links_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, std::unique_ptr<TargetLink>> links_;
};

}  // namespace migration

// SPDX-License-Identifier: MIT
//
// Calls back in a turn of the loop whenever a descriptor that is no socket of ours (a pipe) has something to read, or has
// come to its end. The handler reads it itself. Does not own the descriptor. The loop thread's alone.
#pragma once

#include <functional>
#include <memory>

namespace net {

class EventLoop;

class DescriptorWatch {
 public:
  DescriptorWatch(EventLoop& loop, int descriptor, std::function<void()> on_readable);
  ~DescriptorWatch();  // before the descriptor is closed; may be called by the handler

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace net

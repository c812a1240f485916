// SPDX-License-Identifier: MIT
//
// A listening socket, of TCP or in the file system: accepts until nobody waits, hands out sessions, and survives running
// out of descriptors. A socket's file is removed when nobody listens any more.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "shared/net/session.h"
#include "shared/util/result.h"

namespace net {

class EventLoop;

class Listener {
 public:
  struct Options {
    std::string address = {};  // "127.0.0.1", "::1", "*" (all of IPv4), "::*" (all of IPv6)
    uint16_t port = 0;
    bool optional = false;      // the machine need not have the address
    std::string unix_path = {};  // instead of an address; a file that is there gives way
    uint32_t permissions = 0;   // of the file; 0: what the umask leaves
    int backlog = 511;
    int keepalive_seconds = 300;  // 0: off
    uint32_t mark = 0;            // SO_MARK; 0: none
  };
  using Accepted = std::function<void(std::unique_ptr<Session>)>;

  // Bound and listening, or why not ("Address already in use"). Null: the machine has no such address, and need not.
  static util::Result<std::unique_ptr<Listener>> open(EventLoop& loop, const Options& options, Accepted accepted);
  ~Listener();
  void close();
  void set_keepalive(int seconds);  // of connections that it will accept
  uint16_t port() const;  // the real one, when 0 was asked for

 private:
  struct Impl;
  explicit Listener(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

// Raises the limit of open files as far as the system lets it, up to `wanted`; returns the limit in force.
uint64_t raise_file_limit(uint64_t wanted);

}  // namespace net

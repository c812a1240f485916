// SPDX-License-Identifier: MIT
//
// The one child that the server may have: a copy of the process at the moment of the fork, which writes what it sees (a
// snapshot) and ends with _exit. The parent goes on; a page that it changes is copied by the system. While a child runs,
// lookups leave entries' eviction clocks alone (Environment::touch), since a touched page is a copied page.
//
//   start ─ fork ─► child: work(report) ─► _exit(status)
//                   parent: goes on … the pipe ends ─► waitpid ─► finished(outcome), in a turn of the loop
//
// Invariant: at most one child; it is always reaped. The loop thread's alone.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "shared/server/child_progress.h"
#include "shared/util/result.h"

namespace net {
class EventLoop;
class DescriptorWatch;
}  // namespace net
namespace keyspace {
struct Environment;
}

namespace server {

class ChildProcess {
 public:
  struct Outcome {
    bool ok = false;      // it exited with 0
    int signal = 0;       // what killed it, or 0
    std::string report;   // what the child wrote to its parent, at most 64 KB
    uint64_t copied_bytes = 0;  // private dirty memory of the child before it ended, 0 where unknown
  };
  // In the child: the work and its exit status. It must not touch sockets or the loop; `report` goes to the parent.
  using Work = std::function<int(std::string& report)>;

  ChildProcess(net::EventLoop& loop, keyspace::Environment& environment);
  ~ChildProcess();  // kills and reaps what still runs

  // REQUIRES: !running()
  util::Result<> start(std::string_view name, Work work, std::function<void(const Outcome&)> finished);
  bool running() const { return pid_ > 0; }
  std::string_view name() const { return name_; }
  pid_t pid() const { return pid_; }
  uint64_t forks() const { return forks_; }
  int64_t last_fork_us() const { return last_fork_us_; }
  std::function<void(int64_t microseconds)> on_fork;  // hears how long each fork took
  std::function<void()> in_child;                     // called in the child before its work
  std::function<uint64_t()> key_count;                // how many keys it has before it
  ChildProgress& progress() { return progress_; }     // whoever walks through the keys in a child counts them here
  // Asks the child to end (SIGUSR1, as Redis does); finished() comes as ever, with the signal.
  void kill();

 private:
  void on_readable();
  void reap();

  net::EventLoop& loop_;
  keyspace::Environment& environment_;
  ChildProgress progress_;
  std::unique_ptr<net::DescriptorWatch> watch_;
  std::function<void(const Outcome&)> finished_;
  std::string name_;
  std::string report_;
  uint64_t forks_ = 0;
  int64_t last_fork_us_ = 0;
  pid_t pid_ = 0;
  int pipe_ = -1;
};

}  // namespace server

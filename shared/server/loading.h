// SPDX-License-Identifier: MIT
//
// Loading a data set while the loop turns: a job that runs a slice at a time, so that PING, INFO and SHUTDOWN are answered
// meanwhile and everything else hears LOADING. While it runs, deadlines mean nothing (ExpiryMode::Ignore) and nothing is
// propagated; what the job did counts as no change. The loop thread's alone.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "shared/command/executor.h"
#include "shared/command/propagator.h"
#include "shared/util/result.h"

namespace net {
class EventLoop;
}

namespace server {

class Loading {
 public:
  struct Progress {
    util::UnixMs started = 0;
    uint64_t total_bytes = 0;
    uint64_t loaded_bytes = 0;
    uint64_t loaded_keys = 0;
  };
  // Does some milliseconds' worth and says whether there is more; keeps `progress` up to date.
  using Slice = std::function<util::Result<bool>(Progress& progress)>;

  Loading(net::EventLoop& loop, command::Executor& executor, command::Propagator& propagator);

  // One job after the other, in the order of the calls; `done` is called when the job has ended (in the same state as the
  // slices, so that it may start the next one), and with its failure, after which the following jobs still run.
  void start(std::string name, Slice slice, std::function<void(util::Result<>)> done);
  bool active() const { return active_; }
  const Progress& progress() const { return progress_; }
  // Called each time that loading as a whole begins and ends.
  void on_change(std::function<void(bool active)> listener) { listeners_.push_back(std::move(listener)); }
  // Runs every job to its end here and now: for tests without a loop and DEBUG RELOAD.
  void finish();

 private:
  struct Job {
    std::string name;
    Slice slice;
    std::function<void(util::Result<>)> done;
  };
  void run_slice();
  void step();
  void enter();
  void leave();

  net::EventLoop& loop_;
  command::Executor& executor_;
  command::Propagator& propagator_;
  command::Gate gate_;
  std::deque<Job> jobs_;
  std::vector<std::function<void(bool)>> listeners_;
  Progress progress_;
  bool active_ = false;
  keyspace::ExpiryMode expiry_before_ = keyspace::ExpiryMode::Delete;
};

}  // namespace server

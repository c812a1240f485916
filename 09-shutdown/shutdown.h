// SPDX-License-Identifier: MIT
//
// Stopping a server on request: by a signal or by SHUTDOWN. Between the request and the exit the
// server still serves: reads are answered, SHUTDOWN ABORT is heard, writes wait. It brings the
// sequencer together with the loop, asks it again every kAskAgain while a step waits, and adds two
// steps of its own: nobody new is let in, and everybody gets what is owed. The loop thread's alone.
#pragma once

#include <chrono>

#include "09-shutdown/drain.h"
#include "09-shutdown/second_signal.h"
#include "09-shutdown/sequencer.h"
#include "09-shutdown/shutdown_settings.h"
#include "shared/command/blocking.h"
#include "shared/net/event_loop.h"
#include "shared/server/pause.h"

namespace server {
class Server;
}

namespace shutdown {

class Shutdown {
 public:
  static constexpr std::chrono::milliseconds kAskAgain{10};

  explicit Shutdown(server::Server& server);

  // Joins a shutdown that is under way, whatever its options. Never stops within the call: what
  // this turn answers is sent.
  void request(const server::ShutdownRequest& request);
  void on_signal(int signal);
  bool abort();  // false: none is under way
  bool running() const { return sequencer_.state() != Sequencer::State::Idle; }
  // Who asked with SHUTDOWN: woken when it is called off, and has to be told.
  command::WaitQueue& askers() { return askers_; }
  server::Pause& pause() { return pause_; }

  ShutdownSettings settings;

 private:
  void add_steps();
  void close_door();
  void begin(server::ShutdownRequest request);
  void advance();
  void go_on_serving();

  server::Server& server_;
  Sequencer sequencer_;
  Drain drain_;
  SecondSignal second_signal_;
  server::Pause pause_;
  net::Timer again_;
  command::WaitQueue askers_;
};

}  // namespace shutdown

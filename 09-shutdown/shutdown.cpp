// SPDX-License-Identifier: MIT
#include "09-shutdown/shutdown.h"

#include <fmt/format.h>

#include "shared/server/server.h"
#include "shared/util/todo.h"

namespace shutdown {

using server::Pause;
using server::ShutdownRequest;
using Outcome = server::ShutdownStep::Outcome;
using State = Sequencer::State;

Shutdown::Shutdown(server::Server& server)
    : server_(server),
      sequencer_(server.shutdown_steps(), server.clock, server.log),
      drain_(server.clients, server.clock),
      pause_(server.executor, server.turn),
      again_(server.loop) {
  server.parts.provide(pause_);
  add_parameters(server.parameters, settings);
  add_steps();
  server.set_shutdown_handler([this](const ShutdownRequest& asked) {
    asked.signal != 0 ? on_signal(asked.signal) : request(asked);
  });
  server.info.extend("server", [this](server::InfoWriter& out) {
    if (running())
      out.field("shutdown_in_milliseconds",
                sequencer_.request().deadline - server_.clock.wall_ms());
  });
}

void Shutdown::add_steps() {
  server_.add_shutdown_step({.name = "stop accepting",
                             .order = server::shutdown_order::kStopAccepting,
                             .run =
                                 [this](const ShutdownRequest&, std::string&) {
                                   close_door();
                                   return Outcome::Done;
                                 },
                             .undo = [this] { server_.resume_accepting(); }});
  server_.add_shutdown_step(
      {.name = "drain",
       .order = server::shutdown_order::kDrain,
       .run = [this](const ShutdownRequest& asked, std::string&) { return drain_.run(asked); },
       .undo = [this] { drain_.reset(); }});
}

void Shutdown::close_door() {
  // [09.2c begin] nobody new, while those who are here are served
  //stub: // whoever knocks is let in
  server_.stop_accepting();
  // [09.2c end]
}

static std::string announcement(int signal, bool loading) {
  if (loading) return "Received shutdown signal during loading, scheduling shutdown.";
  return fmt::format("Received {} scheduling shutdown...", signal == SIGINT ? "SIGINT" : "SIGTERM");
}

// In a turn of the loop, not in a signal handler: everything may be done here.
void Shutdown::on_signal(int signal) {
  // [09.1a begin] the first one asks for what its parameter says, the second one does not wait
  //stub: (void)announcement;
  //stub: util::todo("09.1");
  if (second_signal_.armed()) SecondSignal::exit_at_once();
  second_signal_.arm();
  server_.log.warning(announcement(signal, server_.loading.active()));
  ShutdownRequest asked = request_of(signal == SIGINT ? settings.on_sigint : settings.on_sigterm);
  asked.signal = signal;
  request(asked);
  // [09.1a end]
}

void Shutdown::request(const ShutdownRequest& request) {
  if (!running()) begin(request);
}

void Shutdown::begin(ShutdownRequest request) {
  const int64_t patience_ms = request.now ? 0 : int64_t{settings.timeout} * 1000;
  request.deadline = server_.clock.wall_ms() + patience_ms;
  // Half a data set must not replace a whole one.
  if (server_.loading.active()) request.save = ShutdownRequest::Save::Never;
  server_.log.notice("User requested shutdown...");
  pause_.begin(Pause::Purpose::Shutdown, Pause::What::Writes);
  sequencer_.begin(request);
  // [09.1b begin] advance() behind the end of this turn: its writes are in the log, its replies are sent
  server_.turn.request_end();
  server_.loop.post([this] { advance(); });
  // [09.1b end]
}

void Shutdown::advance() {
  if (sequencer_.state() != State::Running) return;  // called off meanwhile
  switch (sequencer_.advance()) {
    case State::Running:
      return again_.start(kAskAgain, [this] { advance(); });
    case State::Finished:
      return server_.stop(sequencer_.exit_status());
    case State::Idle:
      server_.log.warning(
          "Errors trying to shut down the server. Check the logs for more information.");
      return go_on_serving();
  }
}

bool Shutdown::abort() {
  if (sequencer_.state() != State::Running) return false;
  sequencer_.call_off();
  server_.log.notice("Shutdown manually aborted.");
  go_on_serving();
  return true;
}

// The shutdown was called off, its steps are undone: everything else that begin() and on_signal()
// did goes back as well.
void Shutdown::go_on_serving() {
  // [09.3c begin] a next signal is a first one; writes run again; who asked is told at the end of this turn
  again_.cancel();
  second_signal_.disarm();
  pause_.end(Pause::Purpose::Shutdown);
  server_.blocking.wake(askers_);
  server_.turn.request_end();
  // [09.3c end]
}

}  // namespace shutdown

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
                                   server_.stop_accepting();
                                   return Outcome::Done;
                                 },
                             .undo = [this] { server_.resume_accepting(); }});
  server_.add_shutdown_step(
      {.name = "drain",
       .order = server::shutdown_order::kDrain,
       .run = [this](const ShutdownRequest& asked, std::string&) { return drain_.run(asked); },
       .undo = [this] { drain_.reset(); }});
}

void Shutdown::on_signal(int signal) {
  if (second_signal_.armed()) SecondSignal::exit_at_once();
  second_signal_.arm();
  const bool interrupt = signal == SIGINT;
  server_.log.warning(
      server_.loading.active()
          ? std::string("Received shutdown signal during loading, scheduling shutdown.")
          : fmt::format("Received {} scheduling shutdown...", interrupt ? "SIGINT" : "SIGTERM"));
  ShutdownRequest asked = request_of(interrupt ? settings.on_sigint : settings.on_sigterm);
  asked.signal = signal;
  request(asked);
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
  // Behind the end of this turn: its writes are in the log and its replies are sent.
  server_.turn.request_end();
  server_.loop.post([this] { advance(); });
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

void Shutdown::go_on_serving() {
  again_.cancel();
  second_signal_.disarm();
  pause_.end(Pause::Purpose::Shutdown);
  server_.blocking.wake(askers_);
  server_.turn.request_end();
}

}  // namespace shutdown

// SPDX-License-Identifier: MIT
#include "shared/server/loading.h"

#include <utility>

#include "shared/command/propagator.h"
#include "shared/net/event_loop.h"

namespace server {

Loading::Loading(net::EventLoop& loop, command::Executor& executor, command::Propagator& propagator)
    : loop_(loop), executor_(executor), propagator_(propagator) {
  gate_.order = command::Gate::kStillLoading;
  gate_.concerns = command::Gate::kEverything;
  gate_.check = [](const command::Client& client, const command::Command& command) -> std::string_view {
    if ((command.row->flags & command::kLoading) != 0 || client.owner == nullptr) return "";
    return util::errors::kLoading.text;
  };
  executor_.add_gate(gate_);
}

void Loading::start(std::string name, Slice slice, std::function<void(util::Result<>)> done) {
  jobs_.push_back({std::move(name), std::move(slice), std::move(done)});
  if (active_) return;
  enter();
  loop_.post([this] { run_slice(); });
}

void Loading::enter() {
  active_ = true;
  progress_ = {.started = executor_.databases().environment().now};
  expiry_before_ = std::exchange(executor_.databases().environment().expiry, keyspace::ExpiryMode::Ignore);
  propagator_.set_enabled(false);
  gate_.closed = true;
  executor_.gates_changed();
  for (const auto& listener : listeners_) listener(true);
}

void Loading::leave() {
  active_ = false;
  keyspace::Environment& environment = executor_.databases().environment();
  environment.expiry = expiry_before_;
  environment.set_paused(environment.paused);  // which may have changed meanwhile
  propagator_.set_enabled(true);
  gate_.closed = false;
  executor_.gates_changed();
  for (const auto& listener : listeners_) listener(false);
}

// One slice of the first job; the next one comes behind whatever became ready meanwhile.
void Loading::run_slice() {
  if (!active_) return;
  step();
  if (active_) loop_.post([this] { run_slice(); });
}

void Loading::step() {
  const util::Result<bool> more = jobs_.front().slice(progress_);
  if (more && more.value()) return;
  const auto done = std::move(jobs_.front().done);
  jobs_.pop_front();
  done(more ? util::Result<>() : util::Result<>(util::Failure{more.error()}));
  if (jobs_.empty()) leave();
}

void Loading::finish() {
  while (active_) step();
}

}  // namespace server

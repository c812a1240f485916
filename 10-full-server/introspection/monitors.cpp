// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/monitors.h"

#include <fmt/format.h>

#include "shared/util/text.h"

namespace introspection {

class Monitoring final : public command::ClientPart {
 public:
  Monitoring(Monitors& owner, command::Client& client)
      : owner_(owner), at_(owner.clients_.insert(owner.clients_.end(), &client)) {
    owner_.listen_if_needed();
  }
  ~Monitoring() override {
    owner_.clients_.erase(at_);
    owner_.listen_if_needed();
  }
  void describe(command::ClientTraits& traits) const override { traits.flags += 'O'; }

 private:
  Monitors& owner_;
  std::list<command::Client*>::iterator at_;
};

Monitors::Monitors(command::Executor& executor, std::function<bool()> quiet)
    : executor_(executor), quiet_(std::move(quiet)) {
  gate_.order = command::Gate::kStillLoading + 50;
  gate_.concerns = command::kWrite | command::kReadOnly | command::kMayReplicate;
  gate_.per_client = true;
  gate_.check = [](const command::Client& client, const command::Command&) -> std::string_view {
    return client.parts.find<Monitoring>() == nullptr ? "" : "ERR Replica can't interact with the keyspace";
  };
  executor_.add_gate(gate_);
}

void Monitors::listen_if_needed() {
  executor_.observe(*this, clients_.empty() ? kNothing : kEverything);
}

bool Monitors::add(command::Client& client) {
  if (client.parts.find<Monitoring>() != nullptr) return false;
  client.parts.add<Monitoring>(*this, client);
  client.gate_mask |= gate_.concerns;
  return true;
}

void Monitors::remove(command::Client& client) {
  if (client.parts.find<Monitoring>() == nullptr) return;
  client.parts.remove<Monitoring>();
  client.gate_mask = 0;
}

static std::string line_of(const command::Execution& execution, int64_t now_us) {
  const command::Client& client = execution.client;
  const std::string peer = client.owner != nullptr ? client.owner->peer_address() : "?:0";
  const bool socket_file = peer.starts_with('/');
  std::string line = fmt::format("{}.{:06} [{} {}{}]", now_us / 1'000'000, now_us % 1'000'000, client.db,
                                 socket_file ? "unix:" : "", socket_file ? peer.substr(0, peer.rfind(':')) : peer);
  for (const std::string_view argument : execution.args) line.append(" ").append(util::quoted(argument));
  return line;
}

// A command that waits is shown when it begins to.
void Monitors::after_command(const command::Execution& execution) {
  constexpr command::Flags kNotShown = command::kSkipMonitor | command::kAdmin;
  if (execution.attempt != command::Attempt::First || (execution.command.row->flags & kNotShown) != 0 || quiet_()) return;
  const std::string line = line_of(execution, executor_.clock().wall_us());
  for (command::Client* client : clients_) {
    client->reply.simple(line);
    if (client->owner != nullptr) client->owner->output_added();
  }
}

}  // namespace introspection

// SPDX-License-Identifier: MIT
#include "10-full-server/tracking/tracking.h"

#include <fmt/format.h>

#include "shared/command/command_keys.h"
#include "shared/command/own_messages.h"
#include "shared/server/turn.h"

namespace tracking {

using command::Client;

// Keys forgotten at a time when there are too many: a stroke of work, not a pause.
constexpr size_t kForgetAtOnce = 1000;

TrackedClient::~TrackedClient() { owner_.left(*this); }

void TrackedClient::describe(command::ClientTraits& traits) const {
  traits.flags += 't';
  if (redirect_broken) traits.flags += 'R';
  if (mode.broadcast) traits.flags += 'B';
  traits.redirect = static_cast<int64_t>(mode.redirect);
}

void Tracking::turn_on(Client& client, const Mode& mode,
                       const std::vector<std::string_view>& prefixes) {
  TrackedClient* tracked = find(client);
  if (tracked == nullptr) {
    tracked = &client.parts.add<TrackedClient>(*this, client);
    clients_.emplace(client.id, tracked);
    executor_.observe(*this, kEverything);
  }
  tracked->mode = mode;
  tracked->redirect_broken = false;
  if (!mode.broadcast) return;
  const std::string_view everything[] = {""};
  for (const std::string_view prefix :
       prefixes.empty() ? std::span(everything) : std::span<const std::string_view>(prefixes)) {
    tracked->prefixes.emplace(prefix);
    prefixes_.join(*tracked, prefix);
  }
}

void Tracking::left(TrackedClient& client) {
  for (const std::string& prefix : client.prefixes) prefixes_.leave(client, prefix);
  prefixes_.forget(client.client);
  clients_.erase(client.client.id);
  if (clients_.empty()) executor_.observe(*this, kNothing);
}

void Tracking::after_command(const command::Execution& execution) {
  TrackedClient* reader = find(execution.client);
  if (reader == nullptr) return;
  remember(*reader, execution);
  const bool about_clients =
      execution.command.container != nullptr && execution.command.container->name == "client";
  if (execution.outermost && execution.client.queue == nullptr && !about_clients)
    reader->caching = false;
}

void Tracking::remember(const TrackedClient& reader, const command::Execution& execution) {
  const Mode& mode = reader.mode;
  const command::CommandRow& row = *execution.command.row;
  if (mode.broadcast || (row.flags & command::kReadOnly) == 0 ||
      (row.flags & command::kPubSub) != 0)
    return;
  if ((mode.opt_in && !reader.caching) || (mode.opt_out && reader.caching)) return;
  const auto keys = command::find_keys(row, execution.args);
  if (!keys) return;
  for (const command::KeyReference& key : *keys)
    keys_.remember(execution.args[key.argument], reader.client.id);
  limit();
}

void Tracking::tell_of(std::string_view key, bool by_command) {
  if (!prefixes_.empty() && prefixes_.note(key, by_command ? executor_.current() : nullptr))
    turn_.request_end();
  tell_readers(key, executor_.current());
}

void Tracking::tell_readers(std::string_view key, const Client* by) {
  const std::vector<uint64_t> readers = keys_.take(key);
  if (readers.empty()) return;
  const std::string message = fmt::format("*1\r\n${}\r\n{}\r\n", key.size(), key);
  for (const uint64_t id : readers) {
    const auto found = clients_.find(id);
    if (found == clients_.end() || found->second->mode.broadcast) continue;
    if (found->second->mode.no_loop && &found->second->client == by) continue;
    send(*found->second, message);
  }
}

void Tracking::on_flush(int, int64_t) {
  const uint64_t command = executor_.commands_processed();
  if (std::exchange(flush_told_, command) == command) return;
  for (const auto& [id, client] : clients_) send(*client, {});
  keys_.clear();
  executor_.behind_reply([this] { flush_told_.reset(); });
}

static std::string array_of(const PrefixTable::Changed& changed, const Client* but_not_by) {
  std::string keys;
  size_t count = 0;
  for (const auto& [key, by] : changed) {
    if (but_not_by != nullptr && by == but_not_by) continue;
    keys += fmt::format("${}\r\n{}\r\n", key.size(), key);
    ++count;
  }
  return count == 0 ? std::string() : fmt::format("*{}\r\n", count) + keys;
}

void Tracking::broadcast() {
  if (prefixes_.empty()) [[likely]]
    return;
  prefixes_.hand_out([this](TrackedClient& listener, const PrefixTable::Changed& changed) {
    const std::string keys = array_of(changed, listener.mode.no_loop ? &listener.client : nullptr);
    if (!keys.empty()) send(listener, keys);
  });
}

void Tracking::limit() {
  if (max_keys == 0) return;
  for (size_t i = 0; i < kForgetAtOnce && keys_.keys() > max_keys; ++i) {
    tell_readers(keys_.random_key(executor_.databases().environment().random), nullptr);
  }
}

// `keys`: an array as it goes over the wire; empty: all of them.
void Tracking::send(TrackedClient& to, std::string_view keys) {
  const command::OwnMessages behind_its_reply(executor_);
  Client* target = &to.client;
  const bool redirected = to.mode.redirect != 0;
  if (redirected) target = find_client_(to.mode.redirect);
  to.redirect_broken = target == nullptr;
  Client& receiver = target == nullptr ? to.client : *target;
  resp::ReplyWriter message(receiver.output);
  message.set_protocol(receiver.reply.protocol());
  if (target == nullptr) {
    if (message.protocol() < 3) return;
    message.push(2);
    message.bulk("tracking-redir-broken");
    message.integer(static_cast<int64_t>(to.mode.redirect));
  } else if (message.protocol() >= 3) {
    message.push(2);
    message.bulk("invalidate");
    keys.empty() ? message.null() : receiver.output.append(keys);
  } else if (redirected && receiver.kind == Client::Kind::PubSub) {
    message.array(3);
    message.bulk("message");
    message.bulk("__redis__:invalidate");
    keys.empty() ? message.null() : receiver.output.append(keys);
  } else {
    return;  // in RESP2 nothing would tell the message from a reply
  }
  if (receiver.owner != nullptr) receiver.owner->output_added();
}

}  // namespace tracking

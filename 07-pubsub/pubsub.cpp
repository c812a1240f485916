// SPDX-License-Identifier: MIT
#include "07-pubsub/pubsub.h"

#include "shared/command/executor.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace pubsub {

using command::Client;
using Subscribers = ChannelRegistry::Subscribers;

Subscriptions::~Subscriptions() {
  if (!shard_channels.empty()) pubsub_.shard_channels.leave_all(shard_channels);
  // [07.3b begin] out of every list that names the client
  //stub: // Nothing is left yet: the registry goes on naming a client that is gone.
  pubsub_.channels.leave_all(channels);
  pubsub_.patterns.leave_all(patterns);
  // [07.3b end]
}

// A node of a map here and one of a list there; the channel itself belongs to all who listen.
size_t Subscriptions::memory_size() const {
  constexpr size_t kMapNode = sizeof(ChannelRegistry::Memberships::value_type) + 4 * sizeof(void*);
  constexpr size_t kListNode = 3 * sizeof(void*);
  return (count() + shard_count()) * (kMapNode + kListNode);
}

void Subscriptions::describe(command::ClientTraits& traits) const {
  traits.shard_channels = shard_channels.size();
  traits.channels = channels.size();
  traits.patterns = patterns.size();
}

PubSub::Audience PubSub::audience(std::string_view channel) const {
  Audience audience;
  // [07.2a begin] whoever listens to the channel itself, and how many they are
  audience.subscribers = channels.subscribers(channel);
  if (audience.subscribers != nullptr) audience.receivers = audience.subscribers->size();
  // [07.2a end]
  // [07.3a begin] everybody whose pattern matches
  //stub: // No pattern matches yet.
  for (const auto& [pattern, subscribers] : patterns.all()) {
    if (!util::glob_match(pattern, channel)) continue;
    audience.groups.push_back({pattern, &subscribers});
    audience.receivers += subscribers.size();
  }
  // [07.3a end]
  return audience;
}

// Below this many waiting bytes an output refers to any message, from here on to large ones only
// and copies the others. A reference takes 32 bytes where a buffer takes 16 KB, 10,000 times over.
static constexpr size_t kReferBelow = 1024;

static void append(resp::OutputBuffer& output, const util::Blob& text) {
  if (output.size() < kReferBelow) return output.append_slice(text, 0, text.size());
  output.append_shared(text);
}

// Behind what waits for each of them already. Nobody is sent to here: that is the turn's end.
static void append_to_all(Message message, const Subscribers& subscribers) {
  // [07.2b begin] one text, many outputs
  for (Client* client : subscribers) {
    if (client->close_after_reply) continue;  // going away: its queue must not grow any more
    append(client->output, message.encoding(client->reply.protocol()));
    if (client->owner != nullptr) client->owner->output_added();
  }
  // [07.2b end]
}

void PubSub::deliver(const Audience& audience, std::string_view channel, std::string_view text) {
  const ChannelRegistry::Walk walk_channels(channels), walk_patterns(patterns);
  if (audience.subscribers != nullptr) {
    const std::string_view words[] = {"message", channel, text};
    append_to_all(Message(words), *audience.subscribers);
  }
  for (const auto& [pattern, subscribers] : audience.groups) {
    const std::string_view words[] = {"pmessage", pattern, channel, text};
    append_to_all(Message(words), *subscribers);
  }
}

void PubSub::deliver_in_shard(std::string_view channel, std::string_view text) {
  const Subscribers* subscribers = shard_channels.subscribers(channel);
  if (subscribers == nullptr) return;
  const ChannelRegistry::Walk walk(shard_channels);
  const std::string_view words[] = {"smessage", channel, text};
  append_to_all(Message(words), *subscribers);
}

size_t PubSub::publish(std::string_view channel, std::string_view text) {
  const Audience receivers = audience(channel);
  deliver(receivers, channel, text);
  return receivers.receivers;
}

Subscriptions& PubSub::open(Client& client) {
  Subscriptions* own = client.parts.find<Subscriptions>();
  return own != nullptr ? *own : client.parts.add<Subscriptions>(*this);
}

void PubSub::settle(Client& client) {
  const auto* own = client.parts.find<Subscriptions>();
  const bool listens = own != nullptr && !own->none();
  if (!listens) client.parts.remove<Subscriptions>();
  // A replica or a master stays one.
  if (listens && client.kind == Client::Kind::Normal) client.kind = Client::Kind::PubSub;
  if (!listens && client.kind == Client::Kind::PubSub) client.kind = Client::Kind::Normal;
  // [07.5a begin] ask the gates about every command of a RESP2 subscriber
  //stub: // The gates are not asked yet: a subscriber may run anything.
  client.gate_mask = in_subscriber_mode(client) ? command::Gate::kEverything : 0;
  // [07.5a end]
}

void PubSub::leave_everything(Client& client) {
  client.parts.remove<Subscriptions>();
  settle(client);
}

}  // namespace pubsub

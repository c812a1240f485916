// SPDX-License-Identifier: MIT
//
// The server's publish and subscribe: one registry of channels, one of patterns, and what a client
// has joined in either. A message goes to the channel's subscribers in order of arrival, then to
// each matching pattern's; delivering only appends to their outputs, so nobody is closed and no
// list changes while it is walked. Stage 10 brings the commands of a third registry.
// Lives as long as the server; the loop thread's alone.
#pragma once

#include <string_view>
#include <vector>

#include "07-pubsub/channel_registry.h"
#include "07-pubsub/message.h"
#include "shared/command/client.h"
#include "shared/command/client_part.h"

namespace pubsub {

class PubSub;

// What one client listens to. Goes with the client, and leaves everything then.
class Subscriptions final : public command::ClientPart {
 public:
  explicit Subscriptions(PubSub& owner) : pubsub_(owner) {}
  ~Subscriptions() override;

  size_t count() const { return channels.size() + patterns.size(); }
  size_t shard_count() const { return shard_channels.size(); }
  bool none() const { return count() + shard_count() == 0; }
  void describe(command::ClientTraits& traits) const override;
  size_t memory_size() const override;

  ChannelRegistry::Memberships channels;
  ChannelRegistry::Memberships patterns;
  ChannelRegistry::Memberships shard_channels;

 private:
  PubSub& pubsub_;
};

class PubSub {
 public:
  // Their names are their own: no pattern matches them, PUBLISH does not reach them.
  ChannelRegistry shard_channels;

  // Those who are to receive a message. Valid until somebody joins or leaves.
  struct Audience {
    struct Group {
      std::string_view pattern;
      const ChannelRegistry::Subscribers* subscribers;
    };
    const ChannelRegistry::Subscribers* subscribers = nullptr;  // of the channel itself
    std::vector<Group> groups;                                  // of patterns that match it
    size_t receivers = 0;  // a client counts as often as it will receive the message
  };
  Audience audience(std::string_view channel) const;
  void deliver(const Audience& audience, std::string_view channel, std::string_view text);
  void deliver_in_shard(std::string_view channel, std::string_view text);
  // Both at once; how many received it.
  size_t publish(std::string_view channel, std::string_view text);

  // The client's own; made when there are none. settle() follows.
  Subscriptions& open(command::Client& client);
  // After the client's subscriptions or its protocol changed: a subscriber or not, with which
  // commands allowed.
  static void settle(command::Client& client);
  // As after connecting. Answers nothing.
  static void leave_everything(command::Client& client);

  ChannelRegistry channels;
  ChannelRegistry patterns;
};

// In RESP2 messages look like replies, so a subscriber may hardly ask for any.
inline bool in_subscriber_mode(const command::Client& client) {
  return client.kind == command::Client::Kind::PubSub && client.reply.protocol() < 3;
}

}  // namespace pubsub

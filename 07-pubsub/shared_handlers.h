// SPDX-License-Identifier: MIT
//
// What later stages use of this one: how a user is let in, what a server says of itself, and how a
// client joins and leaves a registry of channels.
#pragma once

#include <string>
#include <string_view>

#include "07-pubsub/pubsub.h"
#include "shared/command/context.h"

namespace pubsub {

// What a client must say to be let in; a part of the server. There is one user, "default".
struct Credentials {
  std::string password;  // empty: none is asked for, and any will do

  bool fit(std::string_view user, std::string_view given) const;
};

// Lets the client in as this user; false, and answered: it may not.
bool authenticate(command::Context& c, std::string_view user, std::string_view password);

// HELLO's words about the server; a part of the server that later stages change.
struct Greeting {
  std::string_view mode = "standalone";
  std::string_view role = "master";
};

// Channels, patterns or shard channels: where their members are, and the words of the answers.
struct Family {
  ChannelRegistry PubSub::*registry;
  ChannelRegistry::Memberships Subscriptions::*own;
  std::string_view joined;
  std::string_view left;
  size_t (Subscriptions::*count)() const;  // what the answers tell
};
// SUBSCRIBE and UNSUBSCRIBE for a family.
void join(command::Context& c, const Family& family);
void leave(command::Context& c, const Family& family);

// PUBSUB CHANNELS [pattern] and NUMSUB [channel …] of a registry.
void reply_channels(command::Context& c, const ChannelRegistry& registry);
void reply_subscriber_counts(command::Context& c, const ChannelRegistry& registry);

}  // namespace pubsub

// SPDX-License-Identifier: MIT
#include "07-pubsub/channel_registry.h"

#include <cassert>

#include "shared/keyspace/keyspace.h"
#include "shared/util/todo.h"

namespace pubsub {

size_t ChannelRegistry::Hash::operator()(std::string_view name) const {
  return keyspace::Keyspace::hash(name);
}

bool ChannelRegistry::join(Memberships& memberships, command::Client& client,
                           std::string_view name) {
  // [07.1a begin] into the channel's list, and into the client's own
  if (memberships.contains(name)) return false;
  Channels::value_type& channel = *channels_.try_emplace(std::string(name)).first;
  channel.second.push_back(&client);
  // The key is a view of the registry's name: `name` belongs to the request.
  memberships.emplace(channel.first, Membership{&channel, std::prev(channel.second.end())});
  return true;
  // [07.1a end]
}

bool ChannelRegistry::leave(Memberships& memberships, std::string_view name) {
  assert(walks_ == 0 && "somebody leaves while a message is delivered");
  // [07.1b begin] out of both; a channel without subscribers goes
  const auto found = memberships.find(name);
  if (found == memberships.end()) return false;
  const auto [channel, place] = found->second;
  memberships.erase(found);
  channel->second.erase(place);
  if (channel->second.empty()) channels_.erase(channels_.find(channel->first));
  return true;
  // [07.1b end]
}

void ChannelRegistry::leave_all(Memberships& memberships) {
  // [07.3c begin] leaving takes the membership away from under you
  while (!memberships.empty()) leave(memberships, memberships.begin()->first);
  // [07.3c end]
}

const ChannelRegistry::Subscribers* ChannelRegistry::subscribers(std::string_view name) const {
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : &found->second;
}

}  // namespace pubsub

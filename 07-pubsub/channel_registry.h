// SPDX-License-Identifier: MIT
//
// Who listens to what, both ways: a channel knows its subscribers, in order of arrival, and a
// client knows its channels. A membership stands in both or in neither, and a channel exists while
// somebody listens to it. The same class serves patterns, whose names are globs to others.
//
//   "news" ─► [A, B, C]        A ─► {"chat", "news"}: each with its place in the channel's list,
//   "chat" ─► [A]              so that leaving searches no list, however long it is
//
// Memberships hold views of the registry's names. The loop thread's alone.
#pragma once

#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace command {
class Client;
}

namespace pubsub {

class ChannelRegistry {
 public:
  using Subscribers = std::list<command::Client*>;
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view name) const;
  };
  using Channels = std::unordered_map<std::string, Subscribers, Hash, std::equal_to<>>;

  // What one client has joined, by name. REQUIRES: left empty before it is destroyed.
  struct Membership {
    Channels::value_type* channel;
    Subscribers::iterator place;
  };
  using Memberships = std::map<std::string_view, Membership>;

  ChannelRegistry() = default;
  ChannelRegistry(const ChannelRegistry&) = delete;

  // False: the client is in already.
  bool join(Memberships& memberships, command::Client& client, std::string_view name);
  // False: it was not in.
  bool leave(Memberships& memberships, std::string_view name);
  void leave_all(Memberships& memberships);

  // While one lives, its maker walks lists of subscribers: nobody may leave.
  class Walk {
   public:
    explicit Walk(ChannelRegistry& registry) : walks_(registry.walks_) { ++walks_; }
    ~Walk() { --walks_; }

   private:
    size_t& walks_;
  };

  // Null: nobody listens.
  const Subscribers* subscribers(std::string_view name) const;
  const Channels& all() const { return channels_; }
  size_t size() const { return channels_.size(); }

 private:
  Channels channels_;
  size_t walks_ = 0;
};

}  // namespace pubsub

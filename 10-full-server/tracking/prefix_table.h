// SPDX-License-Identifier: MIT
//
// Broadcasting: clients that want to hear of every key whose name begins so, read or not. A prefix gathers the keys that
// changed in a turn, each with the client that changed it last, and hands them out as one message.
// A prefix is there while somebody listens to it. The loop thread's alone.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/function_ref.h"

namespace command {
class Client;
}

namespace tracking {

class TrackedClient;

class PrefixTable {
 public:
  // By name; null: nobody's command (the key expired).
  using Changed = std::map<std::string, const command::Client*, std::less<>>;

  void join(TrackedClient& client, std::string_view prefix);
  void leave(TrackedClient& client, std::string_view prefix);

  // A key has changed. False: nobody listens to any of its prefixes.
  bool note(std::string_view key, const command::Client* by);
  // A client goes: what it changed was changed by nobody.
  void forget(const command::Client& client);
  // For each listener of each prefix with changes; then these are over. `visit` changes no prefix.
  void hand_out(util::FunctionRef<void(TrackedClient&, const Changed&)> visit);

  bool empty() const { return prefixes_.empty(); }
  size_t size() const { return prefixes_.size(); }

 private:
  struct Prefix {
    std::vector<TrackedClient*> listeners;
    Changed changed;
  };
  std::map<std::string, Prefix, std::less<>> prefixes_;
};

}  // namespace tracking

// SPDX-License-Identifier: MIT
//
// Client-side caching: the server remembers what a client has read and tells it when that is no longer true.
//
//   GET k   ─► reply    ─► KeyTable: k ─► {7, 9}
//   SET k … ─► on_change ─► 7 and 9 hear "invalidate k", once: k is forgotten until it is read again
//
// In broadcast mode nothing is remembered: a client names prefixes and hears of every change below them, once a turn.
// A message goes to the client itself (RESP3 push) or to the one it redirects to, which in RESP2 listens to
// __redis__:invalidate. One's own messages come behind the reply (OwnMessages).
// A change costs two comparisons while nothing is tracked. Lives as long as the server; the loop thread's alone.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "10-full-server/tracking/key_table.h"
#include "10-full-server/tracking/prefix_table.h"
#include "shared/command/client_part.h"
#include "shared/command/executor.h"
#include "shared/command/observer.h"
#include "shared/keyspace/change_sink.h"

namespace server {
class Turn;
}

namespace tracking {

class Tracking;

// How a client wants to be told.
struct Mode {
  bool broadcast = false;
  bool opt_in = false;    // remember only what is read behind CLIENT CACHING YES
  bool opt_out = false;   // … all but what is read behind CLIENT CACHING NO
  bool no_loop = false;   // not of its own changes
  uint64_t redirect = 0;  // the client to be told instead; 0: itself
};

// A client that tracks. Goes with the client.
class TrackedClient final : public command::ClientPart {
 public:
  TrackedClient(Tracking& owner, command::Client& tracks) : client(tracks), owner_(owner) {}
  ~TrackedClient() override;
  void describe(command::ClientTraits& traits) const override;
  // Of the prefixes; a tree's node each.
  size_t memory_size() const override {
    return prefixes.size() * (sizeof(std::string) + 4 * sizeof(void*));
  }

  command::Client& client;
  Mode mode;
  std::set<std::string, std::less<>> prefixes;
  bool caching = false;          // CLIENT CACHING was the last command
  bool redirect_broken = false;  // the other one has gone

 private:
  Tracking& owner_;
};

class Tracking final : public keyspace::ChangeSink, public command::Observer {
 public:
  using FindClient = std::function<command::Client*(uint64_t id)>;  // null: there is none

  Tracking(command::Executor& executor, server::Turn& turn, FindClient find_client)
      : executor_(executor), turn_(turn), find_client_(std::move(find_client)) {}

  // Prefixes add up; they overlap neither with each other nor with the client's own (the caller has checked).
  void turn_on(command::Client& client, const Mode& mode,
               const std::vector<std::string_view>& prefixes);
  static void turn_off(command::Client& client) { client.parts.remove<TrackedClient>(); }
  static TrackedClient* find(const command::Client& client) {
    return client.parts.find<TrackedClient>();
  }
  bool exists(uint64_t client) const { return find_client_(client) != nullptr; }

  // What the turn changed below prefixes: before its replies go out.
  void broadcast();
  // Forgets some keys while there are more than max_keys; whoever read them is told.
  void limit();

  uint64_t max_keys = 1'000'000;  // 0: no limit
  const KeyTable& keys() const { return keys_; }
  const PrefixTable& prefixes() const { return prefixes_; }
  size_t client_count() const { return clients_.size(); }

  void on_change(const keyspace::Change& change) override {
    if (change.value_changed) invalidate(change.key, true);
  }
  void on_removed(const keyspace::Removal& removal) override { invalidate(removal.key, false); }
  void on_flush(int db, int64_t count) override;
  void on_swap(int, int, int64_t) override {
  }  // a key's name says nothing of its database: as in Redis, nobody is told
  void after_command(const command::Execution& execution) override;

 private:
  friend class TrackedClient;
  void invalidate(std::string_view key, bool by_command) {
    if (keys_.empty() && prefixes_.empty()) [[likely]]
      return;
    tell_of(key, by_command);
  }
  void tell_of(std::string_view key, bool by_command);
  // `by`: whose command it was, as far as that matters (NOLOOP).
  void tell_readers(std::string_view key, const command::Client* by);
  void remember(const TrackedClient& reader, const command::Execution& execution);
  void send(TrackedClient& to, std::string_view keys);
  void left(TrackedClient& client);

  command::Executor& executor_;
  server::Turn& turn_;
  FindClient find_client_;
  KeyTable keys_;
  PrefixTable prefixes_;
  std::unordered_map<uint64_t, TrackedClient*> clients_;
  // In which command it was told that all is gone: FLUSHALL empties every database.
  std::optional<uint64_t> flush_told_;
};

}  // namespace tracking

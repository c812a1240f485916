// SPDX-License-Identifier: MIT
//
// One numbered database: keys, their values, their deadlines. Owner of every Entry in it. The loop thread's alone.
//
// Invariants: a slot is marked exactly when its entry has a deadline. `now` is frozen while a command runs (a whole
// EXEC or script), so that a second lookup cannot remove what an open guard holds.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "shared/keyspace/bucket_table.h"
#include "shared/keyspace/change_sink.h"
#include "shared/keyspace/disposal.h"
#include "shared/keyspace/entry.h"
#include "shared/keyspace/usage_clock.h"
#include "shared/util/random.h"

namespace keyspace {

enum class ExpiryMode : uint8_t {
  Delete,  // a master: what has expired is removed and reported when it is met
  Hide,    // a replica, or while writes are paused: expired keys look missing and stay
  Ignore,  // while loading, or for the master's own commands on a replica: deadlines mean nothing
};

// What the databases of a server share.
struct Environment {
  ChangeSink* sink = nullptr;
  UnixMs now = 0;
  uint32_t clock = 0;  // the eviction clock of an entry that is made now
  UsageClock usage;
  LazyFree lazy;
  ExpiryMode expiry = ExpiryMode::Delete;
  bool paused = false;      // no key goes by itself: what has expired is hidden and stays, nothing is evicted
  bool hidden_by_pause = false;
  bool report_new = false;  // the sink hears of each key that begins to be
  bool touch = true;  // off while a child saves: a written page is a copied page
  // Hears how long it took to free what had expired, in util::cpu_ticks(); empty: nobody measures.
  std::function<void(uint64_t ticks)> on_expiry_freed;
  util::Random random;

  // What the server's role asks for; while paused, a master hides too.
  void set_expiry(ExpiryMode mode) {
    hidden_by_pause = false;
    expiry = mode;
    set_paused(paused);
  }
  void set_paused(bool on) {
    paused = on;
    if (!on && !hidden_by_pause) return;
    if (expiry != (on ? ExpiryMode::Delete : ExpiryMode::Hide)) return;  // or loading: it asks again when it is over
    expiry = on ? ExpiryMode::Hide : ExpiryMode::Delete;
    hidden_by_pause = on;
  }

  // Statistics of INFO.
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t expired = 0;
  uint64_t evicted = 0;
  uint64_t expiry_cut_short = 0;  // sweeps that ended because their time was over
  uint64_t key_comparisons = 0;
};

enum class LookupFlags : uint8_t {
  Read = 0,      // counts a hit or a miss, touches the eviction clock
  NoTouch = 1,   // … does not touch
  NoStats = 2,   // … does not count
  Write = 2,     // a lookup before a change: touches, does not count
  Peek = 3,      // neither
};
constexpr LookupFlags operator|(LookupFlags a, LookupFlags b) {
  return static_cast<LookupFlags>(static_cast<int>(a) | static_cast<int>(b));
}

enum class KeepTtl : bool { No, Yes };

// Whether a removed value that takes long to free is buried instead (Environment::lazy).
enum class Lazily : bool { No, Yes };

class Keyspace {
 public:
  using Cursor = BucketTable::Cursor;

  Keyspace(int index, Environment& environment);
  ~Keyspace();
  Keyspace(const Keyspace&) = delete;

  int index() const { return index_; }
  size_t size() const { return table_.size(); }
  size_t volatile_count() const { return table_.marked(); }
  Environment& environment() const { return environment_; }

  // The entry, or null. On a master an expired key is deleted and reported; hidden on a replica.
  Entry* find(std::string_view key, LookupFlags flags = LookupFlags::Read);

  // The entry whatever its deadline says, and nothing is counted, touched or removed.
  Entry* peek(std::string_view key) const;

  // Stores a string, replacing whatever was there. Does not report: guards and commands do.
  Entry* set_string(std::string_view key, std::string_view value, KeepTtl keep = KeepTtl::No);
  Entry* set_blob(std::string_view key, util::Blob value, KeepTtl keep = KeepTtl::No);
  Entry* set_integer(std::string_view key, int64_t value, KeepTtl keep = KeepTtl::No);
  // Puts an entry that take(), clone() or Entry::create() made under its own key, replacing whatever was there.
  Entry* store(Entry* entry);
  // Removes the entry from the keyspace without destroying it.
  Entry* take(Entry* entry);
  // A copy of the value under another key, deadline included; not yet stored.
  Entry* clone(const Entry& entry, std::string_view key) const;
  static void destroy(Entry* entry);

  // False when there is no such key. Does not report.
  bool erase(std::string_view key, Lazily lazily = Lazily::No);
  void erase(Entry* entry, Lazily lazily = Lazily::No);
  // Exchanges an entry for a new one with the same key; the old one is destroyed unless its handle moved over.
  Entry* replace(Entry* entry, Entry* with);

  // The entry may move: the result is its new address.
  Entry* expire_at(Entry* entry, UnixMs deadline);
  Entry* persist(Entry* entry);
  bool expired(const Entry& entry) const {
    return entry.has_deadline() && environment_.expiry != ExpiryMode::Ignore && entry.deadline() <= environment_.now;
  }
  // Deletes an expired entry and reports it, as if a lookup had met it. REQUIRES: expired(*entry)
  void remove_expired(Entry* entry);

  // Moves the value of `from` to `to`, deadline included; false when there is no `from`. Does not report.
  bool rename(std::string_view from, std::string_view to);
  void swap(Keyspace& other);
  void clear(Lazily lazily = Lazily::No);  // does not report

  // Visits some entries, expired ones too; begins and ends with 0. See BucketTable::scan.
  Cursor scan(Cursor cursor, util::FunctionRef<void(Entry*)> visit) const;
  void for_each(util::FunctionRef<void(Entry*)> visit) const;
  // Null when there is no live key; deletes the expired ones that it meets.
  Entry* random();

  static uint64_t hash(std::string_view key);
  void prefetch(uint64_t hash) const { table_.prefetch(hash); }
  void prefetch_entry(uint64_t hash) const { table_.prefetch_item(hash); }
  const BucketTable& table() const { return table_; }

 private:
  Slot* find_slot(uint64_t hash, std::string_view key) const;
  Entry* put(std::string_view key, const Entry::Parts& parts, KeepTtl keep);
  bool overwrite(Entry* entry, const Entry::Parts& parts, KeepTtl keep);
  uint32_t used(const Entry& entry) const;
  void dispose(Entry* entry, Lazily lazily);

  int index_;
  Environment& environment_;
  BucketTable table_;
};

}  // namespace keyspace

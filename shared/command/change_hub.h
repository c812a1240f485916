// SPDX-License-Identifier: MIT
//
// The server's one change sink: counts changes and passes them to whoever listens (WATCH, notifications, tracking, blocked
// keys, the log's trigger). Listeners are added by the composition root and live as long as the server.
#pragma once

#include <vector>

#include "shared/keyspace/change_sink.h"

namespace command {

class ChangeHub final : public keyspace::ChangeSink {
 public:
  void listen(keyspace::ChangeSink& listener) { listeners_.push_back(&listener); }

  // Changes since the server started; never goes back. "Dirty" is what has come since the last save.
  int64_t changes() const { return changes_; }
  void add(int64_t count) { changes_ += count; }

  void on_change(const keyspace::Change& change) override {
    changes_ += change.count;
    for (auto* listener : listeners_) listener->on_change(change);
  }
  void on_removed(const keyspace::Removal& removal) override {
    for (auto* listener : listeners_) listener->on_removed(removal);
  }
  void on_flush(int db, int64_t count) override {
    changes_ += count;
    for (auto* listener : listeners_) listener->on_flush(db, count);
  }
  void on_swap(int one, int other, int64_t count) override {
    changes_ += count;
    for (auto* listener : listeners_) listener->on_swap(one, other, count);
  }
  void on_miss(int db, std::string_view key) override {
    for (auto* listener : listeners_) listener->on_miss(db, key);
  }
  void on_new(int db, std::string_view key) override {
    for (auto* listener : listeners_) listener->on_new(db, key);
  }

 private:
  int64_t changes_ = 0;
  std::vector<keyspace::ChangeSink*> listeners_;
};

}  // namespace command

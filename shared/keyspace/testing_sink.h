// SPDX-License-Identifier: MIT
//
// For this folder's tests: a change sink that writes down what it hears, one word or two per event.
#pragma once

#include <string>
#include <vector>

#include "shared/keyspace/change_sink.h"

namespace keyspace {

struct RecordingSink final : ChangeSink {
  std::vector<std::string> heard;

  void on_change(const Change& change) override {
    heard.push_back(std::string(change.name) + " " + std::string(change.key) + " " +
                    std::to_string(change.count));
  }
  void on_removed(const Removal& removal) override {
    heard.push_back((removal.reason == RemovalReason::Expired ? "expired " : "evicted ") +
                    std::string(removal.key));
  }
  void on_flush(int db, int64_t count) override {
    heard.push_back("flush " + std::to_string(db) + " " + std::to_string(count));
  }
};

}  // namespace keyspace

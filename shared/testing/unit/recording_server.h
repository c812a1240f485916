// SPDX-License-Identifier: MIT
//
// An in-process server that notes every change and every command passed on, and that can hold
// values of a type that no command knows. Lives on the test's thread, as the server does.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "shared/keyspace/type_descriptor.h"
#include "shared/testing/unit/in_process_server.h"

namespace testing {

class RecordingServer : public InProcessServer,
                        private keyspace::ChangeSink,
                        private command::PropagationSink {
 public:
  explicit RecordingServer(const Compose& compose) : InProcessServer(compose) {
    keyspace::register_type(other_type());
    // FLUSHALL would leave a file behind.
    if (const auto* save = server().parameters.find("save")) (void)save->set("");
    server().executor.changes().listen(*this);
    server().executor.set_propagation_sink(this);
  }

  // What has been noted since the last call: "0:set:key 0:expired:key", "SET key v;DEL x".
  std::string events() { return std::exchange(events_, {}); }
  std::string passed_on() { return std::exchange(passed_on_, {}); }

  // A value that is no string, under this key.
  void put_other(std::string_view key, int db = 0) {
    server().databases[db].store(keyspace::Entry::create(
        {.key = key, .type = other_type().id, .has_word = true, .word = 42}));
  }

 private:
  static const keyspace::TypeDescriptor& other_type() {
    static const keyspace::TypeDescriptor kRow = {
        .id = keyspace::TypeId::Module,
        .name = "other",
        .destroy = [](void*) {},
        .clone = [](const void*, void*) {},
        .length = [](const void*) -> size_t { return 1; },
        .memory = [](const keyspace::Entry& entry) { return entry.allocation_size(); },
        .free_effort = [](const void*) -> size_t { return 1; },
        .encoding_name = [](const keyspace::Entry&) -> std::string_view { return "word"; },
    };
    return kRow;
  }

  void note(int db, std::string_view name, std::string_view key) {
    if (!events_.empty()) events_ += ' ';
    events_.append(std::to_string(db)).append(":").append(name).append(":").append(key);
  }
  void on_change(const keyspace::Change& change) override {
    note(change.db, change.name, change.key);
  }
  void on_removed(const keyspace::Removal& removal) override {
    note(removal.db, "expired", removal.key);
  }
  void on_flush(int db, int64_t) override { note(db, "flush", ""); }

  void propagate(int, resp::Args args, command::Audience) override {
    if (!passed_on_.empty()) passed_on_ += ';';
    for (size_t i = 0; i < args.size(); ++i) passed_on_.append(i == 0 ? "" : " ").append(args[i]);
  }

  std::string events_;
  std::string passed_on_;
};

// As bytes on the wire.
inline std::string bulk(std::string_view text) {
  return "$" + std::to_string(text.size()) + "\r\n" + std::string(text) + "\r\n";
}
inline constexpr std::string_view kNull = "$-1\r\n";
inline constexpr std::string_view kWrongType =
    "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

}  // namespace testing

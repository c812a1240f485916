// SPDX-License-Identifier: MIT
//
// What a command leaves for the log and the replicas. By default a command that changed something is passed on as it was
// received; one whose effect depends on time or chance says instead what it did (SET … EX becomes SET … PXAT). Encoded
// once, at execution; more than one command belongs in MULTI/EXEC, which the consumer adds.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "shared/resp/request_parser.h"

namespace command {

// Who is to hear of a command: bits.
enum class Audience : uint8_t { Log = 1, Replicas = 2, Everybody = 3 };

class PropagationSink {
 public:
  virtual ~PropagationSink() = default;
  // The arguments are valid during the call only.
  virtual void propagate(int db, resp::Args args, Audience audience) = 0;
  // The outermost command is over.
  virtual void end_of_execution() {}
};

// A builder: `context.propagate().as({"PEXPIREAT", key, "1700000000000"})`, callable repeatedly.
class Propagation {
 public:
  Propagation(PropagationSink* sink, int db, bool& explicitly) : sink_(sink), db_(db) { explicitly = true; }

  Propagation& as(resp::Args args) {
    if (sink_ != nullptr) sink_->propagate(db_, args, Audience::Everybody);
    return *this;
  }
  Propagation& as(std::initializer_list<std::string_view> args) { return as(resp::Args(args.begin(), args.size())); }
  // What replicas must hear and no log needs to keep (PUBLISH).
  Propagation& to_replicas(resp::Args args) {
    if (sink_ != nullptr) sink_->propagate(db_, args, Audience::Replicas);
    return *this;
  }
  Propagation& to_replicas(std::initializer_list<std::string_view> args) {
    return to_replicas(resp::Args(args.begin(), args.size()));
  }
  // Nothing is passed on.
  void nothing() {}

 private:
  PropagationSink* sink_;
  int db_;
};

}  // namespace command

// SPDX-License-Identifier: MIT
//
// A client as commands see it: who it is, which database it uses, where its replies go. Sockets, the log's replay and the
// replication stream each own one. Rare state (names, library) is kept apart, so that an idle client is small.
// The loop thread's alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "shared/resp/output_buffer.h"
#include "shared/resp/reply_writer.h"
#include "shared/util/clock.h"

namespace command {

struct Command;

class Client {
 public:
  explicit Client(uint64_t client_id) : id(client_id), reply(output) {}
  Client(const Client&) = delete;

  const uint64_t id;
  int db = 0;
  bool authenticated = true;
  bool close_after_reply = false;
  bool no_evict = false;
  bool no_touch = false;

  // CLIENT REPLY: what is written while replies are off is thrown away.
  enum class ReplyMode : uint8_t { On, Off, SkipNext, SkipThis };
  ReplyMode reply_mode = ReplyMode::On;

  resp::OutputBuffer output;
  resp::ReplyWriter reply;

  const Command* last_command = nullptr;
  util::UnixMs created = 0;
  util::UnixMs last_interaction = 0;
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;

  struct Details {
    std::string name;
    std::string library_name;
    std::string library_version;
  };
  const Details& details() const {
    static const Details kNone;
    return details_ ? *details_ : kNone;
  }
  Details& edit_details() {
    if (!details_) details_ = std::make_unique<Details>();
    return *details_;
  }

 private:
  std::unique_ptr<Details> details_;
};

}  // namespace command

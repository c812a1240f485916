// SPDX-License-Identifier: MIT
//
// What a client has queued between MULTI and EXEC. A ClientPart that is the client's command queue while it lives: it
// copies what comes and answers QUEUED. One command that did not get as far spoils the whole. The loop thread's alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/command/client.h"
#include "shared/command/client_part.h"
#include "shared/command/command_queue.h"
#include "shared/command/command_table.h"

namespace transactions {

class Transaction final : public command::ClientPart, public command::CommandQueue {
 public:
  explicit Transaction(command::Client& client) : client_(client) { client_.queue = this; }
  ~Transaction() override { client_.queue = nullptr; }

  bool take(const command::Command& command, resp::Args args) override;
  void describe(command::ClientTraits& traits) const override;
  void on_refused() override { spoiled_ = true; }

  // Something was refused on the way: EXEC has to discard everything.
  bool spoiled() const { return spoiled_; }
  size_t size() const { return requests_.size(); }
  const command::Command& command(size_t index) const { return *requests_[index].command; }
  std::vector<std::string_view> args(size_t index) const;
  size_t memory_size() const override {
    return text_.capacity() + ends_.capacity() * sizeof(size_t) + requests_.capacity() * sizeof(Request);
  }

 private:
  struct Request {
    const command::Command* command;
    size_t first_argument;  // in ends_
    size_t argument_count;
  };
  command::Client& client_;
  bool spoiled_ = false;
  std::string text_;          // all arguments, one behind the other
  std::vector<size_t> ends_;  // where each argument ends in text_
  std::vector<Request> requests_;
};

}  // namespace transactions

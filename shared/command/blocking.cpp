// SPDX-License-Identifier: MIT
#include "shared/command/blocking.h"

#include <algorithm>
#include <string>

#include "shared/command/executor.h"

namespace command {

// The client's side of waiting: a copy of the request, and the places where the client stands.
class BlockedCommand final : public ClientPart {
 public:
  BlockedCommand(Blocking& blocking, Client& client, const Command& asked, resp::Args args, bool was_postponed)
      : command(asked), postponed(was_postponed), blocking_(blocking), client_(client) {
    size_t total = 0;
    for (const std::string_view argument : args) total += argument.size();
    text_.reserve(total);  // the views below stay valid
    args_.reserve(args.size());
    for (const std::string_view argument : args) {
      args_.emplace_back(text_.data() + text_.size(), argument.size());
      text_.append(argument);
    }
  }
  ~BlockedCommand() override { leave(); }

  void enter(WaitQueue& queue, util::UnixMs deadline) {
    client_.blocked = true;
    blocking_.blocked_[client_.id] = &client_;
    places_.push_back({&queue, queue.waiting_.insert(queue.waiting_.end(), &client_)});
    if (deadline_ == 0) deadline_ = deadline;  // the first one stands
    if (deadline_ != 0) blocking_.deadlines_[{deadline_, client_.id}] = &client_;
  }
  void leave() {
    if (places_.empty()) return;
    client_.blocked = false;
    blocking_.blocked_.erase(client_.id);
    for (const Place& place : places_) place.queue->waiting_.erase(place.at);
    places_.clear();
    if (deadline_ != 0) blocking_.deadlines_.erase({deadline_, client_.id});
    if (ready) blocking_.ready_.remove(&client_);
    ready = false;
  }
  bool any_ready() const {
    return std::any_of(places_.begin(), places_.end(), [](const Place& place) { return place.queue->ready(); });
  }
  void describe(ClientTraits& traits) const override { traits.argument_bytes = text_.size(); }
  bool belongs_to(const Client& client) const { return &client_ == &client; }
  resp::Args args() const { return args_; }

  const Command& command;
  const bool postponed;
  bool ready = false;

 private:
  struct Place {
    WaitQueue* queue;
    std::list<Client*>::iterator at;
  };
  Blocking& blocking_;
  Client& client_;
  std::string text_;
  std::vector<std::string_view> args_;
  std::vector<Place> places_;
  util::UnixMs deadline_ = 0;
};

Blocking::Blocking(Executor& executor) : executor_(executor) {}

Blocking::~Blocking() = default;

void Blocking::postpone(Client& client, const Command& command, resp::Args args, WaitQueue& queue) {
  client.parts.add<BlockedCommand>(*this, client, command, args, true).enter(queue, 0);
}

void Blocking::block(Client& client, const Command& command, resp::Args args, WaitQueue& queue, util::UnixMs deadline) {
  BlockedCommand* part = client.parts.find<BlockedCommand>();
  if (part == nullptr && resuming_ && resuming_->belongs_to(client)) {
    part = resuming_.get();
    client.parts.put(std::move(resuming_));
  }
  if (part == nullptr) part = &client.parts.add<BlockedCommand>(*this, client, command, args, false);
  part->enter(queue, deadline);
}

void Blocking::wake(WaitQueue& queue) {
  for (Client* client : queue.waiting_) {
    auto* part = client->parts.find<BlockedCommand>();
    if (std::exchange(part->ready, true)) continue;
    ready_.push_back(client);
  }
}

void Blocking::serve() {
  if (std::exchange(serving_, true)) return;
  while (!ready_.empty()) {
    Client& client = *ready_.front();
    ready_.pop_front();
    serve(client);
  }
  serving_ = false;
}

void Blocking::serve(Client& client) {
  auto* part = client.parts.find<BlockedCommand>();
  part->ready = false;
  if (!part->any_ready()) return;  // it waits on, where it stands
  if (part->postponed || !refused(client)) run_again(client, Attempt::Resumed);
}

// What has become forbidden since the command began to wait is refused, or waits for leave. True: it was seen to.
bool Blocking::refused(Client& client) {
  const auto* part = client.parts.find<BlockedCommand>();
  WaitQueue* queue = nullptr;
  const std::string_view why = executor_.refusal(client, part->command, queue);
  if (why.empty()) return false;
  if (queue == nullptr) return unblock(client, why);
  const std::unique_ptr<BlockedCommand> held = client.parts.take<BlockedCommand>();
  held->leave();
  postpone(client, held->command, held->args(), *queue);
  return true;
}

void Blocking::expire(util::UnixMs now) {
  while (!deadlines_.empty() && deadlines_.begin()->first.first <= now) {
    run_again(*deadlines_.begin()->second, Attempt::TimedOut);
  }
}

bool Blocking::unblock(Client& client, std::string_view error) {
  const auto* part = client.parts.find<BlockedCommand>();
  if (part == nullptr || part->postponed) return false;
  if (error.empty()) {
    run_again(client, Attempt::TimedOut);
    return true;
  }
  const std::unique_ptr<BlockedCommand> ended = client.parts.take<BlockedCommand>();
  ended->leave();
  client.reply.error(error);
  executor_.count_failed_wait(client, ended->command, ended->args());
  if (client.owner != nullptr) client.owner->unblocked();
  return true;
}

void Blocking::end_all(std::string_view error) {
  const std::map<uint64_t, Client*> all = blocked_;
  for (const auto& [id, client] : all) {
    if (unblock(*client, error)) client->close_after_reply = true;
  }
}

// The arguments stay alive outside the client, which the command may close.
void Blocking::run_again(Client& client, Attempt attempt) {
  std::unique_ptr<BlockedCommand> part = client.parts.take<BlockedCommand>();
  part->leave();
  if (part->postponed) {
    executor_.execute(client, part->args());
  } else {
    BlockedCommand& running = *part;
    std::unique_ptr<BlockedCommand> outer = std::exchange(resuming_, std::move(part));
    executor_.run_blocked(client, running.command, running.args(), attempt);
    resuming_ = std::move(outer);
  }
  if (!client.blocked && client.owner != nullptr) client.owner->unblocked();
}

}  // namespace command

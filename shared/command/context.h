// SPDX-License-Identifier: MIT
//
// What a handler sees of the world while its command runs. On the stack, owns nothing. Arguments are valid until the
// handler returns. A handler replies exactly once, by appending; it changes values only through guards.
#pragma once

#include "shared/command/arg_reader.h"
#include "shared/command/blocking.h"
#include "shared/command/client.h"
#include "shared/command/command_table.h"
#include "shared/command/parts.h"
#include "shared/command/propagation.h"
#include "shared/keyspace/databases.h"
#include "shared/keyspace/edit.h"
#include "shared/keyspace/string_edit.h"
#include "shared/resp/reply_writer.h"
#include "shared/util/arena.h"

namespace command {

class Executor;

class Context {
 public:
  Context(Executor& executor, Client& client, const Command& command, resp::Args args, resp::Batch* received,
          Attempt attempt = Attempt::First)
      : executor_(executor), client_(client), command_(command), args_(args), received_(received), attempt_(attempt) {}

  std::string_view arg(size_t index) const { return args_[index]; }
  resp::Args args(size_t from = 0) const { return args_.subspan(from); }
  size_t argc() const { return args_.size(); }
  ArgReader reader(size_t from) const { return {args_, from}; }
  // The argument's bytes without a copy, when it was received alone (32 KB or more); empty otherwise. arg(index) stays
  // valid nonetheless, behind the handler too, for whoever looks on or passes the command on.
  util::Blob take(size_t index) {
    if (received_ == nullptr) return {};
    taken_ = received_->take(args_[index]);
    return taken_;
  }
  // A secret: observers see "(redacted)" in its place.
  void redact(size_t index) { redacted_ |= index < 63 ? uint64_t{1} << index : uint64_t{1} << 63; }
  uint64_t redacted() const { return redacted_; }  // a bit for each argument, the last for all from the 64th on

  resp::ReplyWriter& reply() { return client_.reply; }
  void fail(util::Error error) { client_.reply.error(error); }

  keyspace::Keyspace& db();
  keyspace::Databases& databases();
  Client& client() { return client_; }
  const Command& command() const { return command_; }
  const CommandTable& table() const;
  util::UnixMs now() const;
  util::Arena& scratch();
  const Parts& parts() const;
  template <class T>
  T& get() const {
    return parts().get<T>();
  }

  // Guards. A false one has been answered already.
  keyspace::StringView string(std::string_view key);
  keyspace::StringEdit edit_string(std::string_view key);
  template <keyspace::Stored T>
  keyspace::View<T> view(std::string_view key);
  template <keyspace::Stored T>
  keyspace::Edit<T> edit(std::string_view key);
  // Never creates: a missing key gives a false guard, and nothing has been answered (exists() of `found` tells).
  template <keyspace::Stored T>
  keyspace::Edit<T> edit_existing(std::string_view key, bool& found);

  keyspace::LookupFlags read_flags() const {
    return client_.no_touch ? keyspace::LookupFlags::NoTouch : keyspace::LookupFlags::Read;
  }
  // Reports a change that no guard made: a whole key deleted, renamed, given a deadline.
  void changed(keyspace::Event event, std::string_view name, std::string_view key, int64_t count = 1);

  // The command cannot be answered yet: it runs again when the queue is woken and when the deadline (Unix milliseconds;
  // 0: none) has passed. Arguments are copied; the handler returns without a reply. REQUIRES: client().may_block
  void block_on(WaitQueue& queue, util::UnixMs deadline);
  // With which arguments it is asked again when it waits: "$" means what it meant at first. Valid until the handler returns.
  void ask_again_with(resp::Args args) { args_ = args; }
  // The command waited before, and is asked again; its deadline stands, whatever block_on() says this time.
  bool resumed() const { return attempt_ != Attempt::First; }
  // The deadline has passed (or CLIENT UNBLOCK came): the handler must answer now.
  bool timed_out() const { return attempt_ == Attempt::TimedOut; }

  Propagation propagate();
  bool propagates_explicitly() const { return explicit_propagation_; }

 private:
  bool has_type(const keyspace::Entry* entry, keyspace::TypeId type);

  Executor& executor_;
  Client& client_;
  const Command& command_;
  resp::Args args_;
  resp::Batch* received_;
  util::Blob taken_;
  uint64_t redacted_ = 0;
  Attempt attempt_;
  bool explicit_propagation_ = false;
};

template <keyspace::Stored T>
keyspace::View<T> Context::view(std::string_view key) {
  keyspace::Entry* entry = db().find(key, read_flags());
  if (!has_type(entry, T::descriptor().id)) return {};
  return keyspace::View<T>(entry);
}

template <keyspace::Stored T>
keyspace::Edit<T> Context::edit(std::string_view key) {
  keyspace::Entry* entry = db().find(key, keyspace::LookupFlags::Write);
  if (!has_type(entry, T::descriptor().id)) return {};
  return keyspace::Edit<T>(db(), key, entry);
}

template <keyspace::Stored T>
keyspace::Edit<T> Context::edit_existing(std::string_view key, bool& found) {
  keyspace::Entry* entry = db().find(key, keyspace::LookupFlags::Write);
  found = entry != nullptr;
  if (!found || !has_type(entry, T::descriptor().id)) return {};
  return keyspace::Edit<T>(db(), key, entry);
}

}  // namespace command

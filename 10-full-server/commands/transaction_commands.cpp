// SPDX-License-Identifier: MIT
// MULTI, EXEC, DISCARD, WATCH, UNWATCH.
#include <memory>
#include <string>

#include "10-full-server/commands/commands.h"
#include "10-full-server/transactions/transaction.h"
#include "10-full-server/transactions/watched_keys.h"
#include "shared/command/context.h"
#include "shared/command/executor.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using transactions::Transaction;
using transactions::WatchedKeys;

static Transaction* transaction_of(Context& c) { return c.client().parts.find<Transaction>(); }

void discard_transaction(command::Client& client) {
  client.parts.remove<Transaction>();
  WatchedKeys::unwatch(client);
}

static void multi(Context& c) {
  if (transaction_of(c) != nullptr) return c.reply().error("ERR MULTI calls can not be nested");
  c.client().parts.add<Transaction>(c.client());
  c.reply().ok();
}

static void discard(Context& c) {
  if (transaction_of(c) == nullptr) return c.reply().error("ERR DISCARD without MULTI");
  discard_transaction(c.client());
  c.reply().ok();
}

static void watch(Context& c) {
  if (transaction_of(c) != nullptr) return c.reply().error("ERR WATCH inside MULTI is not allowed");
  for (const std::string_view key : c.args(1)) c.get<WatchedKeys>().watch(c.client(), key);
  c.reply().ok();
}

static void unwatch(Context& c) {
  WatchedKeys::unwatch(c.client());
  c.reply().ok();
}

// What a gate would refuse within is refused as a whole, before anything has run. True: it was answered, or waits.
static bool refused(Context& c, const Transaction& transaction) {
  auto& executor = c.get<server::Server>().executor;
  for (size_t i = 0; i < transaction.size(); ++i) {
    command::WaitQueue* queue = nullptr;
    const std::string_view why = executor.refusal(c.client(), transaction.command(i), queue);
    if (queue != nullptr) {
      executor.blocking().postpone(c.client(), c.command(), c.args(), *queue);
      return true;
    }
    if (why.empty()) continue;
    c.reply().error("EXECABORT Transaction discarded because of: " + std::string(why));
    discard_transaction(c.client());
    return true;
  }
  return false;
}

static void run_all(Context& c, const Transaction& transaction) {
  command::Client& client = c.client();
  auto& executor = c.get<server::Server>().executor;
  const bool may_block = std::exchange(client.may_block, false);
  const command::Command* own = client.last_command;
  c.reply().array(transaction.size());
  for (size_t i = 0; i < transaction.size(); ++i) executor.execute_admitted(client, transaction.command(i), transaction.args(i));
  client.last_command = own;
  client.may_block = may_block;
  c.propagate().nothing();  // each command has said what it did
}

static void exec(Context& c) {
  command::Client& client = c.client();
  const Transaction* transaction = transaction_of(c);
  if (transaction == nullptr) return c.reply().error("ERR EXEC without MULTI");
  if (transaction->spoiled()) {
    discard_transaction(client);
    return c.reply().error("EXECABORT Transaction discarded because of previous errors.");
  }
  if (c.get<WatchedKeys>().changed(client)) {
    discard_transaction(client);
    return c.reply().null_array();
  }
  if (refused(c, *transaction)) return;
  // Its own commands may MULTI no more, and the watches are over: changes from here on are the transaction's.
  WatchedKeys::unwatch(client);
  const std::unique_ptr<Transaction> running = client.parts.take<Transaction>();
  client.queue = nullptr;
  run_all(c, *running);
}

std::span<const command::CommandRow> transaction_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale | kFast | kAllowBusy;
  static constexpr CommandRow kRows[] = {
      {"multi", 1, kPlain, {}, kAclTransaction, multi},
      {"exec", 1, kNoScript | kLoading | kStale | kSkipSlowlog, {}, kAclTransaction, exec},
      {"discard", 1, kPlain, {}, kAclTransaction, discard},
      {"watch", -2, kPlain, kKeys<kKeyRO, 1, -1>, kAclTransaction, watch},
      {"unwatch", 1, kPlain, {}, kAclTransaction, unwatch},
  };
  return kRows;
}

}  // namespace full_server

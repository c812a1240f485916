// SPDX-License-Identifier: MIT
//
// Who waits for which key: one queue a key, woken when that key changes in any way. The command that waits looks again and
// decides for itself. A change sink; queues exist while somebody stands in them. The loop thread's alone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "shared/command/blocking.h"
#include "shared/keyspace/change_sink.h"

namespace command {

class Context;

class KeyWaits final : public keyspace::ChangeSink {
 public:
  explicit KeyWaits(Blocking& blocking) : blocking_(blocking) {}

  // The command waits for a change of any of the keys. See Context::block_on.
  void wait(Context& context, resp::Args keys, util::UnixMs deadline);
  size_t size() const;  // keys that somebody waits for

  void on_change(const keyspace::Change& change) override { wake(change.db, change.key); }
  void on_removed(const keyspace::Removal& removal) override { wake(removal.db, removal.key); }
  void on_flush(int db, int64_t count) override;

 private:
  using Queues = std::map<std::pair<int, std::string>, std::unique_ptr<WaitQueue>, std::less<>>;
  void wake(int db, std::string_view key);
  void drop_empty();

  Blocking& blocking_;
  Queues queues_;
  size_t drop_at_ = 64;  // how many queues there may be before the empty ones are looked for
};

}  // namespace command

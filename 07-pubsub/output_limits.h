// SPDX-License-Identifier: MIT
//
// How much may wait for a client that does not read: `client-output-buffer-limit`, by class of
// client. Over the hard limit it is closed; over the soft limit it is closed when that has lasted
// for more than so many seconds. Asked whenever output was appended, and once a second for those
// who are over their soft limit, since time passes without output too.
// A client is only marked here and closed at the turn's end: the caller may be walking a list that
// it stands in. Lives as long as the server; the loop thread's alone.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "shared/command/client.h"
#include "shared/server/output_guard.h"
#include "shared/server/parameter_table.h"
#include "shared/util/result.h"

namespace pubsub {

class OutputLimits final : public server::OutputGuard {
 public:
  struct Limit {
    uint64_t hard = 0;  // bytes; 0: none
    uint64_t soft = 0;
    int64_t soft_seconds = 0;
  };
  // `now`: the turn's time. `report` hears of a client that is to be closed.
  OutputLimits(const util::UnixMs& now, std::function<void(const command::Client&)> report)
      : now_(now), report_(std::move(report)) {}

  void output_grew(command::Client& client) override;
  void check_soft_limits();  // every second

  Limit of(const command::Client& client) const;
  // `normal 0 0 0 slave 268435456 67108864 60 …`, as CONFIG GET writes it; classes may be left out.
  util::Result<> set(std::string_view text);
  std::string text() const;
  server::Parameter parameter();
  // A replica may always have so many bytes waiting, however low its hard limit (repl-backlog-size).
  void grant_replicas(const uint64_t& bytes) { granted_ = &bytes; }

 private:
  class OverSoftLimit;
  static constexpr size_t kClasses = 3;
  bool exceeded(command::Client& client);
  bool over_for_too_long(command::Client& client, const Limit& limit);

  const util::UnixMs& now_;
  std::function<void(const command::Client&)> report_;
  Limit limits_[kClasses] = {{}, {256 << 20, 64 << 20, 60}, {32 << 20, 8 << 20, 60}};
  std::set<command::Client*> over_soft_;
  const uint64_t* granted_ = nullptr;
};

}  // namespace pubsub

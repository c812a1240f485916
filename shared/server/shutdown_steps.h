// SPDX-License-Identifier: MIT
//
// What must happen before the server may exit, as a list that its parts fill: finish what was read, let replicas catch up,
// sync the log, save. Stage 09 owns the sequencer that runs it; until then a server that is asked to stop just stops.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/clock.h"

namespace server {

struct ShutdownRequest {
  enum class Save : uint8_t { IfConfigured, Always, Never };
  Save save = Save::IfConfigured;
  bool now = false;         // does not wait for replicas
  bool force = false;       // a step that fails refuses nothing
  int signal = 0;           // 0: SHUTDOWN asked
  util::UnixMs deadline = 0;  // until when a step may answer Waiting, Unix milliseconds
};

struct ShutdownStep {
  enum class Outcome : uint8_t {
    Done,
    Waiting,  // asked again soon, until the request's deadline
    Refused,  // the shutdown is called off, unless it is forced; `why` says the reason
  };
  std::string_view name;
  int order;  // ascending; ties in the order of addition
  std::function<Outcome(const ShutdownRequest&, std::string& why)> run;
  std::function<void()> undo = {};  // the shutdown was called off after run() was asked at least once
};

namespace shutdown_order {
inline constexpr int kStopAccepting = 100;
inline constexpr int kDrain = 200;          // what was read is answered, what was answered is delivered
inline constexpr int kReplicas = 300;
inline constexpr int kChild = 400;          // a running child is ended
inline constexpr int kLog = 500;
inline constexpr int kSnapshot = 600;
}  // namespace shutdown_order

}  // namespace server

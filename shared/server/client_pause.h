// SPDX-License-Identifier: MIT
//
// The pause that clients ask for (CLIENT PAUSE): one, whoever asks. A second request makes it longer and stricter, never
// shorter or milder. It ends by itself, in a turn of the loop. Lives as long as the server; the loop thread's alone.
#pragma once

#include "shared/net/event_loop.h"
#include "shared/server/pause.h"
#include "shared/server/turn.h"

namespace server {

class ClientPause {
 public:
  // `now`: the turn's time.
  ClientPause(Pause& pause, Turn& turn, net::EventLoop& loop, const util::UnixMs& now);

  void begin(Pause::What what, util::UnixMs until);
  void end();

 private:
  void end_when_over() {
    if (what_ != Pause::What::Nothing && now_ >= until_) end();
  }

  Pause& pause_;
  Turn& turn_;
  const util::UnixMs& now_;
  net::Timer timer_;
  Pause::What what_ = Pause::What::Nothing;
  util::UnixMs until_ = 0;
};

}  // namespace server

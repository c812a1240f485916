// SPDX-License-Identifier: MIT
#include "shared/server/client_pause.h"

#include <algorithm>

namespace server {

ClientPause::ClientPause(Pause& pause, Turn& turn, net::EventLoop& loop, const util::UnixMs& now)
    : pause_(pause), turn_(turn), now_(now), timer_(loop) {
  turn.add_opening([this] { end_when_over(); });
}

void ClientPause::begin(Pause::What what, util::UnixMs until) {
  end_when_over();
  what_ = std::max(what_, what);
  until_ = std::max(until_, until);
  pause_.begin(Pause::Purpose::Client, what_);
  const int64_t left = std::max<int64_t>(until_ - now_, 0);
  timer_.start(std::chrono::milliseconds(left), [this] { turn_.request_end(); });
}

void ClientPause::end() {
  what_ = Pause::What::Nothing;
  until_ = 0;
  timer_.cancel();
  pause_.end(Pause::Purpose::Client);
}

}  // namespace server

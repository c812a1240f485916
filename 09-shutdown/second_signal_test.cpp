// SPDX-License-Identifier: MIT
// Signals that are really raised, the deadly one in a child.
#include "09-shutdown/second_signal.h"

#include <sys/wait.h>
#include <unistd.h>

#include "shared/testing/catch.h"

namespace shutdown {

TEST_CASE("second signal: ends the process where it arrives, with status 1") {
  for (const int signal : {SIGTERM, SIGINT}) {
    const pid_t child = fork();
    if (child == 0) {
      close(STDERR_FILENO);
      SecondSignal second;
      second.arm();
      raise(signal);
      _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
  }
}

TEST_CASE("second signal: disarmed, what was there before is there again") {
  static int heard = 0;
  heard = 0;
  struct sigaction ours = {}, before = {};
  ours.sa_handler = [](int) { ++heard; };
  sigaction(SIGINT, &ours, &before);
  {
    SecondSignal second;
    second.arm();
    second.arm();  // once is enough
    CHECK(second.armed());
    second.disarm();
    CHECK_FALSE(second.armed());
    raise(SIGINT);
    CHECK(heard == 1);
    second.arm();
  }  // disarms
  raise(SIGINT);
  CHECK(heard == 2);
  sigaction(SIGINT, &before, nullptr);
}

}  // namespace shutdown

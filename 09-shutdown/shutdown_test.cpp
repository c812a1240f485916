// SPDX-License-Identifier: MIT
// SHUTDOWN and signals in a whole server without sockets: who waits, who is told, what goes on
// meanwhile.
#include "09-shutdown/shutdown.h"

#include <csignal>
#include <string>

#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "09-shutdown/commands.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"
#include "shared/testing/unit/loopback.h"

namespace shutdown {

using server::ShutdownRequest;
using testing::eventually;
using Outcome = server::ShutdownStep::Outcome;

namespace {

constexpr std::string_view kErrors = "-ERR Errors trying to SHUTDOWN. Check logs.\r\n";

struct Fixture {
  explicit Fixture(Outcome first_answer) : answer(first_answer) {
    tested.server().settings.port = 0;
  }

  void compose(server::Server& server) {
    get_set::compose(server);
    expiry::compose(server);
    shutdown::compose(server);
    server.add_shutdown_step({.name = "test",
                              .order = server::shutdown_order::kSnapshot,
                              .run =
                                  [this](const ShutdownRequest& request, std::string& why) {
                                    seen = request;
                                    ++asked;
                                    why = "the test says no";
                                    return answer;
                                  },
                              .undo = [this] { ++undone; }});
  }
  // Turns of the loop until the step has been asked so often.
  void run_until_asked(int times) {
    testing::LoopThread loop(tested.server().loop);
    CHECK(eventually([&] { return loop.call([&] { return asked >= times; }); }));
  }
  void run_until_idle() {
    testing::LoopThread loop(tested.server().loop);
    CHECK(eventually([&] { return loop.call([&] { return !stopping().running(); }); }));
  }
  Shutdown& stopping() { return tested.server().parts.get<Shutdown>(); }

  Outcome answer;
  ShutdownRequest seen;
  int asked = 0, undone = 0;
  testing::InProcessServer tested{[this](server::Server& server) { compose(server); }};
};

}  // namespace

TEST_CASE("shutdown: never within the command, and the client hears nothing") {
  Fixture f(Outcome::Done);
  CHECK(f.tested.run({"SHUTDOWN"}).empty());
  CHECK(f.asked == 0);
  f.tested.server().loop.run();  // ends by itself
  CHECK(f.asked == 1);
  CHECK(f.tested.output(f.tested.client()).empty());
}

TEST_CASE("shutdown: while it waits, reads are answered and writes are not") {
  Fixture f(Outcome::Waiting);
  f.tested.run({"SET", "k", "1"});
  auto& operator_client = f.tested.add_client();
  auto& reader = f.tested.add_client();
  CHECK(f.tested.run(operator_client, {"SHUTDOWN"}).empty());
  f.run_until_asked(2);
  CHECK(f.tested.run({"INCR", "k"}).empty());
  CHECK(f.tested.run(reader, {"GET", "k"}) == "$1\r\n1\r\n");
  CHECK(f.tested.run(reader, {"INFO", "server"}).find("shutdown_in_milliseconds:10000") !=
        std::string::npos);

  CHECK(f.tested.run(reader, {"SHUTDOWN", "ABORT"}) == "+OK\r\n");
  CHECK(f.tested.output(operator_client) == kErrors);
  CHECK(f.tested.output(f.tested.client()) == ":2\r\n");
  CHECK(f.undone == 1);
  CHECK(f.tested.run(reader, {"SHUTDOWN", "ABORT"}) == "-ERR No shutdown in progress.\r\n");
  CHECK(f.tested.run(reader, {"INFO", "server"}).find("shutdown_in") == std::string::npos);
}

TEST_CASE("shutdown: a step that refuses leaves the server as it was") {
  Fixture f(Outcome::Refused);
  auto& second = f.tested.add_client();
  CHECK(f.tested.run({"SHUTDOWN"}).empty());
  CHECK(f.tested.run(second, {"SHUTDOWN", "NOW"}).empty());  // joins
  f.run_until_idle();
  f.tested.end_turn();
  CHECK(f.tested.output(f.tested.client()) == kErrors);
  CHECK(f.tested.output(second) == kErrors);
  CHECK(f.undone == 1);
  CHECK(f.tested.run({"SET", "k", "v"}) == "+OK\r\n");
}

TEST_CASE("shutdown: FORCE goes on") {
  Fixture f(Outcome::Refused);
  f.tested.run({"SHUTDOWN", "FORCE"});
  f.tested.server().loop.run();
  CHECK(f.undone == 0);
}

TEST_CASE("shutdown: waiting ends at shutdown-timeout, with NOW at once") {
  Fixture f(Outcome::Waiting);
  f.tested.run({"CONFIG", "SET", "shutdown-timeout", "3"});
  f.tested.run({"SHUTDOWN"});
  f.run_until_asked(2);
  CHECK(f.seen.deadline == f.tested.clock().wall_ms() + 3000);
  f.tested.advance_ms(3000);
  f.tested.server().loop.run();

  Fixture now(Outcome::Waiting);
  now.tested.run({"SHUTDOWN", "NOW"});
  now.tested.server().loop.run();
  CHECK(now.asked == 1);
}

TEST_CASE("shutdown: words in any case, order and number; nonsense changes nothing") {
  Fixture f(Outcome::Waiting);
  for (auto words : {std::initializer_list<std::string_view>{"SHUTDOWN", "SAVE", "NOSAVE"},
                     {"SHUTDOWN", "ABORT", "NOW"},
                     {"SHUTDOWN", "NOW", "ABORT"},
                     {"SHUTDOWN", "LATER"},
                     {"SHUTDOWN", "NOW", ""}}) {
    CHECK(f.tested.run(words) == "-ERR syntax error\r\n");
  }
  CHECK_FALSE(f.stopping().running());
  f.tested.run({"shutdown", "Force", "nosave", "NOW", "now"});
  f.run_until_asked(0);
  CHECK(f.stopping().running());
}

TEST_CASE("shutdown: signals ask for what the parameters say") {
  using Save = ShutdownRequest::Save;
  Fixture f(Outcome::Refused);
  f.tested.run({"CONFIG", "SET", "shutdown-on-sigterm", "nosave now"});
  f.tested.run({"CONFIG", "SET", "shutdown-on-sigint", "SAVE"});
  CHECK(f.tested.run({"CONFIG", "GET", "shutdown-on-sigterm"}).find("nosave now") !=
        std::string::npos);
  CHECK(f.tested.run({"CONFIG", "SET", "shutdown-on-sigint", "save nosave"})
            .starts_with("-ERR CONFIG SET failed"));
  f.tested.server().request_shutdown({.signal = SIGTERM});
  f.run_until_idle();
  CHECK(f.seen.save == Save::Never);
  CHECK(f.seen.now);
  CHECK(f.seen.deadline == f.tested.clock().wall_ms());
  f.tested.server().request_shutdown({.signal = SIGINT});  // the first again: the other was refused
  f.run_until_idle();
  CHECK(f.seen.save == Save::Always);
  CHECK_FALSE(f.seen.now);
}

TEST_CASE("shutdown: an exit in the turn after a called-off one is not begun by the old one") {
  Fixture f(Outcome::Done);
  f.tested.run({"SHUTDOWN"});
  CHECK(f.tested.run(f.tested.add_client(), {"SHUTDOWN", "ABORT"}) == "+OK\r\n");
  f.run_until_idle();
  CHECK(f.asked == 0);
  CHECK(f.tested.output(f.tested.client()) == kErrors);
}

}  // namespace shutdown

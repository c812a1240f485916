// SPDX-License-Identifier: MIT
// A pause: who waits, who does not, and what happens to what waited.
#include "shared/server/pause.h"

#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace server {

using Purpose = Pause::Purpose;
using What = Pause::What;

namespace {

void set(command::Context& c) {
  c.db().set_string(c.arg(1), c.arg(2));
  c.reply().ok();
}
void has(command::Context& c) { c.reply().integer(c.db().find(c.arg(1)) != nullptr); }

constexpr command::CommandRow kRows[] = {
    {.name = "set", .arity = 3, .flags = command::kWrite, .run = set},
    {.name = "has", .arity = 2, .flags = command::kReadOnly, .run = has},
};

struct Fixture {
  testing::InProcessServer tested{[](Server& s) { s.add_commands(kRows); }};
  Pause pause{tested.server().executor, tested.server().turn};
};

}  // namespace

TEST_CASE("pause: writes wait and run when it ends, reads do not wait") {
  Fixture f;
  auto& other = f.tested.add_client();
  f.pause.begin(Purpose::Shutdown, What::Writes);
  CHECK(f.tested.run({"SET", "k", "v"}).empty());
  CHECK(f.tested.client().blocked);
  CHECK(f.tested.run(other, {"HAS", "k"}) == ":0\r\n");
  f.pause.end(Purpose::Shutdown);
  f.tested.end_turn();
  CHECK(f.tested.output(f.tested.client()) == "+OK\r\n");
  CHECK(f.tested.run(other, {"HAS", "k"}) == ":1\r\n");
}

TEST_CASE("pause: one purpose does not end another's") {
  Fixture f;
  f.pause.begin(Purpose::Client, What::Everything);
  f.pause.begin(Purpose::Shutdown, What::Writes);
  CHECK(f.tested.run({"HAS", "k"}).empty());
  f.pause.end(Purpose::Client);
  CHECK(f.pause.what() == What::Writes);
  f.tested.end_turn();
  CHECK(f.tested.output(f.tested.client()) == ":0\r\n");
  CHECK(f.tested.run({"SET", "k", "v"}).empty());
  f.pause.end(Purpose::Shutdown);
  f.tested.end_turn();
  CHECK(f.tested.output(f.tested.client()) == "+OK\r\n");
}

TEST_CASE("pause: replicas and clients that cannot wait go on") {
  Fixture f;
  f.pause.begin(Purpose::Shutdown, What::Everything);
  auto& replica = f.tested.add_client();
  replica.kind = command::Client::Kind::Replica;
  CHECK(f.tested.run(replica, {"HAS", "k"}) == ":0\r\n");
  auto& log = f.tested.add_client();
  log.may_block = false;
  CHECK(f.tested.run(log, {"SET", "k", "v"}) == "+OK\r\n");
}

}  // namespace server

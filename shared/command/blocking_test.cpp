// SPDX-License-Identifier: MIT
//
// Commands that wait: who is asked again, in which order, with which deadline, and what a closed client leaves behind.
#include "shared/command/blocking.h"

#include <string>

#include "shared/command/context.h"
#include "shared/command/executor.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace command {

namespace {

// A stock of goods that TAKE waits for and BRING adds to.
struct Shop {
  WaitQueue queue;
  int stock = 0;
  int asked = 0;
};

// TAKE milliseconds(0: for ever)
void take(Context& c) {
  auto& shop = c.get<Shop>();
  ++shop.asked;
  if (shop.stock > 0) return c.reply().integer(--shop.stock);
  if (c.timed_out() || !c.client().may_block) return c.reply().null();
  const int64_t patience = std::stoll(std::string(c.arg(1)));
  c.block_on(shop.queue, patience == 0 ? 0 : c.now() + patience);
}
void bring(Context& c) {
  auto& shop = c.get<Shop>();
  ++shop.stock;
  c.get<server::Server>().blocking.wake(shop.queue);
  c.reply().ok();
}
void ping(Context& c) { c.reply().simple("PONG"); }

constexpr CommandRow kRows[] = {{.name = "take", .arity = 2, .flags = kBlocking, .run = take},
                                {.name = "bring", .arity = -1, .flags = kWrite, .run = bring},
                                {.name = "ping", .arity = 1, .run = ping}};

struct Fixture {
  Shop shop;
  testing::InProcessServer tested{[this](server::Server& s) {
    s.add_commands(kRows);
    s.parts.provide(shop);
  }};
  Client& first = tested.add_client();
  Client& second = tested.add_client();
  Blocking& blocking = tested.server().blocking;
};

}  // namespace

TEST_CASE("blocking: what is there already is no reason to wait") {
  Fixture f;
  f.tested.run({"BRING"});
  CHECK(f.tested.run(f.first, {"TAKE", "0"}) == ":0\r\n");
  CHECK(f.blocking.blocked_count() == 0);
}

TEST_CASE("blocking: who came first is served first, behind the command that brought something") {
  Fixture f;
  CHECK(f.tested.run(f.first, {"TAKE", "0"}).empty());
  CHECK(f.tested.run(f.second, {"TAKE", "0"}).empty());
  CHECK(f.blocking.blocked_count() == 2);
  CHECK(f.tested.run({"BRING"}) == "+OK\r\n");
  CHECK(f.tested.output(f.first) == ":0\r\n");
  CHECK(f.tested.output(f.second).empty());
  CHECK(f.second.blocked);
  CHECK(f.shop.queue.size() == 1);
  f.tested.run({"BRING"});
  CHECK(f.tested.output(f.second) == ":0\r\n");
  CHECK(f.blocking.blocked_count() == 0);
}

TEST_CASE("blocking: the first deadline stands, however often the client is asked again") {
  Fixture f;
  f.tested.run(f.first, {"TAKE", "0"});
  f.tested.run(f.second, {"TAKE", "100"});
  f.tested.advance_ms(60);
  f.tested.run({"BRING"});  // the first takes it; the second is asked and waits on
  CHECK(f.tested.output(f.first) == ":0\r\n");
  CHECK(f.shop.asked == 4);
  f.tested.advance_ms(39);
  f.tested.end_turn();
  CHECK(f.tested.output(f.second).empty());
  f.tested.advance_ms(1);
  f.tested.end_turn();
  CHECK(f.tested.output(f.second) == "$-1\r\n");
  CHECK(f.shop.queue.empty());
}

TEST_CASE("blocking: a client that goes leaves no trace, and nothing is lost with it") {
  Fixture f;
  f.tested.run(f.first, {"TAKE", "50"});
  f.tested.run(f.second, {"TAKE", "0"});
  f.first.parts.clear();  // as its connection does when it closes
  CHECK(f.blocking.blocked_count() == 1);
  f.tested.run({"BRING"});
  CHECK(f.tested.output(f.second) == ":0\r\n");
  f.tested.advance_ms(1000);
  f.tested.end_turn();
  CHECK(f.tested.output(f.first).empty());
}

TEST_CASE("blocking: a client that was woken and goes before it is served") {
  Fixture f;
  f.tested.run(f.first, {"TAKE", "0"});
  f.blocking.wake(f.shop.queue);
  CHECK(f.blocking.anybody_ready());
  f.first.parts.clear();
  CHECK_FALSE(f.blocking.anybody_ready());
  f.blocking.serve();
  CHECK(f.shop.asked == 1);
}

TEST_CASE("blocking: unblocked by hand, with and without an error") {
  Fixture f;
  f.tested.run(f.first, {"TAKE", "0"});
  f.tested.run(f.second, {"TAKE", "0"});
  CHECK(f.blocking.unblock(f.first));
  CHECK(f.tested.output(f.first) == "$-1\r\n");
  CHECK(f.blocking.unblock(f.second, "UNBLOCKED client unblocked via CLIENT UNBLOCK"));
  CHECK(f.tested.output(f.second) == "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n");
  CHECK_FALSE(f.blocking.unblock(f.first));
  CHECK(f.blocking.blocked_count() == 0);
}

TEST_CASE("blocking: a gate may postpone a command, which comes again through all gates") {
  Fixture f;
  WaitQueue paused;
  Gate gate{.order = Gate::kPaused,
            .concerns = kWrite,
            .check = [](const Client&, const Command&) { return Gate::kPostpone; },
            .closed = true,
            .queue = &paused};
  f.tested.server().executor.add_gate(gate);
  CHECK(f.tested.run(f.first, {"BRING", "bread"}).empty());
  CHECK(f.shop.stock == 0);
  CHECK(f.tested.run(f.second, {"PING"}) == "+PONG\r\n");
  CHECK_FALSE(f.blocking.unblock(f.first));
  f.blocking.wake(paused);
  f.tested.end_turn();
  CHECK(f.first.blocked);  // still closed
  gate.closed = false;
  f.tested.server().executor.gates_changed();
  f.blocking.wake(paused);
  f.tested.end_turn();
  CHECK(f.tested.output(f.first) == "+OK\r\n");
  CHECK(f.shop.stock == 1);
  CHECK_FALSE(f.first.blocked);
}

}  // namespace command

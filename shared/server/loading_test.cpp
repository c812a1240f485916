// SPDX-License-Identifier: MIT
#include "shared/server/loading.h"

#include "shared/command/context.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"
#include "shared/testing/unit/loopback.h"

namespace server {

namespace {

void get(command::Context& c) { c.db().find(c.arg(1)) ? c.reply().ok() : c.reply().null(); }
void ping(command::Context& c) { c.reply().simple("PONG"); }
constexpr command::CommandRow kRows[] = {
    {.name = "get", .arity = 2, .flags = command::kReadOnly, .run = get},
    {.name = "ping", .arity = 1, .flags = command::kLoading, .run = ping}};

struct Carrier final : command::ClientOwner {
  void output_added() override {}
  void close_later() override {}
  void unblocked() override {}
  std::string peer_address() const override { return "test"; }
};

}  // namespace

TEST_CASE("loading: slice by slice, while a client with a socket hears LOADING") {
  testing::InProcessServer tested([](Server& s) { s.add_commands(kRows); });
  Server& s = tested.server();
  Carrier carrier;
  tested.client().owner = &carrier;
  keyspace::Keyspace& db = s.databases[0];
  db.expire_at(db.set_string("old", "v"), tested.clock().wall_ms() - 1);
  int slices = 0;
  std::string events;
  s.loading.on_change([&](bool active) { events += active ? "begin " : "end "; });
  s.loading.start(
      "test",
      [&](Loading::Progress& progress) -> util::Result<bool> {
        progress.loaded_keys = static_cast<uint64_t>(++slices);
        CHECK(db.find("old") != nullptr);  // deadlines mean nothing
        CHECK_FALSE(s.propagator.enabled());
        if (slices == 1) {
          CHECK(tested.run({"get", "k"}) == "-LOADING Redis is loading the dataset in memory\r\n");
          CHECK(tested.run({"ping"}) == "+PONG\r\n");
        }
        return slices < 3;
      },
      [&](util::Result<> result) { events += result ? "done " : result.error(); });
  s.loading.start(
      "second", [&](Loading::Progress&) -> util::Result<bool> { return util::Failure{"damaged "}; },
      [&](util::Result<> result) { events += result ? "done " : result.error(); });
  CHECK(s.loading.active());
  s.loading.finish();
  CHECK(slices == 3);
  CHECK(events == "begin done damaged end ");
  CHECK(s.propagator.enabled());
  CHECK(tested.run({"get", "k"}) == "$-1\r\n");
  CHECK(db.find("old") == nullptr);
  tested.client().owner = nullptr;
}

TEST_CASE("loading: the loop turns between slices") {
  testing::InProcessServer tested(nullptr);
  testing::LoopThread thread(tested.server().loop);
  bool enough = false;
  thread.call([&] {
    tested.server().loading.start(
        "test", [&](Loading::Progress&) -> util::Result<bool> { return !enough; }, [](util::Result<>) {});
  });
  // It ends only because others are heard meanwhile.
  CHECK(thread.call([&] { return tested.server().loading.active(); }));
  thread.call([&] { enough = true; });
  CHECK(testing::eventually([&] { return !thread.call([&] { return tested.server().loading.active(); }); }));
}

}  // namespace server

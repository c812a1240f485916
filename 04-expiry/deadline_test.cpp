// SPDX-License-Identifier: MIT
#include "04-expiry/deadline.h"

#include <limits>

#include "03-get-set/commands.h"
#include "04-expiry/commands.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace expiry {

constexpr int64_t kHighest = std::numeric_limits<int64_t>::max(), kLowest = std::numeric_limits<int64_t>::min();
constexpr keyspace::UnixMs kNow = testing::FakeClock::kStart;

TEST_CASE("deadline: seconds and milliseconds, from now and from 1970") {
  CHECK(deadline(10, Unit::Seconds, From::Now, kNow) == kNow + 10'000);
  CHECK(deadline(10, Unit::Milliseconds, From::Now, kNow) == kNow + 10);
  CHECK(deadline(10, Unit::Seconds, From::Epoch, kNow) == 10'000);
  CHECK(deadline(10, Unit::Milliseconds, From::Epoch, kNow) == 10);
  CHECK(deadline(-10, Unit::Seconds, From::Now, kNow) == kNow - 10'000);
}

TEST_CASE("deadline: the borders of 64 bits") {
  CHECK(deadline(kHighest, Unit::Milliseconds, From::Epoch, kNow) == kHighest);
  CHECK(deadline(kLowest, Unit::Milliseconds, From::Epoch, kNow) == kLowest);
  CHECK(deadline(kHighest - kNow, Unit::Milliseconds, From::Now, kNow) == kHighest);
  CHECK_FALSE(deadline(kHighest - kNow + 1, Unit::Milliseconds, From::Now, kNow));
  CHECK(deadline(kLowest, Unit::Milliseconds, From::Now, kNow) == kLowest + kNow);
  CHECK(deadline(kHighest / 1000, Unit::Seconds, From::Epoch, kNow) == kHighest / 1000 * 1000);
  CHECK_FALSE(deadline(kHighest / 1000 + 1, Unit::Seconds, From::Epoch, kNow));
  CHECK_FALSE(deadline(kHighest / 1000, Unit::Seconds, From::Now, kNow));
  CHECK(deadline(kLowest / 1000, Unit::Seconds, From::Epoch, kNow) == kLowest / 1000 * 1000);
  CHECK_FALSE(deadline(kLowest / 1000 - 1, Unit::Seconds, From::Epoch, kNow));
}

static testing::InProcessServer stage04() {
  return testing::InProcessServer([](server::Server& server) {
    get_set::compose(server);
    compose(server);
  });
}

TEST_CASE("a key dies at its millisecond, not before") {
  testing::InProcessServer server = stage04();
  server.run({"SET", "k", "v", "PX", "100"});
  server.advance_ms(99);
  CHECK(server.run({"GET", "k"}) == "$1\r\nv\r\n");
  CHECK(server.run({"PTTL", "k"}) == ":1\r\n");
  server.advance_ms(1);
  CHECK(server.run({"GET", "k"}) == "$-1\r\n");
  CHECK(server.run({"TTL", "k"}) == ":-2\r\n");
}

TEST_CASE("TTL rounds to the nearest second, and never overflows") {
  testing::InProcessServer server = stage04();
  server.run({"SET", "k", "v", "PX", "1500"});
  CHECK(server.run({"TTL", "k"}) == ":2\r\n");
  server.advance_ms(1);
  CHECK(server.run({"TTL", "k"}) == ":1\r\n");
  server.run({"PEXPIREAT", "k", "9223372036854775807"});
  CHECK(server.run({"EXPIRETIME", "k"}) == ":9223372036854776\r\n");
}

TEST_CASE("a deadline follows the wall clock when somebody sets it") {
  testing::InProcessServer server = stage04();
  server.run({"SET", "k", "v", "EX", "100"});
  server.clock().set_wall_ms(kNow - 3'600'000);
  server.advance_ms(0);
  CHECK(server.run({"TTL", "k"}) == ":3700\r\n");
  server.clock().set_wall_ms(kNow + 3'600'000);
  server.advance_ms(0);
  CHECK(server.run({"TTL", "k"}) == ":-2\r\n");
}

TEST_CASE("on a replica a moment that has passed is stored, and the key hidden") {
  testing::InProcessServer server = stage04();
  keyspace::Environment& environment = server.server().databases.environment();
  server.run({"SET", "k", "v"});
  environment.expiry = keyspace::ExpiryMode::Hide;
  CHECK(server.run({"EXPIRE", "k", "-1"}) == ":1\r\n");
  CHECK(server.run({"DBSIZE"}) == ":1\r\n");
  CHECK(server.run({"GET", "k"}) == "$-1\r\n");
  CHECK(environment.expired == 0);
}

}  // namespace expiry

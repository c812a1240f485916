// SPDX-License-Identifier: MIT
//
// Which sections are printed, in which order, and what the frame's own say.
#include "shared/server/info.h"

#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"

namespace server {

static Info three_sections() {
  Info info;
  info.add({"first", "First", true, [](InfoWriter& out) { out.field("a", 1); }});
  info.add({"second", "Second", true, [](InfoWriter& out) { out.field("b", "two"); }});
  info.add({"hidden", "Hidden", false, [](InfoWriter& out) { out.field("c", uint64_t{3}); }});
  return info;
}

TEST_CASE("info: sections by default, by name and all") {
  const Info info = three_sections();
  const std::string defaults = "# First\r\na:1\r\n\r\n# Second\r\nb:two\r\n";
  CHECK(info.render({}) == defaults);
  CHECK(info.render({"default"}) == defaults);
  CHECK(info.render({"SECOND"}) == "# Second\r\nb:two\r\n");
  CHECK(info.render({"hidden", "first"}) == "# First\r\na:1\r\n\r\n# Hidden\r\nc:3\r\n");
  CHECK(info.render({"default", "hidden"}) == defaults + "\r\n# Hidden\r\nc:3\r\n");
  CHECK(info.render({"all"}) == info.render({"everything"}));
  CHECK(info.render({"all"}) == defaults + "\r\n# Hidden\r\nc:3\r\n");
  CHECK(info.render({"nope"}).empty());
}

TEST_CASE("info: a section of the same name takes the earlier one's place") {
  Info info = three_sections();
  info.add({"first", "First", true, [](InfoWriter& out) { out.field("a", "new"); }});
  CHECK(info.render({}) == "# First\r\na:new\r\n\r\n# Second\r\nb:two\r\n");
}

TEST_CASE("info: the frame's own sections") {
  testing::InProcessServer tested({}, "03-get-set");
  Server& server = tested.server();
  const auto has = [&](std::string_view section, const std::string& line) {
    return server.info.render({section}).find("\r\n" + line + "\r\n") != std::string::npos;
  };
  tested.advance_ms(90'061'000);
  CHECK(has("server", "redis_version:7.2.6"));
  CHECK(has("server", "run_id:" + server.run_id));
  CHECK(has("server", "uptime_in_seconds:90061"));
  CHECK(has("server", "uptime_in_days:1"));
  CHECK(has("clients", "connected_clients:0"));
  CHECK(server.info.render({"keyspace"}) == "# Keyspace\r\n");
  server.databases[0].set_string("a", "1");
  server.databases[3].expire_at(server.databases[3].set_string("b", "2"),
                                testing::FakeClock::kStart * 2);
  CHECK(has("keyspace", "db0:keys=1,expires=0,avg_ttl=0"));
  CHECK(server.info.render({"keyspace"}).find("db3:keys=1,expires=1,") != std::string::npos);
  CHECK(server.info.render({}).find("# Table") == std::string::npos);
  CHECK(has("table", "keys:2"));
}

}  // namespace server

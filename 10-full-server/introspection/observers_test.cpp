// SPDX-License-Identifier: MIT
//
// Slow log, MONITOR, latency monitor and INFO's layout, through the whole server.
#include <string>
#include <vector>

#include "10-full-server/introspection/info_fields.h"
#include "10-full-server/introspection/latency_monitor.h"
#include "10-full-server/introspection/latency_percentiles.h"
#include "10-full-server/introspection/latency_text.h"
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"


namespace introspection {

namespace {

testing::InProcessServer full_server() {
  return testing::InProcessServer([](server::Server& server) { full_server::compose_stages(server); });
}

std::string info(testing::InProcessServer& server, std::string_view section) {
  return server.server().info.render({section});
}

}  // namespace

TEST_CASE("slow log: what is kept, what is cut, what is redacted") {
  auto server = full_server();
  server.run({"CONFIG", "SET", "slowlog-log-slower-than", "0", "slowlog-max-len", "2"});
  server.run({"SLOWLOG", "RESET"});
  server.run({"SET", "k", std::string(130, 'x')});
  CHECK(server.run({"SLOWLOG", "GET", "1"}).find(std::string(128, 'x') + "... (2 more bytes)") != std::string::npos);
  server.run({"CONFIG", "SET", "masterauth", "secret"});
  const std::string redacted = server.run({"SLOWLOG", "GET", "1"});
  CHECK(redacted.find("(redacted)") != std::string::npos);
  CHECK(redacted.find("secret") == std::string::npos);
  CHECK(server.run({"SLOWLOG", "LEN"}) == ":2\r\n");
  server.run({"CONFIG", "SET", "slowlog-log-slower-than", "-1"});
  server.run({"SLOWLOG", "RESET"});
  server.run({"PING"});
  CHECK(server.run({"SLOWLOG", "LEN"}) == ":0\r\n");
  CHECK(server.run({"SLOWLOG", "GET", "-2"}) == "-ERR count should be greater than or equal to -1\r\n");
}

TEST_CASE("slow log: the thirty-second argument tells how many follow") {
  auto server = full_server();
  server.run({"CONFIG", "SET", "slowlog-log-slower-than", "0"});
  std::vector<std::string_view> words = {"DEL"};
  words.resize(40, "key");
  server.run_args(server.client(), words);
  const std::string reply = server.run({"SLOWLOG", "GET", "1"});
  CHECK(reply.find("*32\r\n") != std::string::npos);
  CHECK(reply.find("... (9 more arguments)") != std::string::npos);
}

TEST_CASE("monitor: every command but the administrator's, EXEC behind what it ran") {
  auto server = full_server();
  command::Client& watcher = server.add_client();
  CHECK(server.run(watcher, {"MONITOR"}) == "+OK\r\n");
  server.run({"SET", "k", "a\"b\n"});
  server.run({"CONFIG", "GET", "port"});
  server.run({"MULTI"});
  server.run({"GET", "k"});
  server.run({"EXEC"});
  const std::string seen = server.output(watcher);
  CHECK(seen.starts_with("+1700000000.000000 [0 ?:0] \"SET\" \"k\" \"a\\\"b\\n\"\r\n"));
  CHECK(seen.find("CONFIG") == std::string::npos);
  CHECK(seen.find("\"MULTI\"") < seen.find("\"GET\""));
  CHECK(seen.find("\"GET\"") < seen.find("\"EXEC\""));
  CHECK(server.run(watcher, {"GET", "k"}).starts_with("-ERR Replica can't interact with the keyspace\r\n"));
}

TEST_CASE("latency monitor: one sample a second, the worst; the highest is never forgotten") {
  testing::FakeClock clock;
  LatencyMonitor monitor(clock);
  monitor.add("fork", 50'000);
  CHECK(monitor.events().empty());
  monitor.threshold = 10;
  monitor.add("fork", 9'999);
  CHECK(monitor.find("fork") == nullptr);
  monitor.add("fork", 50'000);
  monitor.add("fork", 70'000);
  monitor.add("fork", 60'000);
  REQUIRE(monitor.find("fork") != nullptr);
  CHECK(monitor.find("fork")->samples().size() == 1);
  CHECK(monitor.find("fork")->latest().milliseconds == 70);
  for (int i = 0; i < 200; ++i) {
    clock.advance_ms(1000);
    monitor.add("fork", 20'000);
  }
  CHECK(monitor.find("fork")->samples().size() == 160);
  CHECK(monitor.find("fork")->highest() == 70);
  const std::string graph = latency_graph("fork", *monitor.find("fork"), clock.wall_ms() / 1000);
  CHECK(graph.starts_with("fork - high 20 ms, low 20 ms (all time high 70 ms)\n"));
  CHECK(latency_report(monitor, {}).find("fork: 160 latency spikes") != std::string::npos);
  CHECK(monitor.clear("fork"));
  CHECK_FALSE(monitor.clear("fork"));
}

TEST_CASE("latency histogram: calls are added up at doubling limits") {
  command::LatencyHistogram histogram;
  histogram.record(500);
  histogram.record(1031);  // the last value of the first limit's bucket
  histogram.record(1032);
  histogram.record(60'000'000);
  using Pairs = std::vector<std::pair<uint64_t, uint64_t>>;
  CHECK(cumulative(histogram) == Pairs{{1, 2}, {2, 3}, {67633, 4}});
  CHECK(cumulative(command::LatencyHistogram()).empty());
}

TEST_CASE("percentiles: read and printed as Redis does") {
  LatencyPercentiles shown;
  CHECK(shown.text() == "50 99 99.9");
  CHECK(shown.set("0.0 50.0 100.0"));
  CHECK(shown.text() == "0 50 100");
  CHECK_FALSE(shown.set("10 x"));
  CHECK_FALSE(shown.set("101"));
  CHECK(shown.text() == "0 50 100");
  CHECK(shown.set(""));
  CHECK(shown.text().empty());
}

TEST_CASE("info: lines in Redis' order, neutral values where nobody wrote one, ours behind what they followed") {
  const std::string arranged = arrange_info("clients", "blocked_clients:3\r\nours:1\r\nconnected_clients:2\r\n");
  CHECK(arranged.starts_with("connected_clients:2\r\n"));
  CHECK(arranged.find("blocked_clients:3\r\nours:1\r\n") != std::string::npos);
  CHECK(arranged.find("cluster_connections:0\r\n") != std::string::npos);
  CHECK(arrange_info("nobody's", "a:1\r\n") == "a:1\r\n");
}

TEST_CASE("info: rejected and failed calls, errors by kind, and all of it reset") {
  auto server = full_server();
  server.client().reply.report_errors_to(server.server().executor.errors());
  server.run({"GET"});
  server.run({"SET", "s", "x"});
  server.run({"INCR", "s"});
  server.run({"LPUSH", "s", "x"});
  CHECK(info(server, "commandstats").find("cmdstat_get:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0") !=
        std::string::npos);
  CHECK(info(server, "commandstats").find("rejected_calls=0,failed_calls=1") != std::string::npos);
  CHECK(info(server, "errorstats") == "# Errorstats\r\nerrorstat_ERR:count=2\r\nerrorstat_WRONGTYPE:count=1\r\n");
  CHECK(info(server, "latencystats").find("latency_percentiles_usec_incr:p50=") != std::string::npos);
  server.run({"CONFIG", "RESETSTAT"});
  CHECK(info(server, "errorstats") == "# Errorstats\r\n");
  CHECK(info(server, "stats").find("total_error_replies:0\r\n") != std::string::npos);
}

}  // namespace introspection

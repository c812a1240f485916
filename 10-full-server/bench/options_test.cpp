// SPDX-License-Identifier: MIT
// Flags, what they default to, and the line a bad one gets; the result as JSON.
#include "10-full-server/bench/options.h"

#include <initializer_list>
#include <stdexcept>
#include <vector>

#include "10-full-server/bench/result_text.h"
#include "shared/testing/catch.h"

using bench::Options;
using bench::parse_options;

namespace {

Options parse(std::initializer_list<const char*> arguments) {
  const std::vector<const char*> list(arguments);
  return parse_options(list);
}

}  // namespace

TEST_CASE("without flags: GET of keys that exist, as redis-benchmark would") {
  const Options options = parse({});
  CHECK(options.name == "get");
  CHECK(options.fill);
  CHECK(options.plan.port == 6379);
  CHECK(options.plan.pace.lanes == 50);
  CHECK(options.plan.pace.pipeline == 1);
  CHECK(options.plan.pace.requests == 100'000);
}

TEST_CASE("flags set the plan") {
  const Options options =
      parse({"--port", "7000", "--workload", "incr", "--pipeline", "16", "--seconds", "1.5",
             "--rate", "2e4", "--order", "sequential", "--fill", "yes", "--json"});
  CHECK(options.plan.port == 7000);
  CHECK(options.plan.shape.command == "INCR {key}");
  CHECK(options.plan.shape.key_prefix == "ctr:");
  CHECK(options.plan.pace.pipeline == 16);
  CHECK(options.plan.pace.duration == 1'500'000'000);
  CHECK(options.plan.pace.requests == 0);
  CHECK(options.plan.pace.rate == 20000);
  CHECK(options.plan.order == bench::KeyOrder::Sequential);
  CHECK(options.fill);
  CHECK(options.json);
  CHECK(parse({"--command", "HSET {key} f {value}"}).name == "HSET {key} f {value}");
  CHECK_FALSE(parse({"--command", "HSET {key} f {value}"}).fill);
}

TEST_CASE("every named workload renders") {
  for (const bench::Workload& workload : bench::workloads()) {
    const Options options = parse({"--workload", workload.name.data()});
    CHECK_FALSE(bench::render_request(options.plan.shape).bytes.empty());
  }
}

TEST_CASE("bad flags are refused") {
  CHECK_THROWS_AS(parse({"--nope"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--port"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--port", "0"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--port", "80x"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--rate", "nan"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--order", "upward"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--workload", "fly"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--workload", "get", "--command", "GET x"}), std::invalid_argument);
  CHECK_THROWS_AS(parse({"--requests", "5", "--seconds", "5"}), std::invalid_argument);
}

TEST_CASE("the result is one JSON object, null where nothing is known") {
  const Options options = parse({"--command", "ECHO \"a\\b\xc3\x9f\""});
  bench::LoadResult result;
  result.seconds = 2;
  result.requests = 4000;
  result.latencies.record(1500, 4000);
  const std::string json = bench::to_json(options, result);
  CHECK(json.find(R"("workload":"ECHO \"a\\b\u00c3\u009f\"")") != std::string::npos);
  CHECK(json.find(R"("requests_per_second":2000.0)") != std::string::npos);
  CHECK(json.find(R"("p50":1.500,)") != std::string::npos);
  CHECK(json.find(R"("first_error":null)") != std::string::npos);
  CHECK(json.find(R"("server_cpu_us":null)") != std::string::npos);
  CHECK(json.find('\n') == std::string::npos);
}

TEST_CASE("hits are what a reading workload asked for less nils and errors") {
  const Options options = parse({});
  bench::LoadResult result;
  result.seconds = 1;
  result.requests = 100;
  result.keys_per_request = 1;
  result.nils = 30;
  CHECK(bench::to_json(options, result).find(R"("hits":70,)") != std::string::npos);
}

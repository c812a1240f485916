// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"
#include "shared/util/random.h"

namespace full_server {

using testing::RecordingServer;

static size_t plain_length(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (const char byte : a) {
    size_t diagonal = 0;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = byte == b[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row.back();
}

static bool is_subsequence(std::string_view part, std::string_view of) {
  for (const char byte : of) {
    if (!part.empty() && part[0] == byte) part.remove_prefix(1);
  }
  return part.empty();
}

static std::string random_text(util::Random& random) {
  std::string text(random.below(30), ' ');
  for (char& byte : text) byte = static_cast<char>('a' + random.below(3));
  return text;
}

TEST_CASE("LCS answers a common subsequence, and none is longer") {
  RecordingServer server(compose_stages);
  util::Random random(1);
  for (int i = 0; i < 300; ++i) {
    const std::string a = random_text(random), b = random_text(random);
    server.run({"MSET", "a", a, "b", b});
    const size_t length = plain_length(a, b);
    std::string common = server.run({"LCS", "a", "b"});
    REQUIRE(server.run({"LCS", "a", "b", "LEN"}) == ":" + std::to_string(length) + "\r\n");
    common.erase(0, common.find('\n') + 1).resize(length);
    REQUIRE(is_subsequence(common, a));
    REQUIRE(is_subsequence(common, b));
  }
}

TEST_CASE("LCS IDX is a map in RESP3") {
  RecordingServer server(compose_stages);
  server.run({"MSET", "a", "xay", "b", "a"});
  const std::string body =
      "$7\r\nmatches\r\n*1\r\n*3\r\n*2\r\n:1\r\n:1\r\n*2\r\n:0\r\n:0\r\n:1\r\n$3\r\nlen\r\n:1\r\n";
  CHECK(server.run({"LCS", "a", "b", "IDX", "WITHMATCHLEN"}) == "*4\r\n" + body);
  server.client().reply.set_protocol(3);
  CHECK(server.run({"LCS", "a", "b", "IDX", "WITHMATCHLEN"}) == "%2\r\n" + body);
}

TEST_CASE("LCS has its own words for a wrong type, before it reads its options") {
  RecordingServer server(compose_stages);
  server.put_other("other");
  const std::string_view refusal = "-ERR The specified keys must contain string values\r\n";
  CHECK(server.run({"LCS", "missing", "other", "bad"}) == refusal);
  CHECK(server.run({"LCS", "other", "missing"}) == refusal);
}

}  // namespace full_server

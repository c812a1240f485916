// SPDX-License-Identifier: MIT
//
// Sorted set commands through the whole server: what is reported, what is passed on, who waits.
#include <set>
#include <string>

#include "10-full-server/commands/sorted_set_merge.h"
#include "10-full-server/stages.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"

namespace full_server {

using testing::bulk;
using testing::kNull;
using testing::kWrongType;
using testing::RecordingServer;

static void quiet(RecordingServer& server) {
  server.events();
  server.passed_on();
}

TEST_CASE("sorted sets: what changes one is reported once, with what follows from it") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"ZADD", "z", "1", "a", "2", "b", "3", "a"}) == ":2\r\n");
  CHECK(server.events() == "0:zadd:z");
  CHECK(server.run({"ZADD", "z", "3", "a"}) == ":0\r\n");
  CHECK(server.run({"ZADD", "z", "NX", "7", "a"}) == ":0\r\n");
  CHECK(server.run({"ZADD", "other", "XX", "7", "a"}) == ":0\r\n");
  CHECK(server.run({"ZREM", "z", "missing"}) == ":0\r\n");
  CHECK(server.run({"ZREMRANGEBYSCORE", "z", "50", "60"}) == ":0\r\n");
  CHECK(server.run({"ZPOPMIN", "z", "0"}) == "*0\r\n");
  CHECK(server.events().empty());
  CHECK(server.run({"ZADD", "z", "INCR", "1.5", "a"}) == bulk("4.5"));
  CHECK(server.run({"ZINCRBY", "z", "1", "b"}) == bulk("3"));
  CHECK(server.events() == "0:zincr:z 0:zincr:z");
  CHECK(server.run({"ZREM", "z", "a", "b", "c"}) == ":2\r\n");
  CHECK(server.events() == "0:zrem:z 0:del:z");
  CHECK(server.run({"EXISTS", "z"}) == ":0\r\n");
}

TEST_CASE("sorted sets: a sum that is no number changes nothing") {
  RecordingServer server(compose_stages);
  server.run({"ZADD", "z", "inf", "a"});
  quiet(server);
  CHECK(server.run({"ZINCRBY", "z", "-inf", "a"}) ==
        "-ERR resulting score is not a number (NaN)\r\n");
  CHECK(server.run({"ZADD", "z", "1", "b", "nan", "a"}) == "-ERR value is not a valid float\r\n");
  CHECK(server.run({"ZCARD", "z"}) == ":1\r\n");
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
}

TEST_CASE("sorted sets: a range is removed and reported by its own name") {
  RecordingServer server(compose_stages);
  server.run({"ZADD", "z", "0", "a", "0", "b", "0", "c", "0", "d"});
  quiet(server);
  CHECK(server.run({"ZREMRANGEBYRANK", "z", "-1", "-1"}) == ":1\r\n");
  CHECK(server.run({"ZREMRANGEBYLEX", "z", "-", "(b"}) == ":1\r\n");
  CHECK(server.run({"ZREMRANGEBYSCORE", "z", "0", "0"}) == ":2\r\n");
  CHECK(server.events() == "0:zremrangebyrank:z 0:zremrangebylex:z 0:zremrangebyscore:z 0:del:z");
}

TEST_CASE("sorted sets: STORE replaces a value of any type, and an empty result deletes it") {
  RecordingServer server(compose_stages);
  server.run({"ZADD", "a", "1", "x", "2", "y", "3", "z"});
  server.run({"SADD", "s", "y", "z", "w"});
  server.put_other("d");
  quiet(server);
  CHECK(server.run({"ZUNIONSTORE", "d", "2", "a", "s", "WEIGHTS", "2", "10"}) == ":4\r\n");
  CHECK(server.run({"ZRANGE", "d", "0", "-1", "WITHSCORES"}) ==
        "*8\r\n" + bulk("x") + bulk("2") + bulk("w") + bulk("10") + bulk("y") + bulk("14") +
            bulk("z") + bulk("16"));
  CHECK(server.run({"ZINTERSTORE", "d", "2", "a", "s", "AGGREGATE", "MAX"}) == ":2\r\n");
  CHECK(server.run({"ZDIFFSTORE", "d", "2", "a", "s"}) == ":1\r\n");
  CHECK(server.run({"ZRANGESTORE", "d", "d", "5", "9"}) == ":0\r\n");
  CHECK(server.events() == "0:zunionstore:d 0:zinterstore:d 0:zdiffstore:d 0:del:d");
  CHECK(server.run({"ZRANGESTORE", "d", "d", "5", "9"}) == ":0\r\n");
  CHECK(server.events().empty());
}

TEST_CASE("sorted sets: a set that is stored onto itself is read to the end first") {
  RecordingServer server(compose_stages);
  server.run({"ZADD", "z", "1", "1", "2", "2", "3", "3", "4", "a"});
  CHECK(server.run({"ZRANGESTORE", "z", "z", "1", "2"}) == ":2\r\n");
  CHECK(server.run({"ZUNIONSTORE", "z", "2", "z", "z"}) == ":2\r\n");
  CHECK(server.run({"ZRANGE", "z", "0", "-1", "WITHSCORES"}) ==
        "*4\r\n" + bulk("2") + bulk("4") + bulk("3") + bulk("6"));
}

TEST_CASE("sorted sets: pops of any key are passed on as what they popped") {
  RecordingServer server(compose_stages);
  server.run({"ZADD", "z", "1", "a", "2", "b", "3", "c", "4", "d", "5", "e"});
  quiet(server);
  server.run({"ZMPOP", "2", "missing", "z", "MAX", "COUNT", "2"});
  server.run({"BZPOPMIN", "missing", "z", "0"});
  server.run({"BZMPOP", "0", "1", "z", "MIN", "COUNT", "9"});
  CHECK(server.passed_on() == "ZPOPMAX z 2;ZPOPMIN z;ZPOPMIN z 2");
  CHECK(server.events() == "0:zpopmax:z 0:zpopmin:z 0:zpopmin:z 0:del:z");
  server.run({"ZADD", "z", "1", "a"});
  quiet(server);
  CHECK(server.run({"ZPOPMAX", "z"}) == "*2\r\n" + bulk("a") + bulk("1"));
  CHECK(server.passed_on() == "ZPOPMAX z");
}

TEST_CASE("sorted sets: in RESP3 pairs are nested where a number of them was asked for") {
  RecordingServer server(compose_stages);
  server.run({"ZADD", "z", "1", "a", "2.5", "b"});
  server.run({"HELLO", "3"});
  CHECK(server.run({"ZSCORE", "z", "b"}) == ",2.5\r\n");
  CHECK(server.run({"ZRANGE", "z", "0", "0", "WITHSCORES"}) == "*1\r\n*2\r\n$1\r\na\r\n,1\r\n");
  CHECK(server.run({"ZRANK", "z", "b", "WITHSCORE"}) == "*2\r\n:1\r\n,2.5\r\n");
  CHECK(server.run({"ZRANK", "z", "c", "WITHSCORE"}) == "_\r\n");
  CHECK(server.run({"ZPOPMIN", "z"}) == "*2\r\n$1\r\na\r\n,1\r\n");
  CHECK(server.run({"ZPOPMIN", "z", "1"}) == "*1\r\n*2\r\n$1\r\nb\r\n,2.5\r\n");
}

static std::multiset<std::string> bulks_of(const std::string& reply) {
  std::multiset<std::string> texts;
  for (size_t at = reply.find('$'); at != std::string::npos; at = reply.find('$', at)) {
    const size_t begin = reply.find('\n', at) + 1;
    at = reply.find('\r', begin);
    texts.insert(reply.substr(begin, at - begin));
  }
  return texts;
}

TEST_CASE("sorted sets: ZRANDMEMBER draws different members, or as often as asked") {
  RecordingServer server(compose_stages);
  for (const size_t size : {size_t{20}, size_t{400}}) {
    server.run({"DEL", "z"});
    for (size_t i = 0; i < size; ++i) {
      server.run({"ZADD", "z", std::to_string(i), "m" + std::to_string(i)});
    }
    for (const size_t count : {size_t{1}, size_t{5}, size - 2, size, size + 5}) {
      const auto drawn = bulks_of(server.run({"ZRANDMEMBER", "z", std::to_string(count)}));
      CHECK(drawn.size() == std::min(count, size));
      CHECK(std::set<std::string>(drawn.begin(), drawn.end()).size() == drawn.size());
    }
    CHECK(bulks_of(server.run({"ZRANDMEMBER", "z", "-900"})).size() == 900);
  }
  CHECK(server.run({"ZRANDMEMBER", "z", "-9223372036854775808"}).starts_with("-ERR value is out"));
}

TEST_CASE("sorted sets: whatever looks at another type says so, and changes nothing") {
  RecordingServer server(compose_stages);
  server.put_other("o");
  quiet(server);
  for (const auto& request : std::initializer_list<std::initializer_list<std::string_view>>{
           {"ZADD", "o", "1", "a"},
           {"ZINCRBY", "o", "1", "a"},
           {"ZREM", "o", "a"},
           {"ZSCORE", "o", "a"},
           {"ZRANGE", "o", "0", "-1"},
           {"ZRANGESTORE", "d", "o", "0", "-1"},
           {"ZUNION", "2", "missing", "o"},
           {"ZINTERCARD", "1", "o"},
           {"ZPOPMIN", "o"},
           {"ZMPOP", "2", "missing", "o", "MIN"},
           {"BZPOPMIN", "missing", "o", "0"},
           {"ZSCAN", "o", "0"}}) {
    CHECK(server.run(request) == kWrongType);
  }
  CHECK(server.events().empty());
}

TEST_CASE("sorted sets: a whole scan sees all of a big one") {
  RecordingServer server(compose_stages);
  for (int i = 0; i < 300; ++i) {
    server.run({"ZADD", "z", std::to_string(i) + ".5", "m" + std::to_string(i)});
  }
  std::string cursor = "0";
  std::multiset<std::string> seen;
  do {
    const std::string reply = server.run({"ZSCAN", "z", cursor, "COUNT", "7"});
    const size_t begin = reply.find('\n', reply.find('$')) + 1;
    cursor = reply.substr(begin, reply.find('\r', begin) - begin);
    seen.merge(bulks_of(reply.substr(begin + cursor.size())));
  } while (cursor != "0");
  CHECK(seen.size() == 600);
  CHECK(seen.contains("m299"));
  CHECK(seen.contains("299.5"));
}

TEST_CASE("ZRANGESTORE: a zero loses its sign while what is stored fits a listpack") {
  RecordingServer server(compose_stages);
  server.run({"CONFIG", "SET", "zset-max-listpack-entries", "2"});
  server.run({"ZADD", "z", "-1", "a", "-0", "b"});
  server.run({"ZADD", "z", "1", "c", "inf", "d"});
  CHECK(server.run({"ZSCORE", "z", "b"}) == bulk("0"));
  server.run({"ZADD", "z", "-0", "e"});
  CHECK(server.run({"ZSCORE", "z", "e"}) == bulk("-0"));
  server.run({"ZRANGESTORE", "up", "z", "-1", "1", "BYSCORE"});
  CHECK(server.run({"ZSCORE", "up", "e"}) == bulk("-0"));
  server.run({"ZRANGESTORE", "down", "z", "1", "-1", "BYSCORE", "REV"});
  CHECK(server.run({"ZSCORE", "down", "e"}) == bulk("0"));
  server.run({"ZRANGESTORE", "ranks", "z", "1", "3", "REV"});
  CHECK(server.run({"ZSCORE", "ranks", "e"}) == bulk("-0"));
}

}  // namespace full_server

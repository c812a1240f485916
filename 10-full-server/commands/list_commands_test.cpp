// SPDX-License-Identifier: MIT
//
// List commands: what they tell (events, what is passed on), who waits and who is served.
#include <algorithm>
#include <deque>
#include <string>

#include "10-full-server/stages.h"
#include "10-full-server/types/list_limits.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/recording_server.h"
#include "shared/util/random.h"

namespace full_server {

using testing::bulk;
using testing::kNull;
using testing::kWrongType;
using testing::RecordingServer;

static const std::string kNullArray = "*-1\r\n";

static std::string array(std::initializer_list<std::string_view> elements) {
  std::string text = "*" + std::to_string(elements.size()) + "\r\n";
  for (const std::string_view element : elements) text += bulk(element);
  return text;
}

TEST_CASE("lists: pushes and pops tell what they did, and the last element takes the key along") {
  RecordingServer server(compose_stages);
  CHECK(server.run({"RPUSH", "l", "a", "b", "c"}) == ":3\r\n");
  CHECK(server.run({"LPOP", "l"}) == bulk("a"));
  CHECK(server.run({"RPOP", "l", "5"}) == array({"c", "b"}));
  CHECK(server.events() == "0:rpush:l 0:lpop:l 0:rpop:l 0:del:l");
  CHECK(server.passed_on() == "RPUSH l a b c;LPOP l;RPOP l 5");
}

TEST_CASE("lists: what changes nothing tells nothing") {
  RecordingServer server(compose_stages);
  server.run({"RPUSH", "l", "a"});
  server.events();
  server.passed_on();
  server.run({"LPUSHX", "none", "a"});
  server.run({"LREM", "l", "0", "x"});
  server.run({"LSET", "l", "7", "x"});
  server.run({"LINSERT", "l", "BEFORE", "x", "y"});
  server.run({"LPOP", "l", "0"});
  server.run({"LMOVE", "none", "l", "LEFT", "LEFT"});
  server.run({"LPOS", "l", "a"});
  CHECK(server.events().empty());
  CHECK(server.run({"LTRIM", "l", "0", "-1"}) == "+OK\r\n");
  CHECK(server.events() == "0:ltrim:l");
  CHECK(server.passed_on().empty());
}

TEST_CASE("lists: a value that is no list is refused, and nothing happens") {
  RecordingServer server(compose_stages);
  server.put_other("other");
  server.run({"RPUSH", "l", "a"});
  server.events();
  server.passed_on();
  CHECK(server.run({"LPUSH", "other", "x"}) == kWrongType);
  CHECK(server.run({"LMOVE", "l", "other", "LEFT", "LEFT"}) == kWrongType);
  CHECK(server.run({"BLMOVE", "l", "other", "LEFT", "LEFT", "0"}) == kWrongType);
  CHECK(server.run({"BLPOP", "none", "other", "l", "0"}) == kWrongType);
  CHECK(server.run({"BLMPOP", "0", "2", "other", "l", "LEFT"}) == kWrongType);
  CHECK(server.events().empty());
  CHECK(server.passed_on().empty());
  CHECK(server.run({"LLEN", "l"}) == ":1\r\n");
}

TEST_CASE("lists: LMOVE tells both halves and counts once") {
  RecordingServer server(compose_stages);
  server.run({"RPUSH", "a", "1", "2"});
  server.events();
  CHECK(server.run({"LMOVE", "a", "b", "LEFT", "RIGHT"}) == bulk("1"));
  CHECK(server.events() == "0:rpush:b 0:lpop:a");
  CHECK(server.run({"RPOPLPUSH", "a", "a"}) == bulk("2"));
  CHECK(server.events() == "0:lpush:a 0:rpop:a");
  CHECK(server.run({"RPOPLPUSH", "a", "b"}) == bulk("2"));
  CHECK(server.events() == "0:lpush:b 0:rpop:a 0:del:a");
  CHECK(server.passed_on() == "RPUSH a 1 2;LMOVE a b LEFT RIGHT;RPOPLPUSH a a;RPOPLPUSH a b");
}

TEST_CASE("lists: blocking pops are passed on as what they did") {
  RecordingServer server(compose_stages);
  server.run({"RPUSH", "l", "1", "2", "3", "4", "5", "6"});
  server.passed_on();
  CHECK(server.run({"BLPOP", "none", "l", "0"}) == array({"l", "1"}));
  CHECK(server.run({"BRPOP", "l", "0"}) == array({"l", "6"}));
  CHECK(server.run({"BLMPOP", "0", "2", "none", "l", "left", "COUNT", "2"}) ==
        "*2\r\n" + bulk("l") + array({"2", "3"}));
  CHECK(server.run({"BLMOVE", "l", "m", "LEFT", "RIGHT", "0"}) == bulk("4"));
  CHECK(server.run({"BRPOPLPUSH", "l", "m", "0"}) == bulk("5"));
  CHECK(server.run({"LMPOP", "1", "m", "RIGHT", "COUNT", "9"}) ==
        "*2\r\n" + bulk("m") + array({"4", "5"}));
  CHECK(server.passed_on() == "LPOP l;RPOP l;LPOP l 2;LMOVE l m LEFT RIGHT;RPOPLPUSH l m;RPOP m 2");
}

TEST_CASE("lists: whoever waits is served in order, by what is there when all of it is there") {
  RecordingServer server(compose_stages);
  command::Client& first = server.add_client();
  command::Client& second = server.add_client();
  CHECK(server.run(first, {"BLPOP", "l", "0"}).empty());
  CHECK(server.run(second, {"BRPOP", "x", "l", "0"}).empty());
  CHECK(server.run({"RPUSH", "l", "a", "b", "c"}) == ":3\r\n");
  CHECK(server.output(first) == array({"l", "a"}));
  CHECK(server.output(second) == array({"l", "c"}));
  CHECK(server.passed_on() == "RPUSH l a b c;LPOP l;RPOP l");
  CHECK(server.run({"LRANGE", "l", "0", "-1"}) == array({"b"}));
}

TEST_CASE("lists: the time of who waits can be over, in RESP3 too") {
  RecordingServer server(compose_stages);
  command::Client& waiting = server.add_client();
  CHECK(server.run(waiting, {"BLPOP", "l", "1.5"}).empty());
  server.advance_ms(1499);
  server.end_turn();
  CHECK(server.output(waiting).empty());
  server.advance_ms(1);
  server.end_turn();
  CHECK(server.output(waiting) == kNullArray);
  waiting.reply.set_protocol(3);
  CHECK(server.run(waiting, {"BLMOVE", "l", "m", "LEFT", "LEFT", "0.001"}).empty());
  server.advance_ms(2);
  server.end_turn();
  CHECK(server.output(waiting) == "_\r\n");
  CHECK(server.passed_on().empty());
}

TEST_CASE("lists: a move that waited may find that it must not") {
  RecordingServer server(compose_stages);
  command::Client& waiting = server.add_client();
  CHECK(server.run(waiting, {"BLMOVE", "l", "text", "LEFT", "LEFT", "0"}).empty());
  server.run({"SET", "text", "x"});
  server.run({"RPUSH", "l", "a"});
  CHECK(server.output(waiting) == kWrongType);
  CHECK(server.run({"LLEN", "l"}) == ":1\r\n");
  CHECK(server.passed_on() == "SET text x;RPUSH l a");
}

TEST_CASE("lists: in a transaction nobody waits") {
  RecordingServer server(compose_stages);
  server.run({"MULTI"});
  server.run({"BLPOP", "l", "0"});
  server.run({"BLMOVE", "l", "m", "LEFT", "LEFT", "0"});
  CHECK(server.run({"EXEC"}) == "*2\r\n" + kNullArray + std::string(kNull));
}

TEST_CASE("lists: LRANGE, LINDEX and LPOS against a model, in listpacks and chains") {
  RecordingServer server(compose_stages);
  types::list_settings.max_listpack_size = 4;
  std::deque<std::string> model;
  util::Random random(3);
  const auto number = [&](int64_t value) { return ":" + std::to_string(value) + "\r\n"; };
  for (int round = 0; round < 400; ++round) {
    const std::string text = std::to_string(random.below(5));
    if (model.size() > 20 || (!model.empty() && random.below(3) == 0)) {
      const bool front = random.below(2) == 0;
      server.run({front ? "LPOP" : "RPOP", "l"});
      front ? model.pop_front() : model.pop_back();
    } else {
      const bool front = random.below(2) == 0;
      server.run({front ? "LPUSH" : "RPUSH", "l", text});
      front ? model.push_front(text) : model.push_back(text);
    }
    const auto found = std::find(model.begin(), model.end(), text);
    CHECK(server.run({"LPOS", "l", text}) ==
          (found == model.end() ? std::string(kNull) : number(found - model.begin())));
    const size_t start = random.below(8), stop = start + random.below(8);
    std::string expected;
    size_t count = 0;
    for (size_t i = start; i <= stop && i < model.size(); ++i, ++count) expected += bulk(model[i]);
    CHECK(server.run({"LRANGE", "l", std::to_string(start), std::to_string(stop)}) ==
          "*" + std::to_string(count) + "\r\n" + expected);
    CHECK(server.run({"LINDEX", "l", "-1"}) ==
          (model.empty() ? std::string(kNull) : bulk(model.back())));
  }
  types::list_settings = {};
}

}  // namespace full_server

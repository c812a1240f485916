// SPDX-License-Identifier: MIT
//
// The request parser: every form cut at every byte gives the same requests, every refusal has
// Redis' text (7.2.6 was asked), and no promise costs memory. Arguments of 32 KB and more:
// request_parser_large_test.cpp.
#include "shared/resp/request_parser.h"

#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/testing/request_feeder.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"

using resp::Batch;
using resp::ParserLimits;
using resp::RequestParser;
using Status = RequestParser::Status;
using testing::RequestFeeder;
using testing::Requests;

namespace {

const ParserLimits kLimits;
const ParserLimits kStranger{.authenticated = false};

struct Outcome {
  Requests requests;
  std::string error;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(const std::vector<std::string>& pieces, const ParserLimits& limits = kLimits,
                   size_t batch_size = SIZE_MAX) {
  RequestFeeder feeder(limits, batch_size);
  for (const std::string& piece : pieces) feeder.feed(piece);
  return {feeder.requests(), feeder.error()};
}

Outcome byte_by_byte(std::string_view bytes, const ParserLimits& limits = kLimits) {
  RequestFeeder feeder(limits);
  for (const char& byte : bytes) feeder.feed({&byte, 1});
  return {feeder.requests(), feeder.error()};
}

std::vector<std::string> random_pieces(std::string_view bytes, util::Random& random) {
  std::vector<std::string> pieces;
  while (!bytes.empty()) {
    pieces.emplace_back(bytes.substr(0, 1 + random.below(random.below(2) == 0 ? 5 : 200)));
    bytes.remove_prefix(pieces.back().size());
  }
  return pieces;
}

// Requests of all forms, pipelined.
std::string pipeline() {
  return testing::encode({"PING"}) + testing::encode({"SET", "name", std::string("a\r\nb\0c", 6)}) +
         "PING\r\n*0\r\n  ECHO\t\"a b\\x41\" 'it\\'s' plain\r\n*-1\r\n\r\nGET \"\"\n" +
         testing::encode({"", std::string(100, 'x'), "*1\r\n$1\r\nz\r\n"}) +
         testing::encode(std::vector<std::string>(120, "many")) + "QUIT\r\n";
}

const Requests kPipelined = {
    {"PING"},
    {"SET", "name", std::string("a\r\nb\0c", 6)},
    {"PING"},
    {},
    {"ECHO", "a bA", "it's", "plain"},
    {},
    {},
    {"GET", ""},
    {"", std::string(100, 'x'), "*1\r\n$1\r\nz\r\n"},
    std::vector<std::string>(120, "many"),
    {"QUIT"},
};

}  // namespace

TEST_CASE("requests: every form gives its arguments") {
  CHECK(outcome_of({pipeline()}) == Outcome{kPipelined, ""});
  CHECK(outcome_of({"*1\r\n$4\rXPINGxy*0\rX"}) == Outcome{{{"PING"}, {}}, ""});  // skipped unread
  CHECK(outcome_of({"a\vb \vc\r\n"}) == Outcome{{{"a\vb", "c"}}, ""});
  CHECK(outcome_of({"a\r b\n"}) == Outcome{{{"a", "b"}}, ""});
  CHECK(outcome_of({"*1\r\n$4\r\nPIN"}) == Outcome{});
  CHECK(outcome_of({"PING"}) == Outcome{});
}

TEST_CASE("requests: every split point gives the same requests") {
  const std::string bytes = pipeline();
  const Outcome whole{kPipelined, ""};
  for (const size_t batch_size : {size_t{1}, size_t{3}, SIZE_MAX}) {
    for (size_t cut = 0; cut <= bytes.size(); ++cut) {
      if (outcome_of({bytes.substr(0, cut), bytes.substr(cut)}, kLimits, batch_size) != whole) {
        FAIL("cut at " << cut << ", batches of " << batch_size);
      }
    }
  }
  CHECK(byte_by_byte(bytes) == whole);
}

TEST_CASE("requests: random ones in random pieces") {
  util::Random random(1);
  for (int round = 0; round < 2000; ++round) {
    Requests expected(random.below(6));
    std::string bytes;
    for (auto& request : expected) {
      request.resize(random.below(5));
      for (std::string& argument : request) {
        argument.resize(random.below(random.below(10) == 0 ? 2000 : 12));
        for (char& byte : argument) byte = static_cast<char>(random.next());
      }
      bytes += testing::encode(request);
    }
    if (outcome_of(random_pieces(bytes, random)) != Outcome{expected, ""}) FAIL(bytes);
  }
}

TEST_CASE("requests: with and without the fast path, whole or in pieces, good or bad") {
  util::Random random(2);
  const std::string good = testing::encode({"SET", "k", "1234567890"}) + "GET k\r\n";
  static constexpr std::string_view kAlphabet("*$0123456789\r\n\"' -a\0", 20);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good + good;
    for (uint64_t i = random.below(4); i > 0; --i) {
      bytes[random.below(bytes.size())] = kAlphabet[random.below(kAlphabet.size())];
    }
    const Outcome whole = outcome_of({bytes});
    const bool same = outcome_of(random_pieces(bytes, random)) == whole;
    // Strangers never take the fast path; their limits are out of reach unless a length grew.
    const Outcome slow = outcome_of({bytes}, kStranger);
    const bool same_slow = slow == whole || slow.error.find("unauthenticated") != std::string::npos;
    if (!same || !same_slow) FAIL(bytes);
  }
}

TEST_CASE("requests: refused with Redis' texts, wherever they are cut") {
  struct Case {
    std::string bytes, error;
  };
  const Case cases[] = {
      {"*abc\r\n", "invalid multibulk length"},
      {"*\r\n", "invalid multibulk length"},
      {"*-0\r\n", "invalid multibulk length"},
      {"*01\r\n", "invalid multibulk length"},
      {"*+1\r\n", "invalid multibulk length"},
      {"*1 \r\n", "invalid multibulk length"},
      {"*2147483648\r\n", "invalid multibulk length"},
      {"*99999999999999999999\r\n", "invalid multibulk length"},
      {"*1\r\nPING\r\n", "expected '$', got 'P'"},
      {"*1\r\n\r\n", "expected '$', got '\r'"},
      {"*2\r\n$1\r\na\r\n:1\r\n", "expected '$', got ':'"},
      {"*1\r\n$\r\n", "invalid bulk length"},
      {"*1\r\n$-1\r\n", "invalid bulk length"},
      {"*1\r\n$01\r\n", "invalid bulk length"},
      {"*1\r\n$+4\r\n", "invalid bulk length"},
      {"*1\r\n$abc\r\n", "invalid bulk length"},
      {"*1\r\n$536870913\r\n", "invalid bulk length"},
      {"*1\r\n$9223372036854775808\r\n", "invalid bulk length"},
      {"\"open\r\n", "unbalanced quotes in request"},
      {"'open\r\n", "unbalanced quotes in request"},
      {"\"a\"b\r\n", "unbalanced quotes in request"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.bytes);
    const Outcome expected{{{"PING"}}, "Protocol error: " + each.error};
    const std::string bytes = "PING\r\n" + each.bytes;
    CHECK(outcome_of({bytes}) == expected);
    CHECK(outcome_of({bytes + "PING\r\n"}) == expected);
    CHECK(byte_by_byte(bytes) == expected);
  }
}

TEST_CASE("requests: the kind of an argument is judged when its line is complete") {
  CHECK(outcome_of({"*1\r\nX"}) == Outcome{});
  CHECK(outcome_of({"*1\r\nX\r"}) == Outcome{});
  CHECK(outcome_of({"*1\r\nX" + std::string(70'000, 'X')}).error ==
        "Protocol error: too big bulk count string");
}

TEST_CASE("requests: a line may be 64 KB long") {
  const auto check = [](const std::string& start, const std::string& error) {
    const std::string fits = start + std::string(64 * 1024 - start.size(), '1');
    const std::string before = start == "$" ? "*1\r\n" : "";
    CHECK(outcome_of({before + fits}) == Outcome{});
    CHECK(outcome_of({before + fits + "1"}) == Outcome{{}, error});
    CHECK(outcome_of({before + fits, "1"}) == Outcome{{}, error});
  };
  check("*", "Protocol error: too big mbulk count string");
  check("$", "Protocol error: too big bulk count string");
  check("A", "Protocol error: too big inline request");
}

TEST_CASE("requests: strangers get ten arguments of 16 KB") {
  const auto arguments = [](size_t count) {
    return testing::encode(std::vector<std::string>(count, "a"));
  };
  CHECK(outcome_of({arguments(10)}, kStranger).requests.size() == 1);
  CHECK(outcome_of({arguments(11)}, kStranger).error ==
        "Protocol error: unauthenticated multibulk length");
  CHECK(outcome_of({testing::encode({std::string(16'384, 'a')})}, kStranger).requests.size() == 1);
  CHECK(outcome_of({"*1\r\n$16385\r\n"}, kStranger).error ==
        "Protocol error: unauthenticated bulk length");
  CHECK(outcome_of({"*2147483648\r\n"}, kStranger).error ==
        "Protocol error: invalid multibulk length");
  CHECK(outcome_of({"*1\r\n$536870913\r\n"}, kStranger).error ==
        "Protocol error: invalid bulk length");
}

TEST_CASE("requests: limits can be set") {
  const ParserLimits small{.max_bulk_length = 200, .max_multibulk_count = 150};
  CHECK(outcome_of({"*150\r\n"}, small) == Outcome{});
  CHECK(outcome_of({"*151\r\n"}, small).error == "Protocol error: invalid multibulk length");
  CHECK(outcome_of({testing::encode({std::string(200, 'a')})}, small).requests.size() == 1);
  CHECK(outcome_of({"*1\r\n$201\r\n"}, small).error == "Protocol error: invalid bulk length");
}

TEST_CASE("requests: a promise reserves nothing") {
  for (const std::string_view promise :
       {"*2147483647\r\n", "*1\r\n$536870912\r\n", "*2147483647\r\n$536870912\r\nabc"}) {
    RequestParser parser(kLimits);
    Batch batch;
    const uint64_t before = memory::used();
    const Status status = parser.parse(promise, batch);
    const uint64_t after = memory::used();
    CAPTURE(promise);
    CHECK(status == Status::NeedInput);
    CHECK(parser.unfinished());
    CHECK(after - before < 100'000);
    CHECK(parser.memory_size() <= after - before + 100);
  }
}

TEST_CASE("requests: bytes examined are at most twice the input, however it trickles in") {
  for (const std::string& bytes :
       {pipeline(), std::string(10'000, 'a') + "\r\n", "*" + std::string(10'000, '1')}) {
    RequestFeeder feeder;
    for (const char& byte : bytes) feeder.feed({&byte, 1});
    CHECK(feeder.parser().bytes_examined() <= 2 * bytes.size());
  }
}

TEST_CASE("requests: many arguments may trickle in") {
  const std::string bytes = testing::encode(std::vector<std::string>(30'000, "a"));
  RequestParser parser(kLimits);
  Batch batch;
  for (size_t end = 1; end < bytes.size(); ++end) {
    if (parser.parse({bytes.data(), end}, batch) != Status::NeedInput) FAIL("at " << end);
  }
  CHECK(batch.size() == 0);
  CHECK(parser.memory_size() > 30'000);
  REQUIRE(parser.parse(bytes, batch) == Status::NeedInput);
  REQUIRE(batch.size() == 1);
  CHECK(batch.args(0).size() == 30'000);
  CHECK(parser.memory_size() == 0);
  CHECK_FALSE(parser.unfinished());
}

TEST_CASE("requests: a full batch stops, and the rest is parsed later") {
  const std::string bytes = "PING\r\nECHO a\r\n" + testing::encode({"GET", "k"}) + "*1\r\n$";
  RequestParser parser(kLimits);
  Batch batch;
  CHECK(parser.parse(bytes, batch, 2) == Status::BatchFull);
  REQUIRE(batch.size() == 2);
  CHECK(batch[0].end == 6);
  CHECK(batch.args(1)[1] == "a");
  CHECK(parser.parse(std::string_view(bytes).substr(14), batch, 2) == Status::BatchFull);
  CHECK(batch.size() == 2);  // it was not cleared
  batch.clear();
  CHECK(parser.parse(std::string_view(bytes).substr(14), batch, 2) == Status::NeedInput);
  REQUIRE(batch.size() == 1);
  CHECK(batch.args(0)[1] == "k");
  CHECK(parser.unfinished());
  CHECK(parser.keep_end() == bytes.size() - 14);
  CHECK(parser.parse("*1\r\n$4\r\nPING\r\n", batch, 1) == Status::BatchFull);  // nothing is lost
  batch.clear();
  CHECK(parser.parse("*1\r\n$4\r\nPING\r\n", batch, 1) == Status::NeedInput);
  CHECK(batch.args(0)[0] == "PING");
}

TEST_CASE("requests: reset forgets the unfinished one") {
  RequestParser parser(kLimits);
  Batch batch;
  const std::string bytes = testing::encode({"SET", "name", "value"});
  CHECK(parser.parse(std::string_view(bytes).substr(0, 25), batch) == Status::NeedInput);
  CHECK(parser.unfinished());
  parser.reset();
  CHECK_FALSE(parser.unfinished());
  CHECK(parser.parse(bytes, batch) == Status::NeedInput);
  REQUIRE(batch.size() == 1);
  CHECK(batch.args(0)[2] == "value");
}

TEST_CASE("requests: a batch does not keep the room of a giant") {
  Batch batch;
  RequestParser parser(kLimits);
  const std::string giant = testing::encode(std::vector<std::string>(200'000, "a"));
  const uint64_t before = memory::used();
  parser.parse(giant, batch);
  const uint64_t full = memory::used();
  batch.clear();
  const uint64_t after = memory::used();
  CHECK(full - before > 200'000 * sizeof(std::string_view));
  CHECK(after - before < 10'000);
}

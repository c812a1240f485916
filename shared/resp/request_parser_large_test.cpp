// SPDX-License-Identifier: MIT
//
// Arguments of 32 KB and more: received in a window of their own, cut anywhere, handed over without
// a copy.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "shared/resp/request_parser.h"
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

std::string pattern(size_t length) {
  std::string text(length, ' ');
  for (size_t i = 0; i < length; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

// Offsets around every frame border of `bytes`, and some between.
std::set<size_t> interesting_cuts(const std::string& bytes, const std::vector<size_t>& borders) {
  std::set<size_t> cuts = {0, bytes.size() / 3, bytes.size() / 2};
  for (const size_t border : borders) {
    for (size_t cut = border < 6 ? 0 : border - 6; cut < std::min(border + 7, bytes.size());
         ++cut) {
      cuts.insert(cut);
    }
  }
  return cuts;
}

void check_all_cuts(const Requests& requests) {
  std::string bytes;
  std::vector<size_t> borders;
  for (const auto& request : requests) {
    borders.push_back(bytes.size());
    size_t end = bytes.size() + testing::encode(request).size();
    bytes += testing::encode(request);
    for (auto argument = request.rbegin(); argument != request.rend(); ++argument) {
      end -= argument->size() + 2;
      borders.push_back(end);
      borders.push_back(end + argument->size() + 2);
      borders.push_back(std::min(end + resp::kLargeArgument, bytes.size()));
      end -= std::to_string(argument->size()).size() + 3;
    }
  }
  const std::set<size_t> cuts = interesting_cuts(bytes, borders);
  for (const size_t first : cuts) {
    RequestFeeder feeder;
    feeder.feed(std::string_view(bytes).substr(0, first));
    feeder.feed(std::string_view(bytes).substr(first));
    if (feeder.requests() != requests || feeder.parser().unfinished() || feeder.kept() != 0) {
      FAIL("cut at " << first);
    }
  }
}

}  // namespace

TEST_CASE("large arguments: every interesting cut") {
  for (const size_t size : {resp::kLargeArgument - 1, resp::kLargeArgument,
                            resp::kLargeArgument + 1, 2 * resp::kLargeArgument, size_t{200'000}}) {
    check_all_cuts({{"SET", "key", pattern(size)}, {"PING"}});
  }
}

TEST_CASE("large arguments: with others before, behind and beside") {
  const std::string large = pattern(40'000);
  check_all_cuts(
      {{"PING"}, {"MSET", "a", large, "b", "small", "c", pattern(70'000)}, {"GET", "a"}});
  check_all_cuts({{large, large}, {}, {pattern(33'000)}, {"", ""}});
}

TEST_CASE("large arguments: in pieces of any size") {
  util::Random random(3);
  const Requests requests = {{"MSET", "a", pattern(50'000), "b", "", "c", pattern(34'000)},
                             {"SET", "d", pattern(300'000)},
                             {"PING"}};
  std::string bytes;
  for (const auto& request : requests) bytes += testing::encode(request);
  for (int round = 0; round < 100; ++round) {
    RequestFeeder feeder(kLimits, 1 + random.below(2));
    std::string_view rest = bytes;
    const uint64_t longest = uint64_t{1} << (6 + random.below(13));
    while (!rest.empty()) {
      const std::string_view piece = rest.substr(0, 1 + random.below(longest));
      feeder.feed(piece);
      rest.remove_prefix(piece.size());
    }
    if (feeder.requests() != requests) FAIL("pieces up to " << longest);
    if (feeder.parser().bytes_examined() > 2 * bytes.size()) FAIL("examined too much");
  }
}

#if WORKSHOP_FAST_PATHS

TEST_CASE("large arguments: the window takes exactly the argument and its line end") {
  const std::string bytes = testing::encode({"SET", "key", pattern(100'000)});
  RequestParser parser(kLimits);
  Batch batch;
  const std::string_view start = std::string_view(bytes).substr(0, 50);
  CHECK(parser.large_window().empty());
  REQUIRE(parser.parse(start, batch) == Status::NeedInput);
  const std::string kept(start.substr(0, parser.keep_end()));
  CHECK(kept == "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$100000\r\n");
  size_t sent = start.size();
  while (!parser.large_window().empty()) {
    const std::span<char> window = parser.large_window();
    REQUIRE(window.size() <= bytes.size() - sent);
    CHECK(parser.memory_size() <= 4 * std::max(sent, resp::kLargeArgument));
    const size_t count = std::min<size_t>(window.size(), 10'000);
    std::copy_n(bytes.data() + sent, count, window.data());
    parser.large_filled(count);
    sent += count;
  }
  CHECK(sent == bytes.size());
  REQUIRE(parser.parse(kept, batch) == Status::NeedInput);
  REQUIRE(batch.size() == 1);
  CHECK(batch[0].end == kept.size());
  CHECK(batch.args(0)[1] == "key");
  CHECK((batch.args(0)[2] == pattern(100'000)));
}

TEST_CASE("large arguments: are taken, not copied") {
  const uint64_t before = memory::used();
  {
    RequestParser parser(kLimits);
    Batch batch;
    const std::string bytes = testing::encode({"SET", "key", pattern(50'000)});
    const std::string kept = bytes.substr(0, bytes.size() - 50'002);
    REQUIRE(parser.parse(kept, batch) == Status::NeedInput);
    for (size_t at = kept.size(); at < bytes.size();) {
      const std::span<char> window = parser.large_window();
      bytes.copy(window.data(), window.size(), at);
      parser.large_filled(window.size());
      at += window.size();
    }
    REQUIRE(parser.parse(kept, batch) == Status::NeedInput);
    const resp::Args args = batch.args(0);
    CHECK_FALSE(batch.take(args[1]));
    const util::Blob blob = batch.take(args[2]);
    REQUIRE(blob);
    CHECK(blob.view().data() == args[2].data());
    CHECK_FALSE(blob.shared());
    CHECK_FALSE(batch.take(args[2]));
    batch.clear();
    CHECK((blob.view() == pattern(50'000)));
  }
  CHECK(memory::used() < before + 10'000);
}

TEST_CASE("large arguments: a promise of 512 MB costs what has arrived") {
  RequestParser parser(kLimits);
  Batch batch;
  const uint64_t before = memory::used();
  const Status status = parser.parse("*1\r\n$536870912\r\n", batch);
  const uint64_t promised = memory::used() - before;
  size_t arrived = 0;
  while (arrived < 1'000'000) {
    const std::span<char> window = parser.large_window();
    const size_t count = std::min<size_t>(window.size(), 16'384);
    std::fill_n(window.data(), count, 'x');
    parser.large_filled(count);
    arrived += count;
  }
  const uint64_t after = memory::used() - before;
  parser.reset();
  const uint64_t forgotten = memory::used() - before;
  CHECK(status == Status::NeedInput);
  CHECK(promised < 100'000);
  CHECK(after < 2 * arrived + 100'000);
  CHECK(forgotten < 1000);
  CHECK(parser.large_window().empty());
}

#endif

// SPDX-License-Identifier: MIT
// Templates become the bytes that a server expects; patched keys keep size, range and order.
#include "10-full-server/bench/request_batch.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "shared/testing/catch.h"

using bench::KeyOrder;
using bench::KeySequence;
using bench::render_request;
using bench::RequestBatch;
using bench::RequestShape;

namespace {

RequestShape shape_of(std::string command) {
  RequestShape shape;
  shape.command = std::move(command);
  return shape;
}

}  // namespace

TEST_CASE("a template is rendered as an array of bulks") {
  CHECK(render_request(shape_of("PING")).bytes == "*1\r\n$4\r\nPING\r\n");
  CHECK(render_request(shape_of("SET {key} {value}")).bytes ==
        "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000000\r\n$8\r\nxxxxxxxx\r\n");
  CHECK(render_request(shape_of("  SET  \"two words\"  \"\" ")).bytes ==
        "*3\r\n$3\r\nSET\r\n$9\r\ntwo words\r\n$0\r\n\r\n");
  CHECK(render_request(shape_of("HSET h:{number} {key}s v")).bytes ==
        "*4\r\n$4\r\nHSET\r\n$14\r\nh:000000000000\r\n$17\r\nkey:000000000000s\r\n$1\r\nv\r\n");
}

TEST_CASE("keys have the size asked for") {
  RequestShape shape = shape_of("GET {key}");
  shape.keys = 1000;
  for (const std::size_t size : {3u, 7u, 8u, 16u, 24u, 25u, 100u}) {
    shape.key_size = size;
    const bench::RenderedRequest request = render_request(shape);
    CHECK(request.bytes.size() ==
          std::string("*2\r\n$3\r\nGET\r\n$\r\n\r\n").size() + std::to_string(size).size() + size);
  }
  shape.key_size = 2;
  CHECK_THROWS_AS(render_request(shape), std::invalid_argument);
}

TEST_CASE("bad templates are refused") {
  for (const char* command : {"", "   ", "SET \"open"}) {
    CHECK_THROWS_AS(render_request(shape_of(command)), std::invalid_argument);
  }
}

TEST_CASE("a raw message is its bytes and nothing else") {
  RequestShape shape;
  shape.raw = true;
  shape.value_size = 14;
  const bench::RenderedRequest request = render_request(shape);
  CHECK(request.bytes == std::string(14, 'x'));
  CHECK(request.patches.empty());
}

TEST_CASE("a batch carries the next keys in place") {
  RequestShape shape = shape_of("MSET {key} {value} {key} {value}");
  shape.keys = 5;
  shape.key_size = 8;
  shape.value_size = 1;
  RequestBatch batch(render_request(shape), 3, KeySequence(5, KeyOrder::Sequential, 1));
  const auto request = [](std::string a, std::string b) {
    return "*5\r\n$4\r\nMSET\r\n$8\r\nkey:000" + a + "\r\n$1\r\nx\r\n$8\r\nkey:000" + b +
           "\r\n$1\r\nx\r\n";
  };
  CHECK(batch.prepare(2) == request("0", "1") + request("2", "3"));
  CHECK(batch.prepare(3) == request("4", "0") + request("1", "2") + request("3", "4"));
  CHECK(batch.prepare(1) == request("0", "1"));
}

TEST_CASE("random keys stay in range, reach all of it, and follow the seed") {
  for (const std::uint64_t keys : {1ull, 2ull, 1000ull, 6'000'000'000ull}) {
    KeySequence sequence(keys, KeyOrder::Random, 7);
    KeySequence again(keys, KeyOrder::Random, 7);
    for (int i = 0; i < 1000; ++i) {
      const std::uint64_t key = sequence.next();
      REQUIRE(key < keys);
      REQUIRE(key == again.next());
    }
  }
  std::set<std::uint64_t> seen;
  KeySequence sequence(100, KeyOrder::Random, 1);
  for (int i = 0; i < 2000; ++i) seen.insert(sequence.next());
  CHECK(seen.size() == 100);
}

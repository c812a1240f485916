// SPDX-License-Identifier: MIT
//
// The fast scan recognises or declines; what it declines leaves no trace.
#include "shared/resp/fast_scan.h"

#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/testing/request_feeder.h"

namespace {

bool declines(std::string_view input) {
  std::vector<std::string_view> arguments = {"before"};
  return resp::fast_scan(input, arguments) == 0 && arguments.size() == 1;
}

}  // namespace

TEST_CASE("fast scan: whole requests of short arguments") {
  for (const size_t count : {1, 2, 9, 10, 99}) {
    for (const size_t length : {0, 1, 9, 10, 99}) {
      const std::string bytes =
          testing::encode(std::vector<std::string>(count, std::string(length, 'x')));
      const std::string more = bytes + "*1\r\n";
      std::vector<std::string_view> arguments;
      CHECK(resp::fast_scan(more, arguments) == bytes.size());
      CHECK(arguments.size() == count);
      CHECK(arguments.back() == std::string(length, 'x'));
    }
  }
}

TEST_CASE("fast scan: declines every prefix") {
  const std::string bytes = testing::encode({"SET", "", "twelve bytes"});
  for (size_t end = 0; end < bytes.size(); ++end) CHECK(declines(bytes.substr(0, end)));
}

TEST_CASE("fast scan: leaves everything unusual to the parser") {
  for (const std::string_view input :
       {"PING\r\n", "*0\r\n$1\r\na\r\n", "*-1\r\n", "*01\r\n$1\r\na\r\n", "*100\r\n$1\r\na\r\n",
        "*1\r\n$01\r\na\r\n", "*1\r\n$-1\r\n", "*1\r\n:1\r\n", "*1\rX$1\r\na\r\n",
        "*1\r\n$1\rXa\r\n", "*a\r\n$1\r\na\r\n", "*1\r\n$1a\r\na\r\n", "*\r\n\r\n\r\n\r\n"}) {
    CAPTURE(input);
    CHECK(declines(input));
  }
}

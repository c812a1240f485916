// SPDX-License-Identifier: MIT
#include "10-full-server/persistence/item_requests.h"

#include <string>

#include "shared/testing/catch.h"

namespace persistence {

TEST_CASE("items are gathered, 64 in a request") {
  util::ByteBuffer out;
  {
    ItemRequests requests(out, "HSET", "user");
    for (int i = 0; i < 65; ++i) requests.add({"f" + std::to_string(i), "v"});
  }
  const std::string text(out.view());
  CHECK(text.starts_with("*130\r\n$4\r\nHSET\r\n$4\r\nuser\r\n$2\r\nf0\r\n$1\r\nv\r\n"));
  CHECK(text.ends_with("*4\r\n$4\r\nHSET\r\n$4\r\nuser\r\n$3\r\nf64\r\n$1\r\nv\r\n"));
}

TEST_CASE("no items, no request") {
  util::ByteBuffer out;
  { const ItemRequests requests(out, "RPUSH", "list"); }
  CHECK(out.size() == 0);
}

}  // namespace persistence

// SPDX-License-Identifier: MIT
// Keys of a request: ranges, every second argument, counts, keywords, and arguments that contradict
// the spec.
#include "shared/command/command_keys.h"

#include <string>

#include "shared/testing/catch.h"

using command::CommandRow;
using command::KeySpec;

static std::string keys_of(const KeySpec& spec, std::initializer_list<std::string_view> request) {
  const CommandRow row{.name = "command", .arity = -1, .keys = {&spec, 1}};
  const resp::Args args(request.begin(), request.size());
  const auto keys = command::find_keys(row, args);
  if (!keys) return "invalid";
  std::string text;
  for (const auto& key : *keys) text.append(text.empty() ? "" : " ").append(args[key.argument]);
  return text;
}

TEST_CASE("keys by position") {
  CHECK(keys_of({}, {"get", "a"}) == "a");
  CHECK(keys_of({.last = -1}, {"del", "a", "b", "c"}) == "a b c");
  CHECK(keys_of({.last = -1, .step = 2}, {"mset", "a", "1", "b", "2"}) == "a b");
  CHECK(keys_of({.last = 1}, {"rename", "a", "b"}) == "a b");
  CHECK(keys_of({.index = 3, .last = -1, .limit = 2}, {"x", "y", "z", "a", "b", "1", "2"}) ==
        "a b");
}

TEST_CASE("keys by count and by keyword") {
  const KeySpec counted{
      .index = 2, .find = KeySpec::Find::Count, .step = 1, .count_index = 0, .first = 1};
  CHECK(keys_of(counted, {"eval", "script", "2", "a", "b", "c"}) == "a b");
  CHECK(keys_of(counted, {"eval", "script", "x", "a"}) == "invalid");
  CHECK(keys_of(counted, {"eval", "script", "9", "a"}) == "invalid");
  const KeySpec after{.index = 1, .keyword = "STORE"};
  CHECK(keys_of(after, {"sort", "a", "store", "b"}) == "b");
  CHECK(keys_of(after, {"sort", "a"}) == "");
}

// SPDX-License-Identifier: MIT
//
// FunctionRef: whatever can be called can be borrowed.
#include "shared/util/function_ref.h"

#include <memory>
#include <string>

#include "shared/testing/catch.h"

using util::FunctionRef;

namespace {

int apply(FunctionRef<int(int)> function, int value) { return function(value); }
int twice(int value) { return 2 * value; }

}  // namespace

TEST_CASE("function_ref: lambdas, functions, const callables") {
  int calls = 0;
  CHECK(apply([&calls](int value) { return ++calls + value; }, 10) == 11);
  CHECK(calls == 1);
  CHECK(apply(twice, 4) == 8);
  CHECK(apply(&twice, 5) == 10);
  const auto negate = [](int value) { return -value; };
  CHECK(apply(negate, 3) == -3);
  const FunctionRef<int(int)> borrowed = negate;
  CHECK(apply(borrowed, 7) == -7);
}

TEST_CASE("function_ref: arguments are passed on as they are") {
  const auto take = [](std::unique_ptr<int> value, std::string& text) {
    text += std::to_string(*value);
  };
  const FunctionRef<void(std::unique_ptr<int>, std::string&)> borrowed(take);
  std::string text = "n=";
  borrowed(std::make_unique<int>(4), text);
  CHECK(text == "n=4");
}

// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/rates.h"

#include "shared/testing/catch.h"

namespace introspection {

TEST_CASE("rates: the mean of sixteen samples") {
  Rate rate;
  rate.sample(1'000'000, 500);  // what was before nobody measured
  CHECK(rate.mean() == 0);
  for (int i = 1; i <= 16; ++i) rate.sample(1'000'000 + 20 * i, 500 + 10 * i);
  CHECK(rate.mean() == 2);
  for (int i = 1; i <= 8; ++i) rate.sample(1'000'320 + 40 * i, 660 + 10 * i);
  CHECK(rate.mean() == 3);
}

TEST_CASE("rates: a counter that began anew counts from 0") {
  Rate rate;
  rate.sample(100, 10);
  rate.sample(32, 20);
  CHECK(rate.mean() == 3.2 / 16);
}

TEST_CASE("rates: after a reset the first short while does not count as a period") {
  Rate rate;
  rate.sample(0, 10);
  rate.sample(1000, 20);
  rate.forget();
  CHECK(rate.mean() == 0);
  rate.sample(1001, 21);
  CHECK(rate.mean() == 0);
  rate.sample(1017, 31);
  CHECK(rate.mean() == 0.1);
}

}  // namespace introspection

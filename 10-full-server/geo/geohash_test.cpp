// SPDX-License-Identifier: MIT
//
// Geohashes against what Redis 7.2.6 answers, cells as ranges, and an area's cells against asking
// every place.
#include "10-full-server/geo/geohash.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "10-full-server/geo/search_area.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

namespace geo {

namespace {

Point anywhere(util::Random& random) {
  const auto part = [&] { return static_cast<double>(random.next() >> 11) / 9007199254740992.0; };
  return {part() * 2 * kMaxLongitude - kMaxLongitude, part() * 2 * kMaxLatitude - kMaxLatitude};
}

constexpr Point kPalermo = {13.361389, 38.115556};
constexpr Point kCatania = {15.087269, 37.502669};

}  // namespace

TEST_CASE("places have the scores, distances and names that Redis gives them") {
  CHECK(score_of(kPalermo) == 3479099956230698);
  CHECK(score_of(kCatania) == 3479447370796909);
  const Point palermo = point_of(3479099956230698), catania = point_of(3479447370796909);
  CHECK(palermo.longitude == 13.36138933897018433);
  CHECK(palermo.latitude == 38.11555639549629859);
  CHECK(std::llrint(distance(palermo, catania) * 10000) == 1662741516);
  const auto name = standard_geohash(palermo);
  CHECK(std::string(name.data(), name.size()) == "sqc8b49rny0");
}

TEST_CASE("the smallest cell's middle is less than a metre away") {
  util::Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const Point point = anywhere(random);
    const double score = score_of(point);
    REQUIRE(distance(point, point_of(score)) < 1);
    REQUIRE(score_of(point_of(score)) == score);
  }
}

TEST_CASE("a cell's places are one range of scores") {
  util::Random random(2);
  for (int i = 0; i < 20000; ++i) {
    const Point point = anywhere(random), other = anywhere(random);
    const int steps = 1 + static_cast<int>(random.below(kMaxSteps));
    const Cell cell = cell_of(point, steps);
    const Scores scores = scores_of(cell);
    REQUIRE((scores.min <= score_of(point) && score_of(point) < scores.max));
    const bool inside = scores.min <= score_of(other) && score_of(other) < scores.max;
    REQUIRE(inside == (cell_of(other, steps) == cell));
  }
}

TEST_CASE("neighbours lie around a cell, and around the world") {
  util::Random random(3);
  for (int i = 0; i < 5000; ++i) {
    const Cell cell = cell_of(anywhere(random), 2 + static_cast<int>(random.below(kMaxSteps - 1)));
    const Cell east = neighbour(cell, 1, 0), north = neighbour(cell, 0, 1);
    REQUIRE(neighbour(east, -1, 0) == cell);
    REQUIRE(neighbour(north, 0, -1) == cell);
    REQUIRE(neighbour(east, 0, 1) == neighbour(cell, 1, 1));
    const Interval here = area_of(cell).longitude, there = area_of(east).longitude;
    if (there.min > here.min) REQUIRE(there.min == Approx(here.max));
  }
  const Cell last = cell_of({180 - 1e-9, 0}, 5);
  CHECK(area_of(neighbour(last, 1, 0)).longitude.min == -180);
}

TEST_CASE("no place of an area lies outside its cells") {
  util::Random random(4);
  std::vector<Point> points;
  for (int i = 0; i < 3000; ++i) points.push_back(anywhere(random));
  size_t inside = 0;
  for (int i = 0; i < 600; ++i) {
    Shape shape = {.centre = anywhere(random)};
    // Where an area crosses the map's edge Redis does not look beyond it, and neither do we.
    shape.centre.longitude /= 3;
    shape.centre.latitude /= 1.5;
    const double size = std::pow(10, 4 + static_cast<double>(random.below(22)) / 10);
    if (random.below(2) == 0) {
      shape.radius = size;
    } else {
      shape.kind = Shape::Kind::Box;
      shape.width = size;
      shape.height = size / static_cast<double>(1 + random.below(4));
    }
    const auto cells = covering_cells(shape);
    for (const Point point : points) {
      const auto metres = shape.distance_if_inside(point);
      if (!metres) continue;
      ++inside;
      const double score = score_of(point);
      const bool covered = std::ranges::any_of(cells, [&](Cell cell) {
        if (cell.steps == 0) return false;
        const Scores scores = scores_of(cell);
        return scores.min <= score && score < scores.max;
      });
      REQUIRE(covered);
    }
  }
  CHECK(inside > 500);
}

TEST_CASE("any score is some place") {
  for (const double score : {-1.0, -1e300, 1e300, 0.5, 4503599627370496.0, 1e19}) {
    CHECK(is_on_map(point_of(score)));
  }
}

}  // namespace geo

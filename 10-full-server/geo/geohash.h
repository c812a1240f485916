// SPDX-License-Identifier: MIT
//
// Places on Earth as numbers whose order keeps neighbours together (Morton 1966; Niemeyer's geohash): both coordinates are
// halved `steps` times, and the bits of which half it was alternate, longitude first:
//
//        | 01 | 11 |        a cell of 1 step has 2 bits, of 26 steps 52: as many as a double holds exactly. All places of a
//   lat  |----+----|        cell are one range of 52-bit numbers, since they share their first bits.
//        | 00 | 10 |
//           long            Longitudes -180 … 180, latitudes ±85.05112878: what web maps show (EPSG:3857).
//
// Every figure is computed as Redis computes it, in the same order of operations, so that replies agree to the last digit.
// Pure functions.
#pragma once

#include <array>
#include <cstdint>

namespace geo {

inline constexpr double kMaxLongitude = 180;
inline constexpr double kMaxLatitude = 85.05112878;
inline constexpr int kMaxSteps = 26;

// In degrees.
struct Point {
  double longitude = 0;
  double latitude = 0;
};
inline bool is_on_map(Point point) {
  return point.longitude >= -kMaxLongitude && point.longitude <= kMaxLongitude &&
         point.latitude >= -kMaxLatitude && point.latitude <= kMaxLatitude;
}

struct Interval {
  double min;
  double max;
};
struct Area {
  Interval longitude;
  Interval latitude;
};

struct Cell {
  uint64_t bits = 0;
  int steps = 0;  // 0: none
  friend bool operator==(const Cell&, const Cell&) = default;
};

// REQUIRES: is_on_map(point), 1 <= steps <= kMaxSteps.
Cell cell_of(Point point, int steps);
Area area_of(Cell cell);
// So many cells to the east and to the north, around the world where it ends.
Cell neighbour(Cell cell, int east, int north);

// The numbers of the cell's places: min included, max not.
struct Scores {
  double min;
  double max;
};
Scores scores_of(Cell cell);

// A place as the score of a sorted set, and back: the middle of its smallest cell.
double score_of(Point point);
Point point_of(double score);

// The geohash that other programs know: 11 characters, the last always 0. Their latitudes reach from pole to pole.
std::array<char, 11> standard_geohash(Point point);

// Along a great circle, in metres (haversine; the Earth is a sphere here).
inline constexpr double kEarthRadius = 6372797.560856;
double distance(Point a, Point b);
double latitude_distance(double a, double b);

double radians(double degrees);
double degrees(double radians);

}  // namespace geo

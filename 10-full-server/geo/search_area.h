// SPDX-License-Identifier: MIT
//
// A circle or a box around a place, and the cells in which its places lie: the one with the centre and its neighbours, of a
// size that the nine cover it. Nine cells are nine ranges of scores.
//
//   +----+----+----+     Cells much larger than the area would hold too much that must be thrown away, cells smaller than
//   |  .-|----|-.  |     its radius would not reach its edge. A neighbour that the area does not touch is left out.
//   +-(--+----+--)-+
//   |  '-|----|-'  |
//   +----+----+----+
//
// Pure functions; a shape owns nothing.
#pragma once

#include <array>
#include <optional>

#include "10-full-server/geo/geohash.h"

namespace geo {

struct Shape {
  enum class Kind { Circle, Box };
  Kind kind = Kind::Circle;
  Point centre;
  double metres_per_unit = 1;
  double radius = 0;  // of a circle, in units
  double width = 0;   // of a box
  double height = 0;

  // The distance to the centre in metres; nothing: the point lies outside.
  std::optional<double> distance_if_inside(Point point) const;
  // From the centre to the farthest point, in metres.
  double reach() const;
};

// How often the map must be halved for cells of about the radius, in metres.
int steps_for(double radius, double latitude);
// The centre's cell, then north, south, east, west, and the corners between; with 0 steps where none is needed. On a small
// map neighbours may be the same.
std::array<Cell, 9> covering_cells(const Shape& shape);

}  // namespace geo

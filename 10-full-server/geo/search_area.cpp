// SPDX-License-Identifier: MIT
#include "10-full-server/geo/search_area.h"

#include <algorithm>
#include <cmath>

namespace geo {

namespace {

// Half of the map's width in metres, at the equator.
constexpr double kHalfMap = 20037726.37;

// A rectangle of degrees around the shape. Where the meridians come closer to each other it is wider: its widest side counts
// in the north, the one towards the equator in the south.
Area bounds_of(const Shape& shape) {
  const bool circle = shape.kind == Shape::Kind::Circle;
  const double height = shape.metres_per_unit * (circle ? shape.radius : shape.height / 2);
  const double width = shape.metres_per_unit * (circle ? shape.radius : shape.width / 2);
  const Point centre = shape.centre;
  const double latitudes = degrees(height / kEarthRadius);
  const double edge =
      centre.latitude < 0 ? centre.latitude - latitudes : centre.latitude + latitudes;
  const double longitudes = degrees(width / kEarthRadius / std::cos(radians(edge)));
  return {{centre.longitude - longitudes, centre.longitude + longitudes},
          {centre.latitude - latitudes, centre.latitude + latitudes}};
}

// Whether the cell and those beside it reach as far as the bounds.
bool neighbours_cover(Cell cell, const Area& bounds) {
  return area_of(neighbour(cell, 0, 1)).latitude.max >= bounds.latitude.max &&
         area_of(neighbour(cell, 0, -1)).latitude.min <= bounds.latitude.min &&
         area_of(neighbour(cell, 1, 0)).longitude.max >= bounds.longitude.max &&
         area_of(neighbour(cell, -1, 0)).longitude.min <= bounds.longitude.min;
}

struct Direction {
  int east;
  int north;
};
constexpr Direction kDirections[9] = {{0, 0}, {0, 1},  {0, -1}, {1, 0},  {-1, 0},
                                      {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};

// The cell itself reaches beyond the bounds there. (With a single step every cell is another's neighbour.)
bool is_needless(Direction direction, const Area& cell, const Area& bounds) {
  return (direction.north < 0 && cell.latitude.min < bounds.latitude.min) ||
         (direction.north > 0 && cell.latitude.max > bounds.latitude.max) ||
         (direction.east < 0 && cell.longitude.min < bounds.longitude.min) ||
         (direction.east > 0 && cell.longitude.max > bounds.longitude.max);
}

}  // namespace

std::optional<double> Shape::distance_if_inside(Point point) const {
  if (kind == Kind::Circle) {
    const double metres = distance(centre, point);
    if (metres > radius * metres_per_unit) return {};
    return metres;
  }
  if (latitude_distance(point.latitude, centre.latitude) > height * metres_per_unit / 2) return {};
  const Point same_latitude = {centre.longitude, point.latitude};
  if (distance(point, same_latitude) > width * metres_per_unit / 2) return {};
  return distance(centre, point);
}

double Shape::reach() const {
  if (kind == Kind::Circle) return radius * metres_per_unit;
  return std::sqrt((width / 2) * (width / 2) + (height / 2) * (height / 2)) * metres_per_unit;
}

int steps_for(double radius, double latitude) {
  if (radius == 0) return kMaxSteps;
  int steps = 1;
  for (; radius < kHalfMap; radius *= 2) ++steps;
  steps -= 2;  // cells twice as large, so that nearly every area fits
  const double from_equator = std::fabs(latitude);
  if (from_equator > 66) --steps;  // … and larger where meridians are close to each other
  if (from_equator > 80) --steps;
  return std::clamp(steps, 1, kMaxSteps);
}

std::array<Cell, 9> covering_cells(const Shape& shape) {
  const Area bounds = bounds_of(shape);
  int steps = steps_for(shape.reach(), shape.centre.latitude);
  Cell cell = cell_of(shape.centre, steps);
  if (steps > 1 && !neighbours_cover(cell, bounds)) cell = cell_of(shape.centre, --steps);
  const Area area = area_of(cell);
  std::array<Cell, 9> cells;
  for (size_t i = 0; i < cells.size(); ++i) {
    const Direction direction = kDirections[i];
    if (steps >= 2 && is_needless(direction, area, bounds)) continue;
    cells[i] = neighbour(cell, direction.east, direction.north);
  }
  return cells;
}

}  // namespace geo

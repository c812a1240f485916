// SPDX-License-Identifier: MIT
#include "10-full-server/geo/geohash.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace geo {

namespace {

constexpr Interval kLongitudes = {-kMaxLongitude, kMaxLongitude};
constexpr Interval kLatitudes = {-kMaxLatitude, kMaxLatitude};

// Groups of `width` bits, every other one set: 0101…, 00110011…, …
constexpr uint64_t every_other(int width) { return ~uint64_t{0} / ((uint64_t{1} << width) + 1); }

// Bit n moves to bit 2n: in each round the upper half of every group moves away from the lower.
uint64_t spread(uint32_t value) {
  uint64_t bits = value;
  for (int width = 16; width > 0; width /= 2) bits = (bits | bits << width) & every_other(width);
  return bits;
}

// Bit 2n moves to bit n.
uint32_t gather(uint64_t bits) {
  bits &= every_other(1);
  for (int width = 1; width <= 16; width *= 2)
    bits = (bits | bits >> width) & every_other(2 * width);
  return static_cast<uint32_t>(bits);
}

// Which of the 2^steps parts of the interval it is.
uint32_t part_of(double value, Interval interval, int steps) {
  const double offset = (value - interval.min) / (interval.max - interval.min);
  return static_cast<uint32_t>(offset * static_cast<double>(uint64_t{1} << steps));
}

Interval interval_of(uint32_t part, Interval whole, int steps) {
  const double parts = static_cast<double>(uint64_t{1} << steps);
  const double scale = whole.max - whole.min;
  return {whole.min + part / parts * scale, whole.min + (part + 1) / parts * scale};
}

uint64_t interleave(uint32_t longitude, uint32_t latitude) {
  return spread(latitude) | spread(longitude) << 1;
}

constexpr int kScoreBits = 2 * kMaxSteps;

// Any score of a sorted set: those that no place gave are converted as the machine does it.
uint64_t bits_of(double score) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (score >= -kTwoTo63 && score < kTwoTo63)
    return static_cast<uint64_t>(static_cast<int64_t>(score));
  if (score >= kTwoTo63 && score < 2 * kTwoTo63) return static_cast<uint64_t>(score);
  return score > 0 ? 0 : uint64_t{1} << 63;
}

}  // namespace

double radians(double degrees) { return degrees * (M_PI / 180.0); }
double degrees(double radians) { return radians / (M_PI / 180.0); }

Cell cell_of(Point point, int steps) {
  return {interleave(part_of(point.longitude, kLongitudes, steps),
                     part_of(point.latitude, kLatitudes, steps)),
          steps};
}

Area area_of(Cell cell) {
  return {interval_of(gather(cell.bits >> 1), kLongitudes, cell.steps),
          interval_of(gather(cell.bits), kLatitudes, cell.steps)};
}

// The edge in the east, at 180 degrees, is a part of its own, one behind the last; who moves from there is on the map again.
static uint32_t moved(uint32_t part, int by, int steps) {
  if (by == 0) return part;
  return (part + static_cast<uint32_t>(by)) & ((uint32_t{1} << steps) - 1);
}

Cell neighbour(Cell cell, int east, int north) {
  return {interleave(moved(gather(cell.bits >> 1), east, cell.steps),
                     moved(gather(cell.bits), north, cell.steps)),
          cell.steps};
}

Scores scores_of(Cell cell) {
  const int shift = kScoreBits - 2 * cell.steps;
  return {static_cast<double>(cell.bits << shift), static_cast<double>((cell.bits + 1) << shift)};
}

double score_of(Point point) { return static_cast<double>(cell_of(point, kMaxSteps).bits); }

Point point_of(double score) {
  const Area area = area_of({bits_of(score), kMaxSteps});
  const double longitude = (area.longitude.min + area.longitude.max) / 2;
  const double latitude = (area.latitude.min + area.latitude.max) / 2;
  return {std::clamp(longitude, -kMaxLongitude, kMaxLongitude),
          std::clamp(latitude, -kMaxLatitude, kMaxLatitude)};
}

std::array<char, 11> standard_geohash(Point point) {
  constexpr std::string_view kAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz";
  constexpr int kBitsPerCharacter = 5;
  const uint64_t bits = interleave(part_of(point.longitude, {-180, 180}, kMaxSteps),
                                   part_of(point.latitude, {-90, 90}, kMaxSteps));
  std::array<char, 11> text;
  text.fill(kAlphabet[0]);
  for (int i = 0; i < 10; ++i) {  // 50 bits; the eleventh would need 55
    text[static_cast<size_t>(i)] =
        kAlphabet[bits >> (kScoreBits - (i + 1) * kBitsPerCharacter) & 31];
  }
  return text;
}

double latitude_distance(double a, double b) {
  return kEarthRadius * std::fabs(radians(b) - radians(a));
}

double distance(Point a, Point b) {
  const double v = std::sin((radians(b.longitude) - radians(a.longitude)) / 2);
  if (v == 0) return latitude_distance(a.latitude, b.latitude);
  const double from = radians(a.latitude), to = radians(b.latitude);
  const double u = std::sin((to - from) / 2);
  const double square = u * u + std::cos(from) * std::cos(to) * v * v;
  return 2.0 * kEarthRadius * std::asin(std::sqrt(square));
}

}  // namespace geo

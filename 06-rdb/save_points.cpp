// SPDX-License-Identifier: MIT
#include "06-rdb/save_points.h"

#include <fmt/format.h>

#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace rdb {

using util::Failure;
using util::Result;

static Result<std::vector<SavePoint>> parse(std::string_view text) {
  std::vector<SavePoint> points;
  const auto words = util::split_words(text);
  if (!words || words->size() % 2 != 0) {
    // `save ""` comes as one empty word.
    if (words && words->size() == 1 && words->front().empty()) return points;
    return Failure{"Invalid save parameters"};
  }
  for (size_t i = 0; i < words->size(); i += 2) {
    const auto seconds = util::parse_int64((*words)[i]);
    const auto changes = util::parse_int64((*words)[i + 1]);
    if (!seconds || !changes || *seconds < 1 || *changes < 0)
      return Failure{"Invalid save parameters"};
    points.push_back({*seconds, *changes});
  }
  return points;
}

Result<> SavePoints::set(std::string_view text) {
  auto points = parse(text);
  if (!points) return Failure{points.error()};
  points_ = std::move(points.value());
  return {};
}

Result<> SavePoints::add(std::string_view text) {
  const auto points = parse(text);
  if (!points) return Failure{points.error()};
  if (points.value().empty()) points_.clear();
  points_.insert(points_.end(), points.value().begin(), points.value().end());
  return {};
}

std::optional<SavePoint> SavePoints::due(int64_t changes, int64_t seconds) const {
  for (const SavePoint& point : points_) {
    if (changes >= point.changes && seconds > point.seconds) return point;
  }
  return std::nullopt;
}

std::string SavePoints::text() const {
  std::string text;
  for (const SavePoint& point : points_) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", point.seconds, point.changes);
  }
  return text;
}

std::vector<std::string> SavePoints::lines() const {
  if (points_.empty()) return {"save \"\""};
  std::vector<std::string> lines;
  for (const SavePoint& point : points_)
    lines.push_back(fmt::format("save {} {}", point.seconds, point.changes));
  return lines;
}

}  // namespace rdb

// SPDX-License-Identifier: MIT
// GEOSEARCH, GEOSEARCHSTORE and GEORADIUS[BYMEMBER][_RO]: at most nine ranges of scores (geo/search_area.h), and of what lies
// in them that which lies in the area.
#include <algorithm>
#include <span>
#include <vector>

#include "10-full-server/commands/geo_handlers.h"
#include "10-full-server/commands/geo_search_options.h"
#include "10-full-server/commands/packed_reply.h"
#include "10-full-server/commands/sorted_set_commands.h"

namespace full_server::geos {

using command::Context;
using types::PackedValue;
using types::SortedSet;

namespace {

struct Found {
  PackedValue member;
  geo::Point point;
  double distance;  // metres
  double score;
};

}  // namespace

// The places of one cell. At most `most` in `found`; 0: all.
static void search_cell(const SortedSet& set, geo::Cell cell, const geo::Shape& shape, size_t most,
                        std::vector<Found>& found) {
  const geo::Scores scores = scores_of(cell);
  const types::RankRange ranks =
      set.ranks_of(types::ScoreRange{scores.min, scores.max, false, true});
  if (ranks.empty()) return;
  auto cursor = set.at(ranks.begin);
  for (size_t left = ranks.size(); left > 0; --left, cursor.next()) {
    const double score = cursor.score();
    const geo::Point point = geo::point_of(score);
    const auto distance = shape.distance_if_inside(point);
    if (distance) found.push_back({cursor.member(), point, *distance, score});
    if (most > 0 && found.size() >= most) return;
  }
}

static std::vector<Found> search_all(const SortedSet& set, const SearchOptions& options) {
  const size_t most = options.any ? static_cast<size_t>(options.count) : 0;
  std::vector<Found> found;
  geo::Cell last;
  for (const geo::Cell cell : covering_cells(options.shape)) {
    if (cell.steps == 0 || cell == last) continue;  // neighbours are the same where cells are huge
    if (most > 0 && found.size() >= most) break;
    search_cell(set, cell, options.shape, most, found);
    last = cell;
  }
  return found;
}

// Keeps as many as were asked for, in the order that was asked for. Of those that are equally far, who was found first
// comes first.
static void sort_found(const SearchOptions& options, std::vector<Found>& found) {
  using Order = SearchOptions::Order;
  const auto count = static_cast<size_t>(options.count);
  // A count alone means the nearest ones.
  const bool nearest = options.order == Order::None && count != 0 && !options.any;
  const Order order = nearest ? Order::Nearest : options.order;
  if (order != Order::None) {
    std::stable_sort(found.begin(), found.end(), [order](const Found& a, const Found& b) {
      return order == Order::Nearest ? a.distance < b.distance : b.distance < a.distance;
    });
  }
  if (count != 0 && found.size() > count) {
    found.erase(found.begin() + static_cast<ptrdiff_t>(count), found.end());
  }
}

static void reply_found(Context& c, const SearchOptions& options, std::span<const Found> found) {
  const size_t extras = options.extras();
  c.reply().array(found.size());
  for (const Found& each : found) {
    if (extras > 0) c.reply().array(1 + extras);
    reply_packed(c, each.member);
    if (options.with_distance) reply_distance(c, each.distance / options.shape.metres_per_unit);
    if (options.with_hash) c.reply().integer(static_cast<int64_t>(each.score));
    if (options.with_coordinates) reply_point(c, each.point);
  }
}

static SortedSet as_sorted_set(Context& c, const SearchOptions& options,
                               std::span<const Found> found) {
  std::vector<SortedSet::Element> elements;
  elements.reserve(found.size());
  for (const Found& each : found) {
    PackedValue::Scratch digits;
    std::string_view text = each.member.text(digits);
    if (each.member.is_number()) text = c.scratch().copy(text);
    elements.push_back({text, options.store_distance ? each.distance / options.shape.metres_per_unit
                                                     : each.score});
  }
  SortedSet result;
  result.build_unsorted(elements);
  return result;
}

static void search(Context& c, SearchForm form, MayStore may_store) {
  const auto set = c.view<SortedSet>(c.arg(form == SearchForm::SearchStore ? 2 : 1));
  if (!set) return;
  const auto options = read_search_options(c, form, may_store, set);
  if (!options) return;
  std::vector<Found> found;
  if (set.exists()) found = search_all(*set, *options);
  sort_found(*options, found);
  if (!options->store) return reply_found(c, *options, found);
  const bool searches = form == SearchForm::SearchStore;
  store_sorted_set(c, *options->store, as_sorted_set(c, *options, found),
                   searches ? "geosearchstore" : "georadiusstore");
}

void georadius(Context& c) { search(c, SearchForm::Radius, MayStore::Yes); }
void georadius_ro(Context& c) { search(c, SearchForm::Radius, MayStore::No); }
void georadiusbymember(Context& c) { search(c, SearchForm::RadiusByMember, MayStore::Yes); }
void georadiusbymember_ro(Context& c) { search(c, SearchForm::RadiusByMember, MayStore::No); }
void geosearch(Context& c) { search(c, SearchForm::Search, MayStore::No); }
void geosearchstore(Context& c) { search(c, SearchForm::SearchStore, MayStore::Yes); }

}  // namespace full_server::geos

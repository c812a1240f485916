// SPDX-License-Identifier: MIT
// Geo: GEOADD, GEODIST, GEOHASH, GEOPOS; rows of all geo commands. Places are members of a sorted
// set whose scores are 52-bit geohashes (geo/geohash.h); there is no type of its own.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/geo_handlers.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"

namespace full_server {

using command::ArgReader;
using command::Context;
using keyspace::Event;
using types::SortedSet;
namespace errors = util::errors;

namespace geos {

util::Error formatted_error(Context& c, std::string_view text) { return {c.scratch().copy(text)}; }

geo::Point read_point(Context& c, ArgReader& reader) {
  geo::Point point;
  point.longitude = reader.number();
  point.latitude = reader.number();
  if (reader.ok() && !is_on_map(point)) {
    char text[2 * 320 + 64];
    const int length = std::snprintf(text, sizeof text, "ERR invalid longitude,latitude pair %f,%f",
                                     point.longitude, point.latitude);
    reader.fail(formatted_error(c, {text, static_cast<size_t>(length)}));
  }
  return point;
}

double read_unit(ArgReader& reader) {
  if (reader.take("m")) return 1;
  if (reader.take("km")) return 1000;
  if (reader.take("ft")) return 0.3048;
  if (reader.take("mi")) return 1609.34;
  reader.fail({"ERR unsupported unit provided. please use M, KM, FT, MI"});
  return 1;
}

void reply_distance(Context& c, double distance) {
  constexpr int64_t kScale = 10000;
  const int64_t scaled = std::llrint(distance * kScale);
  char text[32];
  const int length =
      std::snprintf(text, sizeof text, "%lld.%04lld", static_cast<long long>(scaled / kScale),
                    static_cast<long long>(scaled % kScale));
  c.reply().bulk({text, static_cast<size_t>(length)});
}

static void reply_coordinate(Context& c, double degrees) {
  const std::string digits = util::format_long_double(degrees);
  if (c.reply().protocol() < 3) return c.reply().bulk(digits);
  c.reply().output().append(",");
  c.reply().output().append(digits);
  c.reply().output().append("\r\n");
}

void reply_point(Context& c, geo::Point point) {
  c.reply().array(2);
  reply_coordinate(c, point.longitude);
  reply_coordinate(c, point.latitude);
}

}  // namespace geos

namespace {

struct AddOptions {
  bool only_new = false;
  bool only_existing = false;
  bool count_changes = false;
  size_t first = 2;  // the argument where places begin
};

struct Place {
  std::string_view member;
  double score;
};

}  // namespace

static AddOptions read_add_options(Context& c) {
  AddOptions options;
  ArgReader reader = c.reader(2);
  for (;; options.first = reader.position()) {
    if (reader.take("nx")) {
      options.only_new = true;
    } else if (reader.take("xx")) {
      options.only_existing = true;
    } else if (reader.take("ch")) {
      options.count_changes = true;
    } else {
      return options;
    }
  }
}

// Passed on as the ZADD that it is.
static void pass_on(Context& c, const AddOptions& options, std::span<const Place> places) {
  std::vector<std::string_view> words = {"zadd", c.arg(1)};
  for (const std::string_view option : c.args(2).first(options.first - 2)) words.push_back(option);
  for (const Place& place : places) {
    char digits[util::kMaxInt64Digits];
    const size_t length = util::format_int64(static_cast<int64_t>(place.score), digits);
    words.push_back(c.scratch().copy({digits, length}));
    words.push_back(place.member);
  }
  c.propagate().as(words);
}

static void add_places(Context& c, const AddOptions& options, std::span<const Place> places) {
  auto set = c.edit<SortedSet>(c.arg(1));
  if (!set) return;
  if (!set.exists() && options.only_existing) return c.reply().integer(0);
  set->prepare(places.size(), places[0].member.size());
  int64_t added = 0, moved = 0;
  for (const Place& place : places) {
    const SortedSet::Spot spot = set.read().find(place.member);
    if (!spot && !options.only_existing) {
      set->insert(spot, place.member, place.score);
      ++added;
    } else if (spot && !options.only_new && spot.score() != place.score) {
      set->rescore(spot, place.member, place.score);
      ++moved;
    }
  }
  set.changed(Event::SortedSet, "zadd", added + moved);
  if (added + moved > 0) pass_on(c, options, places);
  c.reply().integer(options.count_changes ? added + moved : added);
}

// GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member …]
static void geoadd(Context& c) {
  const AddOptions options = read_add_options(c);
  const size_t words = c.argc() - options.first;
  if (words == 0 || words % 3 != 0 || (options.only_new && options.only_existing))
    return c.fail(errors::kSyntax);
  std::vector<Place> places;
  places.reserve(words / 3);
  ArgReader reader = c.reader(options.first);
  while (reader.more()) {
    const geo::Point point = geos::read_point(c, reader);
    if (!reader.ok()) return c.fail(reader.error());
    places.push_back({reader.next(), geo::score_of(point)});
  }
  add_places(c, options, places);
}

static void geodist(Context& c) {
  if (c.argc() > 5) return c.fail(errors::kSyntax);
  ArgReader reader = c.reader(4);
  const double unit = c.argc() == 5 ? geos::read_unit(reader) : 1;
  if (!reader.ok()) return c.fail(reader.error());
  const auto set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  const auto first = set->score_of(c.arg(2)), second = set->score_of(c.arg(3));
  if (!first || !second) return c.reply().null();
  geos::reply_distance(c, distance(geo::point_of(*first), geo::point_of(*second)) / unit);
}

static void geohash(Context& c) {
  const auto set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  c.reply().array(c.argc() - 2);
  for (const std::string_view member : c.args(2)) {
    const auto score = set->score_of(member);
    if (!score) {
      c.reply().null();
      continue;
    }
    const auto text = geo::standard_geohash(geo::point_of(*score));
    c.reply().bulk({text.data(), text.size()});
  }
}

static void geopos(Context& c) {
  const auto set = c.view<SortedSet>(c.arg(1));
  if (!set) return;
  c.reply().array(c.argc() - 2);
  for (const std::string_view member : c.args(2)) {
    const auto score = set->score_of(member);
    score ? geos::reply_point(c, geo::point_of(*score)) : c.reply().null_array();
  }
}

static std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr auto& kUpdated = kKeys<kKeyRW | kKeyUpdate>;
  static constexpr KeySpec kSource = {.flags = kKeyRO | kKeyAccess, .index = 1};
  static constexpr KeyFlags kTarget = kKeyOW | kKeyUpdate;
  static constexpr KeySpec kRadius[] = {kSource,
                                        {.flags = kTarget, .index = 6, .keyword = "STORE"},
                                        {.flags = kTarget, .index = 6, .keyword = "STOREDIST"}};
  static constexpr KeySpec kByMember[] = {kSource,
                                          {.flags = kTarget, .index = 5, .keyword = "STORE"},
                                          {.flags = kTarget, .index = 5, .keyword = "STOREDIST"}};
  static constexpr KeySpec kStored[] = {{.flags = kTarget, .index = 1},
                                        {.flags = kKeyRO | kKeyAccess, .index = 2}};
  constexpr Flags kStores = kWrite | kDenyOom;
  static constexpr CommandRow kRows[] = {
      {"geoadd", -5, kStores, kUpdated, kAclGeo, geoadd},
      {"geodist", -4, kReadOnly, kRead, kAclGeo, geodist},
      {"geohash", -2, kReadOnly, kRead, kAclGeo, geohash},
      {"geopos", -2, kReadOnly, kRead, kAclGeo, geopos},
      {"georadius", -6, kStores | kMovableKeys, kRadius, kAclGeo, geos::georadius},
      {"georadius_ro", -6, kReadOnly, kRead, kAclGeo, geos::georadius_ro},
      {"georadiusbymember", -5, kStores | kMovableKeys, kByMember, kAclGeo,
       geos::georadiusbymember},
      {"georadiusbymember_ro", -5, kReadOnly, kRead, kAclGeo, geos::georadiusbymember_ro},
      {"geosearch", -7, kReadOnly, kRead, kAclGeo, geos::geosearch},
      {"geosearchstore", -8, kStores, kStored, kAclGeo, geos::geosearchstore},
  };
  return kRows;
}

void compose_geo(server::Server& server) { server.add_commands(rows()); }

}  // namespace full_server

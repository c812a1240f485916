// SPDX-License-Identifier: MIT
#include "10-full-server/commands/geo_search_options.h"

#include <string>

#include "10-full-server/commands/geo_handlers.h"

namespace full_server::geos {

using command::ArgReader;
using command::Context;
using types::SortedSet;

namespace {

class OptionParser {
 public:
  OptionParser(Context& c, SearchForm form, MayStore may_store,
               const keyspace::View<SortedSet>& set)
      : c_(c),
        set_(set),
        in_(c.reader(first_argument(form))),
        searches_(form == SearchForm::Search || form == SearchForm::SearchStore),
        form_(form),
        may_store_(may_store == MayStore::Yes) {}

  std::optional<SearchOptions> parse() {
    if (form_ == SearchForm::SearchStore) options_.store = c_.arg(1);
    if (!searches_) read_leading();
    while (in_.more()) {
      if (!take_output_option() && !take_target() && !take_centre() && !take_shape())
        in_.fail(util::errors::kSyntax);
    }
    if (in_.ok()) check_together();
    if (in_.ok()) return options_;
    c_.fail(in_.error());
    return std::nullopt;
  }

 private:
  static size_t first_argument(SearchForm form) { return form == SearchForm::SearchStore ? 3 : 2; }

  // GEORADIUS' centre and radius. Of a missing set the member's words are skipped, whatever they are.
  void read_leading() {
    if (form_ == SearchForm::Radius) {
      options_.shape.centre = read_point(c_, in_);
    } else {
      const std::string_view member = in_.next();
      if (!set_.exists()) {
        in_ = c_.reader(5);
        return;
      }
      read_member(member);
    }
    read_radius();
  }

  void read_member(std::string_view member) {
    const auto score = set_->score_of(member);
    if (!score) return in_.fail({"ERR could not decode requested zset member"});
    options_.shape.centre = geo::point_of(*score);
  }

  void read_radius() {
    geo::Shape& shape = options_.shape;
    shape.kind = geo::Shape::Kind::Circle;
    shape.radius = in_.number({"ERR need numeric radius"});
    if (shape.radius < 0) in_.fail({"ERR radius cannot be negative"});
    shape.metres_per_unit = read_unit(in_);
  }

  void read_box() {
    geo::Shape& shape = options_.shape;
    shape.kind = geo::Shape::Kind::Box;
    shape.width = in_.number({"ERR need numeric width"});
    shape.height = in_.number({"ERR need numeric height"});
    if (shape.width < 0 || shape.height < 0) in_.fail({"ERR height or width cannot be negative"});
    shape.metres_per_unit = read_unit(in_);
  }

  bool take_output_option() {
    if (in_.take("withdist")) return options_.with_distance = true;
    if (in_.take("withhash")) return options_.with_hash = true;
    if (in_.take("withcoord")) return options_.with_coordinates = true;
    if (in_.take("any")) return options_.any = true;
    const bool nearest = in_.take("asc");
    if (nearest || in_.take("desc")) {
      options_.order = nearest ? SearchOptions::Order::Nearest : SearchOptions::Order::Farthest;
      return true;
    }
    if (!in_.take_with("count", 1)) return false;
    options_.count = in_.integer();
    if (options_.count <= 0) in_.fail({"ERR COUNT must be > 0"});
    return true;
  }

  bool take_target() {
    if (form_ == SearchForm::SearchStore) {
      return in_.take("storedist") && (options_.store_distance = true);
    }
    if (searches_ || !may_store_) return false;
    const bool distance = in_.take_with("storedist", 1);
    if (!distance && !in_.take_with("store", 1)) return false;
    options_.store = in_.next();
    options_.store_distance = distance;
    return true;
  }

  bool take_centre() {
    if (!searches_) return false;
    if (!from_point_ && in_.take_with("frommember", 1)) {
      const std::string_view member = in_.next();
      if (set_.exists()) read_member(member);
      return from_member_ = true;
    }
    if (from_member_ || !in_.take_with("fromlonlat", 2)) return false;
    options_.shape.centre = read_point(c_, in_);
    return from_point_ = true;
  }

  bool take_shape() {
    if (!searches_) return false;
    if (!by_box_ && in_.take_with("byradius", 2)) {
      read_radius();
      return by_radius_ = true;
    }
    if (by_radius_ || !in_.take_with("bybox", 3)) return false;
    read_box();
    return by_box_ = true;
  }

  // What no option alone can tell.
  void check_together() {
    const bool store_search = form_ == SearchForm::SearchStore;
    if (options_.store && options_.extras() > 0) {
      return in_.fail({store_search ? "ERR GEOSEARCHSTORE is not compatible with WITHDIST, "
                                      "WITHHASH and WITHCOORD options"
                                    : "ERR STORE option in GEORADIUS is not compatible with "
                                      "WITHDIST, WITHHASH and WITHCOORD "
                                      "options"});
    }
    const std::string command(c_.arg(0));
    if (searches_ && !from_member_ && !from_point_) {
      in_.fail(formatted_error(
          c_, "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + command));
    }
    if (searches_ && !by_radius_ && !by_box_) {
      in_.fail(formatted_error(
          c_, "ERR exactly one of BYRADIUS and BYBOX can be specified for " + command));
    }
    if (options_.any && options_.count == 0)
      in_.fail({"ERR the ANY argument requires COUNT argument"});
  }

  Context& c_;
  const keyspace::View<SortedSet>& set_;
  ArgReader in_;
  bool searches_;
  SearchForm form_;
  bool may_store_;
  bool from_member_ = false;
  bool from_point_ = false;
  bool by_radius_ = false;
  bool by_box_ = false;
  SearchOptions options_;
};

}  // namespace

std::optional<SearchOptions> read_search_options(Context& c, SearchForm form, MayStore may_store,
                                                 const keyspace::View<SortedSet>& set) {
  return OptionParser(c, form, may_store, set).parse();
}

}  // namespace full_server::geos

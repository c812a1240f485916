// SPDX-License-Identifier: MIT
//
// The arguments of GEOSEARCH and its five relatives. Texts are referred to, not copied.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "10-full-server/geo/search_area.h"
#include "10-full-server/types/sorted_set.h"
#include "shared/command/context.h"

namespace full_server::geos {

enum class SearchForm { Radius, RadiusByMember, Search, SearchStore };
enum class MayStore : bool { No, Yes };

struct SearchOptions {
  geo::Shape shape;
  bool with_distance = false;
  bool with_hash = false;
  bool with_coordinates = false;
  enum class Order { None, Nearest, Farthest } order = Order::None;
  int64_t count = 0;  // 0: all
  bool any = false;   // the first `count` that are found
  std::optional<std::string_view> store;
  bool store_distance = false;

  // Elements of an answer's entry besides the member.
  size_t extras() const {
    return (with_distance ? 1U : 0U) + (with_hash ? 1U : 0U) + (with_coordinates ? 1U : 0U);
  }
};

// Nothing, and answered, when something is wrong. Of a missing set no member is asked.
std::optional<SearchOptions> read_search_options(command::Context& c, SearchForm form,
                                                 MayStore may_store,
                                                 const keyspace::View<types::SortedSet>& set);

}  // namespace full_server::geos

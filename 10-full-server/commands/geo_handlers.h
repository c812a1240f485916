// SPDX-License-Identifier: MIT
//
// What the files of the geo commands share: arguments, and the handlers of geo_search_commands.cpp.
#pragma once

#include <optional>

#include "10-full-server/geo/search_area.h"
#include "10-full-server/types/sorted_set.h"
#include "shared/command/context.h"

namespace full_server::geos {

// Longitude and latitude; a place that is not on the map fails the reader.
geo::Point read_point(command::Context& c, command::ArgReader& reader);
// m, km, ft, mi: in metres.
double read_unit(command::ArgReader& reader);
// The text outlives the command.
util::Error formatted_error(command::Context& c, std::string_view text);
// With four digits behind the point.
void reply_distance(command::Context& c, double distance);
void reply_point(command::Context& c, geo::Point point);

void georadius(command::Context& c);
void georadius_ro(command::Context& c);
void georadiusbymember(command::Context& c);
void georadiusbymember_ro(command::Context& c);
void geosearch(command::Context& c);
void geosearchstore(command::Context& c);

}  // namespace full_server::geos

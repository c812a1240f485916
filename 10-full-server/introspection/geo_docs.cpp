// SPDX-License-Identifier: MIT
// Documentation lines of geo commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr std::string_view kSearchCost =
    "O(N+log(M)) where N is the number of members in the cells around the area and M the size of "
    "the set";

static constexpr CommandDoc kDocs[] = {
    {"geoadd", "3.2.0", "geo", "O(log(N)) for each member, where N is the size of the set",
     "Adds members with their places to a sorted set, or moves them.",
     "key condition=[NX | XX] [CH] data=<longitude/double latitude/double member> "
     "[data=<longitude/double latitude/double member> ...]"},
    {"geodist", "3.2.0", "geo", "O(1)", "Tells the distance between two members.",
     "key member1 member2 unit=[M | KM | FT | MI]"},
    {"geohash", "3.2.0", "geo", "O(1) for each member",
     "Tells the places of members as standard geohashes.", "key [member [member ...]]"},
    {"geopos", "3.2.0", "geo", "O(1) for each member",
     "Tells the longitudes and latitudes of members.", "key [member [member ...]]"},
    {"georadius", "3.2.0", "geo", kSearchCost,
     "Finds the members within a distance of a place, and may store them.",
     "key longitude/double latitude/double radius/double unit=<M | KM | FT | MI> [WITHCOORD] "
     "[WITHDIST] "
     "[WITHHASH] [COUNT count [ANY]] order=[ASC | DESC] [STORE storekey/key | STOREDIST "
     "storedistkey/key]",
     "6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument"},
    {"georadius_ro", "3.2.10", "geo", kSearchCost,
     "Finds the members within a distance of a place.",
     "key longitude/double latitude/double radius/double unit=<M | KM | FT | MI> [WITHCOORD] "
     "[WITHDIST] "
     "[WITHHASH] [COUNT count [ANY]] order=[ASC | DESC]",
     "6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument"},
    {"georadiusbymember", "3.2.0", "geo", kSearchCost,
     "Finds the members within a distance of a member, and may store them.",
     "key member radius/double unit=<M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] "
     "[COUNT count [ANY]] order=[ASC | DESC] [STORE storekey/key | STOREDIST storedistkey/key]",
     "6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments"},
    {"georadiusbymember_ro", "3.2.10", "geo", kSearchCost,
     "Finds the members within a distance of a member.",
     "key member radius/double unit=<M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] "
     "[COUNT count [ANY]] order=[ASC | DESC]",
     "6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments"},
    {"geosearch", "6.2.0", "geo", kSearchCost, "Finds the members within a circle or a box.",
     "key from=<FROMMEMBER member | FROMLONLAT longitude/double latitude/double> "
     "by=<BYRADIUS radius/double unit=<M | KM | FT | MI> | BYBOX width/double height/double "
     "unit=<M | KM | FT | MI>> order=[ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] "
     "[WITHHASH]"},
    {"geosearchstore", "6.2.0", "geo", kSearchCost, "Stores the members within a circle or a box.",
     "destination source from=<FROMMEMBER member | FROMLONLAT longitude/double latitude/double> "
     "by=<BYRADIUS radius/double unit=<M | KM | FT | MI> | BYBOX width/double height/double "
     "unit=<M | KM | FT | MI>> order=[ASC | DESC] [COUNT count [ANY]] [STOREDIST]"},
};

std::span<const CommandDoc> geo_docs() { return kDocs; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
// Letters in, letters out.
#include "10-full-server/notifications/event_classes.h"

#include "shared/testing/catch.h"

namespace notifications {

TEST_CASE("event classes: read in any order, printed in Redis'") {
  const auto printed = [](std::string_view letters) {
    return EventClasses::parse(letters).value().text();
  };
  CHECK(printed("").empty());
  CHECK(printed("KEA") == "AKE");
  CHECK(printed("xe$K") == "$xeK");
  CHECK(printed("mnKE") == "nKEm");
  CHECK(printed("g$lshzxetd") == "A");
  CHECK(printed("Anm") == "Am");
  CHECK_FALSE(EventClasses::parse("KEq"));
  CHECK_FALSE(EventClasses::parse("k"));
}

TEST_CASE("event classes: A is everything but new and missed keys") {
  const EventClasses all = EventClasses::parse("AK").value();
  using keyspace::Event;
  for (const Event event : {Event::Generic, Event::String, Event::List, Event::Set, Event::Hash,
                            Event::SortedSet, Event::Expired, Event::Evicted, Event::Stream}) {
    CHECK(all.wants(event));
  }
  CHECK_FALSE(all.wants(Event::New));
  CHECK_FALSE(all.wants(Event::Miss));
  CHECK(all.to_keyspace());
  CHECK_FALSE(all.to_keyevent());
}

}  // namespace notifications

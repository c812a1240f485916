// SPDX-License-Identifier: MIT
#include "10-full-server/notifications/event_classes.h"

namespace notifications {

using keyspace::Event;

static constexpr uint32_t bit_of(Event event) { return static_cast<uint32_t>(event); }

// What A stands for, in the order of printing.
constexpr EventClasses::Letter EventClasses::kEvents[] = {
    {'g', bit_of(Event::Generic)}, {'$', bit_of(Event::String)},
    {'l', bit_of(Event::List)},    {'s', bit_of(Event::Set)},
    {'h', bit_of(Event::Hash)},    {'z', bit_of(Event::SortedSet)},
    {'x', bit_of(Event::Expired)}, {'e', bit_of(Event::Evicted)},
    {'t', bit_of(Event::Stream)},  {'d', kModule},
};
constexpr EventClasses::Letter EventClasses::kOthers[] = {
    {'n', bit_of(Event::New)}, {'K', kKeyspace}, {'E', kKeyevent}, {'m', bit_of(Event::Miss)}};

uint32_t EventClasses::all() {
  uint32_t bits = 0;
  for (const Letter& each : kEvents) bits |= each.bit;
  return bits;
}

std::optional<EventClasses> EventClasses::parse(std::string_view letters) {
  EventClasses classes;
  for (const char letter : letters) {
    uint32_t bits = letter == 'A' ? all() : 0;
    for (const Letter& each : kEvents) bits |= each.letter == letter ? each.bit : 0;
    for (const Letter& each : kOthers) bits |= each.letter == letter ? each.bit : 0;
    if (bits == 0) return {};
    classes.bits_ |= bits;
  }
  return classes;
}

std::string EventClasses::text() const {
  std::string text;
  const bool everything = (bits_ & all()) == all();
  if (everything) text = "A";
  for (const Letter& each : kEvents) {
    if (!everything && has(each.bit)) text += each.letter;
  }
  for (const Letter& each : kOthers) {
    // Redis leaves n out beside A.
    if (has(each.bit) && !(everything && each.letter == 'n')) text += each.letter;
  }
  return text;
}

}  // namespace notifications

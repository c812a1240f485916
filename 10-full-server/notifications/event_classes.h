// SPDX-License-Identifier: MIT
//
// The classes of notify-keyspace-events: a letter each. K and E say to which channels events go, the others which events.
// A value. Source: the Redis documentation on keyspace notifications.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/keyspace/change_sink.h"

namespace notifications {

class EventClasses {
 public:
  // Nothing: a letter that is no class.
  static std::optional<EventClasses> parse(std::string_view letters);
  // As Redis prints them: A for all (but the key misses, which nobody wants by accident), in an order of its own.
  std::string text() const;

  bool to_keyspace() const { return has(kKeyspace); }
  bool to_keyevent() const { return has(kKeyevent); }
  bool wants(keyspace::Event event) const { return has(static_cast<uint32_t>(event)); }

 private:
  struct Letter {
    char letter;
    uint32_t bit;
  };
  static constexpr uint32_t kModule = 1 << 11;
  static constexpr uint32_t kKeyspace = 1 << 12;
  static constexpr uint32_t kKeyevent = 1 << 13;
  static const Letter kEvents[];
  static const Letter kOthers[];
  static uint32_t all();
  bool has(uint32_t bit) const { return (bits_ & bit) != 0; }

  uint32_t bits_ = 0;
};

}  // namespace notifications

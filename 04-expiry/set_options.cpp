// SPDX-License-Identifier: MIT
#include "04-expiry/set_options.h"

#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace expiry {

namespace {

struct TimeOption {
  std::string_view name;
  Unit unit;
  From from;
};
constexpr TimeOption kTimeOptions[] = {{"ex", Unit::Seconds, From::Now},
                                       {"px", Unit::Milliseconds, From::Now},
                                       {"exat", Unit::Seconds, From::Epoch},
                                       {"pxat", Unit::Milliseconds, From::Epoch}};

const TimeOption* find_time_option(std::string_view word) {
  for (const TimeOption& option : kTimeOptions) {
    if (util::equal_ignoring_case(word, option.name)) return &option;
  }
  return nullptr;
}

}  // namespace

std::optional<SetOptions> parse_set_options(resp::Args options, SetOptions::For command) {
  SetOptions result;
  const bool set = command == SetOptions::For::Set;
  // [04.3a begin] every option once, none that contradicts another
  for (size_t i = 0; i < options.size(); ++i) {
    const auto is = [&](std::string_view name) { return util::equal_ignoring_case(options[i], name); };
    const bool no_time_yet = !result.time && !result.keep_ttl && !result.persist;
    if (set && is("nx") && !result.xx) {
      result.nx = true;
    } else if (set && is("xx") && !result.nx) {
      result.xx = true;
    } else if (set && is("get")) {
      result.get = true;
    } else if (set && is("keepttl") && !result.time) {
      result.keep_ttl = true;
    } else if (!set && is("persist") && !result.time) {
      result.persist = true;
    } else if (const TimeOption* option = find_time_option(options[i]);
               option != nullptr && no_time_yet && i + 1 < options.size()) {
      result.time = options[++i];
      result.unit = option->unit;
      result.from = option->from;
    } else {
      return std::nullopt;
    }
  }
  return result;
  // [04.3a end]
}

}  // namespace expiry

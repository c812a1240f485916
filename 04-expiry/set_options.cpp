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

// A time option is two words: `at` moves on to the second. False: a syntax error.
bool read_time_option(resp::Args options, size_t& at, SetOptions& into) {
  const TimeOption* option = find_time_option(options[at]);
  if (option == nullptr || at + 1 == options.size()) return false;
  // [04.3a begin] one kind of time, or none
  if (into.keep_ttl || into.persist) return false;
  if (into.time && (into.unit != option->unit || into.from != option->from)) return false;
  // [04.3a end]
  into.time = options[++at];
  into.unit = option->unit;
  into.from = option->from;
  return true;
}

// The option at `at`; it stays there unless the option is one of time. False: a syntax error.
bool read_option(resp::Args options, size_t& at, bool set, SetOptions& into) {
  const auto is = [&](std::string_view name) { return util::equal_ignoring_case(options[at], name); };
  // [04.3b begin] known to this command, and in no contradiction to what was read before
  //stub: (void)is, (void)set, (void)read_time_option;
  //stub: todo("04.3");
  if (set && is("nx") && !into.xx) {
    into.nx = true;
  } else if (set && is("xx") && !into.nx) {
    into.xx = true;
  } else if (set && is("get")) {
    into.get = true;
  } else if (set && is("keepttl") && !into.time) {
    into.keep_ttl = true;
  } else if (!set && is("persist") && !into.time) {
    into.persist = true;
  } else {
    return read_time_option(options, at, into);
  }
  return true;
  // [04.3b end]
}

}  // namespace

std::optional<SetOptions> parse_set_options(resp::Args options, SetOptions::For command) {
  SetOptions result;
  for (size_t at = 0; at < options.size(); ++at) {
    if (!read_option(options, at, command == SetOptions::For::Set, result)) return std::nullopt;
  }
  return result;
}

}  // namespace expiry

// SPDX-License-Identifier: MIT
//
// SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL], and GETEX's subset. All of the options are
// read before any key is touched.
#pragma once

#include <optional>
#include <string_view>

#include "04-expiry/deadline.h"
#include "shared/resp/request_parser.h"

namespace expiry {

struct SetOptions {
  enum class For : uint8_t { Set, GetEx };

  bool nx = false;
  bool xx = false;
  bool get = false;
  bool keep_ttl = false;
  bool persist = false;                   // GETEX only
  std::optional<std::string_view> time;   // as given, not yet a number
  Unit unit = Unit::Seconds;
  From from = From::Now;
};

// Nothing when an option is unknown, contradicts another or lacks its value: a syntax error. One said twice is no
// contradiction; the last time counts.
std::optional<SetOptions> parse_set_options(resp::Args options, SetOptions::For command);

}  // namespace expiry

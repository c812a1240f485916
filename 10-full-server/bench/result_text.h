// SPDX-License-Identifier: MIT
// A result as one JSON object (for programs: every field always present, null where unknown;
// latencies in microseconds) and as a line for people.
#pragma once

#include <string>
#include <string_view>

#include "10-full-server/bench/options.h"

namespace bench {

[[nodiscard]] std::string to_json(const Options& options, const LoadResult& result);
[[nodiscard]] std::string to_line(const Options& options, const LoadResult& result);
[[nodiscard]] std::string json_string(std::string_view text);  // quoted; bytes past ASCII as \u00XX

}  // namespace bench

// SPDX-License-Identifier: MIT
//
// Redis' error texts, each in one place. The text begins with its code (ERR, WRONGTYPE, …), without the leading `-`.
// Source: the Redis 7.2 command reference and its server's answers.
#pragma once

#include <string_view>

namespace util {

struct Error {
  std::string_view text;
  friend constexpr bool operator==(const Error&, const Error&) = default;
};

namespace errors {

inline constexpr Error kSyntax{"ERR syntax error"};
inline constexpr Error kWrongType{"WRONGTYPE Operation against a key holding the wrong kind of value"};
inline constexpr Error kNotInteger{"ERR value is not an integer or out of range"};
inline constexpr Error kNotPositive{"ERR value is out of range, must be positive"};
inline constexpr Error kOutOfRange{"ERR value is out of range"};
inline constexpr Error kNotInt32{"ERR value is out of range, value must between -2147483648 and 2147483647"};
inline constexpr Error kNotFloat{"ERR value is not a valid float"};
inline constexpr Error kNanOrInfinity{"ERR increment would produce NaN or Infinity"};
inline constexpr Error kOverflow{"ERR increment or decrement would overflow"};
inline constexpr Error kDecrementOverflow{"ERR decrement would overflow"};
inline constexpr Error kNoSuchKey{"ERR no such key"};
inline constexpr Error kOffsetOutOfRange{"ERR offset is out of range"};
inline constexpr Error kIndexOutOfRange{"ERR index out of range"};
inline constexpr Error kStringTooLong{"ERR string exceeds maximum allowed size (proto-max-bulk-len)"};
inline constexpr Error kSameObject{"ERR source and destination objects are the same"};
inline constexpr Error kDbIndexOutOfRange{"ERR DB index is out of range"};
inline constexpr Error kInvalidDbIndex{"ERR invalid DB index"};
inline constexpr Error kInvalidCursor{"ERR invalid cursor"};
inline constexpr Error kNotAnInteger{"ERR value is not an integer"};
inline constexpr Error kNoProto{"NOPROTO unsupported protocol version"};
inline constexpr Error kReadOnly{"READONLY You can't write against a read only replica."};
inline constexpr Error kOutOfMemory{"OOM command not allowed when used memory > 'maxmemory'."};
inline constexpr Error kLoading{"LOADING Redis is loading the dataset in memory"};
inline constexpr Error kNoAuth{"NOAUTH Authentication required."};
inline constexpr Error kMaxClients{"ERR max number of clients reached"};

}  // namespace errors

}  // namespace util

// SPDX-License-Identifier: MIT
//
// An entry's id: Unix milliseconds and a sequence number within them, written 1700000000000-0. Ids order the stream; a
// new one is always greater than all before. Plain values; any thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/util/numbers.h"

namespace types {

struct StreamId {
  uint64_t ms = 0;
  uint64_t seq = 0;

  friend constexpr auto operator<=>(const StreamId&, const StreamId&) = default;
  constexpr bool is_zero() const { return (ms | seq) == 0; }
  // The neighbours; nothing behind the last id and before the first.
  std::optional<StreamId> next() const;
  std::optional<StreamId> previous() const;

  // 16 bytes, big endian, so that bytes compare as ids do: what Redis' files hold.
  static constexpr size_t kBytes = 16;
  void write(char* out) const;
  static StreamId read(const char* bytes);
};

inline constexpr StreamId kFirstStreamId{};
inline constexpr StreamId kLastStreamId{UINT64_MAX, UINT64_MAX};

// "ms-seq" (or with another separator); lives as long as its object.
class StreamIdText {
 public:
  explicit StreamIdText(StreamId id, char separator = '-');
  std::string_view view() const { return {digits_, length_}; }
  operator std::string_view() const { return view(); }  // NOLINT: it is a text

 private:
  char digits_[2 * util::kMaxInt64Digits + 1];
  size_t length_;
};

// "ms-seq", or "ms" alone with `missing_seq` behind it. Nothing: it is no id. Numbers are read as strtoull() reads them.
std::optional<StreamId> parse_stream_id(std::string_view text, uint64_t missing_seq);
// … and "-" and "+", the first and the last id there can be.
std::optional<StreamId> parse_stream_bound(std::string_view text, uint64_t missing_seq);

// The id that XADD was given.
struct NewStreamId {
  StreamId id;
  bool any_sequence = false;  // "ms-*": the stream chooses the sequence number
};
std::optional<NewStreamId> parse_new_stream_id(std::string_view text);

}  // namespace types

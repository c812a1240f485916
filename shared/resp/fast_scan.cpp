// SPDX-License-Identifier: MIT
#include "shared/resp/fast_scan.h"

namespace resp {

namespace {

// Reads `mark` d[d] \r\n; returns the number, or -1. Advances `at`. A leading zero is left to the
// parser's judgement.
inline int short_number(const char*& at, const char* end, char mark) {
  if (end - at < 5 || at[0] != mark) return -1;
  const unsigned first = static_cast<unsigned>(at[1] - '0');
  if (first > 9) return -1;
  if (at[2] == '\r') {
    if (at[3] != '\n') return -1;
    at += 4;
    return static_cast<int>(first);
  }
  const unsigned second = static_cast<unsigned>(at[2] - '0');
  if (second > 9 || first == 0 || at[3] != '\r' || at[4] != '\n') return -1;
  at += 5;
  return static_cast<int>(first * 10 + second);
}

}  // namespace

size_t fast_scan(std::string_view input, std::vector<std::string_view>& arguments) {
  const char* at = input.data();
  const char* const end = at + input.size();
  const int count = short_number(at, end, '*');
  if (count <= 0) return 0;
  const size_t before = arguments.size();
  for (int i = 0; i < count; ++i) {
    const int length = short_number(at, end, '$');
    if (length < 0 || end - at < length + 2) {
      arguments.resize(before);
      return 0;
    }
    arguments.emplace_back(at, static_cast<size_t>(length));
    at += length + 2;
  }
  return static_cast<size_t>(at - input.data());
}

}  // namespace resp

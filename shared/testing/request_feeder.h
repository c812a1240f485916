// SPDX-License-Identifier: MIT
//
// Stands in for a connection in the parser's tests and fuzzer: passes each piece as one read, keeps
// what the parser asks to keep, receives large arguments in their window, and writes down every
// request. The kept bytes move to a fresh allocation for each read, so that a view into the old one
// is found by the sanitizers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/resp/request_parser.h"

namespace testing {

using Requests = std::vector<std::vector<std::string>>;

class RequestFeeder {
 public:
  explicit RequestFeeder(const resp::ParserLimits& limits = default_limits(),
                         std::size_t batch_size = SIZE_MAX)
      : parser_(limits), batch_size_(batch_size) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty() && error_.empty()) {
      const std::span<char> window = parser_.large_window();
      const std::size_t count =
          window.empty() ? bytes.size() : std::min(window.size(), bytes.size());
      if (window.empty()) {
        std::vector<char> longer;
        longer.reserve(kept_.size() + count);
        longer.insert(longer.end(), kept_.begin(), kept_.end());
        longer.insert(longer.end(), bytes.begin(), bytes.end());
        kept_.swap(longer);
      } else {
        std::memcpy(window.data(), bytes.data(), count);
        parser_.large_filled(count);
        ++window_reads_;
      }
      bytes.remove_prefix(count);
      if (parser_.large_window().empty()) parse();
    }
  }

  const Requests& requests() const { return requests_; }
  const std::string& error() const { return error_; }  // as it stands in the reply; "" without one
  std::size_t window_reads() const { return window_reads_; }
  resp::RequestParser& parser() { return parser_; }
  std::size_t kept() const { return kept_.size(); }

  static const resp::ParserLimits& default_limits() {
    static const resp::ParserLimits limits;
    return limits;
  }

 private:
  void parse() {
    resp::RequestParser::Status status{};
    do {
      batch_.clear();
      status = parser_.parse({kept_.data(), kept_.size()}, batch_, batch_size_);
      std::size_t end = 0;
      for (std::size_t i = 0; i < batch_.size(); ++i) {
        requests_.emplace_back(batch_.args(i).begin(), batch_.args(i).end());
        end = batch_[i].end;
      }
      if (status == resp::RequestParser::Status::Error) {
        error_ = parser_.error();
        return;
      }
      kept_ = std::vector<char>(kept_.begin() + static_cast<std::ptrdiff_t>(end),
                                kept_.begin() + static_cast<std::ptrdiff_t>(parser_.keep_end()));
    } while (status == resp::RequestParser::Status::BatchFull);
  }

  resp::RequestParser parser_;
  std::size_t batch_size_;
  resp::Batch batch_;
  std::vector<char> kept_;
  Requests requests_;
  std::string error_;
  std::size_t window_reads_ = 0;
};

// A request as clients send it.
inline std::string encode(const std::vector<std::string>& arguments) {
  std::string bytes = "*" + std::to_string(arguments.size()) + "\r\n";
  for (const std::string& argument : arguments) {
    bytes += "$" + std::to_string(argument.size()) + "\r\n" + argument + "\r\n";
  }
  return bytes;
}

}  // namespace testing

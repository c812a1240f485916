// SPDX-License-Identifier: MIT
//
// A value or a sentence that says why there is none; for borders where failure is ordinary (files,
// sockets, configuration). Inside the server errors are answered where they are found.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace util {

struct Failure {
  std::string message;
};

template <class T = std::monostate>
class [[nodiscard]] Result {
 public:
  Result() requires std::is_same_v<T, std::monostate>
  = default;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  Result(Failure failure)
      : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const std::string& error() const { return std::get<1>(state_).message; }

 private:
  std::variant<T, Failure> state_;
};

}  // namespace util

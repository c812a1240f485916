// SPDX-License-Identifier: MIT
//
// Reads a command's options from left to right and latches the first error, so that a handler reads everything first and
// asks once. After an error every read gives a harmless value.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "shared/resp/request_parser.h"
#include "shared/util/error.h"

namespace command {

class ArgReader {
 public:
  ArgReader(resp::Args args, size_t from) : args_(args), at_(from) {}

  bool more() const { return ok() && at_ < args_.size(); }
  size_t left() const { return args_.size() - at_; }
  size_t position() const { return at_; }

  // Takes the next argument when it is this word, in any case.
  bool take(std::string_view word);
  // … and when `values` more follow it; otherwise leaves it, and the caller ends in a syntax error.
  bool take_with(std::string_view word, size_t values);
  std::string_view next();
  int64_t integer(util::Error error = util::errors::kNotInteger);
  int64_t integer_between(int64_t low, int64_t high, util::Error error);
  double number(util::Error error = util::errors::kNotFloat);

  void fail(util::Error error) {
    if (ok()) error_ = error;
  }
  bool ok() const { return error_.text.empty(); }
  util::Error error() const { return error_; }

 private:
  resp::Args args_;
  size_t at_;
  util::Error error_{};
};

}  // namespace command

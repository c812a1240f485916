// SPDX-License-Identifier: MIT
//
// The snapshot as a master sends it, in any pieces:
//
//   \n \n … $<length>\r\n<length bytes>                 from a file: the length is known
//   \n \n … $EOF:<40 bytes>\r\n<bytes><the same 40>     from a socket of its child: the end is known when it comes
//
// Newlines before it say "still saving". A state that resumes; knows neither sockets nor files.
// Whoever feeds it owns it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/util/function_ref.h"

namespace replication {

class PayloadReceiver {
 public:
  enum class Status : uint8_t { More, Done, Failed };
  static constexpr size_t kMarkLength = 40;

  // Takes what belongs to the snapshot from the front of `bytes`, in pieces, and leaves the rest:
  // after Done it is the stream's beginning. The snapshot's bytes go to `sink`. Failed: error()
  // says why.
  Status feed(std::string_view& bytes, util::FunctionRef<void(std::string_view)> sink);

  // Only what stands before the snapshot; Done when that is over.
  Status begin(std::string_view& bytes) {
    return started() ? Status::Done : read_header(bytes);
  }

  const std::string& error() const { return error_; }
  bool started() const { return body_ != Body::None; }
  bool length_known() const { return body_ != Body::UntilMark; }
  uint64_t total() const { return total_; }        // 0 while unknown
  uint64_t received() const { return received_; }  // bytes of the snapshot so far

 private:
  enum class Body : uint8_t { None, Counted, UntilMark };
  Status read_header(std::string_view& bytes);
  Status read_until_mark(std::string_view& bytes, util::FunctionRef<void(std::string_view)> sink);
  Status fail(std::string message);

  Body body_ = Body::None;
  std::string line_;  // the header as far as it has come
  std::string mark_;
  std::string last_;  // the last bytes, at most 40: they may be the mark
  uint64_t total_ = 0;
  uint64_t received_ = 0;
  std::string error_;
};

}  // namespace replication

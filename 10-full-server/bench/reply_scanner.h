// SPDX-License-Identifier: MIT
// Counts the replies in a stream of RESP2 or RESP3 without building them: a header line is looked
// at, a bulk's body is skipped. Errors and nils are counted at any depth (a nil inside MGET's array
// is a miss as well); pushed messages are not replies and are passed over. Streamed RESP3 lengths
// (`$?`), which Redis never sends, are malformed here. May stop and resume at any byte. One scanner
// per connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

class ReplyScanner {
 public:
  // With `raw_reply_size`, the stream is no RESP at all: every so many bytes are one reply (stage
  // 01).
  explicit ReplyScanner(std::size_t raw_reply_size = 0) : raw_reply_size_(raw_reply_size) {}

  // How many replies `bytes` completes; nullopt when the bytes are not RESP (then the scanner is
  // spent).
  [[nodiscard]] std::optional<std::size_t> feed(std::string_view bytes);

  [[nodiscard]] std::uint64_t errors() const { return errors_; }
  [[nodiscard]] std::uint64_t nils() const { return nils_; }
  // The first error's line without its '-', cut at 256 bytes; empty when there was none.
  [[nodiscard]] const std::string& first_error() const { return first_error_; }

 private:
  std::size_t feed_raw(std::size_t size);
  bool take_line(std::string_view line);  // without CRLF; false: malformed
  bool take_length(char type, std::string_view digits);
  void note_error(std::string_view text);
  void element_done();

  std::size_t raw_reply_size_;
  std::string line_;               // the start of a header line that a read has cut
  std::uint64_t body_left_ = 0;    // bytes of the current bulk still to skip, its CRLF included
  std::uint64_t outstanding_ = 0;  // elements that the current reply still needs; 0 between replies
  bool push_ = false;              // the current top-level element is a pushed message
  std::size_t completed_ = 0;      // replies completed in this feed
  std::uint64_t errors_ = 0;
  std::uint64_t nils_ = 0;
  std::string first_error_;
};

}  // namespace bench

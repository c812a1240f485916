// SPDX-License-Identifier: MIT
//
// Requests out of a byte stream: RESP arrays of bulk strings, and inline commands. The parser is a
// state that resumes: it stops anywhere, remembers what it knows of the unfinished request as
// offsets (the bytes may move before the next read), and never looks at a byte of it twice — bytes
// examined ≤ 2 × input.
//
//   *2\r\n$3\r\nGET\r\n$4\r\nname\r\n         an array:  count, then count × (length, bytes)
//   GET name\r\n                              inline:    words, "quotes" as in redis-cli
//
// Nothing is reserved for what is only promised: `$536870912` costs nothing until the bytes arrive.
// Owned by a connection; one thread. Source: the RESP specification; error texts and their order
// from Redis 7.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "shared/resp/large_argument.h"
#include "shared/util/arena.h"
#include "shared/util/blob.h"

namespace resp {

using Args = std::span<const std::string_view>;

// What one call of parse() found. It belongs to the thread and is used again and again, so that it
// stops allocating.
class Batch {
 public:
  struct Request {
    size_t first_argument;
    size_t argument_count;
    size_t end;  // offset behind the request's last byte in the input of parse()
  };

  void clear();
  size_t size() const { return requests_.size(); }
  const Request& operator[](size_t index) const { return requests_[index]; }
  // Valid until the input moves or the batch is cleared.
  Args args(size_t index) const {
    const Request& request = requests_[index];
    return Args(arguments_).subspan(request.first_argument, request.argument_count);
  }
  // The argument's bytes as a blob of their own, when they were received alone; empty otherwise.
  util::Blob take(std::string_view argument);

 private:
  friend class RequestParser;
  std::vector<std::string_view> arguments_;
  std::vector<Request> requests_;
  std::vector<util::Blob> large_;  // keeps large arguments alive until the batch is cleared
  util::Arena unescaped_;          // inline words that had quotes
};

// The first two are at least 99: the fast path takes shorter requests without asking.
struct ParserLimits {
  int64_t max_bulk_length = 512 * 1024 * 1024;  // proto-max-bulk-len
  int64_t max_multibulk_count = INT32_MAX;
  size_t max_line_length = 64 * 1024;  // of a length or inline line
  bool authenticated = true;           // strangers get 10 arguments of 16 KB
};

class RequestParser {
 public:
  enum class Status {
    NeedInput,  // everything complete is in the batch
    BatchFull,  // max_requests were reached; more may be complete
    Error       // error() says what; requests before it are in the batch. The connection is to be
                // closed.
  };

  explicit RequestParser(const ParserLimits& limits) : limits_(&limits) {}
  void set_limits(const ParserLimits& limits) { limits_ = &limits; }  // for what is parsed from now on

  // Appends requests of `input` to `batch`. `input` begins with the first byte that no earlier call
  // has reported as the end of a request: at the unfinished request, when there is one. Behind the
  // last request, the caller keeps the bytes up to keep_end() for the next call; what lay behind
  // them was moved into a large argument.
  Status parse(std::string_view input, Batch& batch, size_t max_requests = SIZE_MAX);

  // Forgets the unfinished request: for a caller who will pass its bytes again from the start.
  void reset();

  // "Protocol error: invalid bulk length", without a prefix.
  std::string_view error() const { return error_; }

  bool unfinished() const { return unfinished_ != nullptr; }
  size_t keep_end() const { return keep_end_; }

  // The rest of a large argument is to be read straight into this window, when it is not empty;
  // tell with large_filled() how much came, and then, when the window is empty, call parse() with
  // the bytes kept so far.
  std::span<char> large_window();
  void large_filled(size_t count);

  // Bytes of the large argument that is being received, so far.
  size_t large_received() const { return unfinished_ ? unfinished_->filling.filled_size() : 0; }
  std::string_view large_text() const {
    return unfinished_ ? unfinished_->filling.text() : std::string_view{};
  }
  // Of the bytes kept for the unfinished request: those before its unfinished argument or line.
  size_t settled() const { return unfinished_ ? unfinished_->position : 0; }
  size_t argument_bytes() const;  // of its complete arguments
  size_t memory_size() const;     // bytes held for the unfinished request
  uint64_t bytes_examined() const { return examined_; }

 private:
  static constexpr int64_t kUnknown = -1;

  // An argument of the unfinished request: bytes at an offset from its start, or (large arguments)
  // at an address that does not move.
  struct Slice {
    size_t offset;
    size_t length;
    const char* fixed;
  };

  // What is known of a request whose end has not arrived; exists only while there is one.
  struct Unfinished {
    size_t position = 0;  // next byte to look at, from the start of the request
    size_t searched = 0;  // bytes behind position in which no line end was found
    int64_t remaining =
        kUnknown;  // arguments still to come; kUnknown: the header line is not complete
    int64_t bulk_length =
        kUnknown;  // of the next argument; kUnknown: its length line is not complete
    std::vector<Slice> arguments;
    std::vector<util::Blob> large;
    LargeArgument filling;
  };

  enum class Step { Complete, Incomplete, Failed };

  void resume();
  void suspend(Batch& batch);
  void keep_large(Batch& batch);
  void restore_arguments(Batch& batch);
  Slice to_slice(std::string_view argument) const;
  std::string_view to_view(const Slice& slice) const;
  Step parse_one(Batch& batch);
  Step parse_inline(Batch& batch);
  bool split_words(std::string_view line, Batch& batch);
  Step parse_array(Batch& batch);
  Step parse_header();
  Step parse_bulk_length();
  Step parse_bulk(Batch& batch);
  Step bulk_incomplete(size_t length);
  Step finish_large_argument(Batch& batch);
  Step find_line(char end, std::string_view too_long, std::string_view& line);
  static bool read_length(std::string_view digits, int64_t lowest, int64_t highest,
                          int64_t& length);
  Step fail(std::string_view message);
  Step fail_not_bulk(char found);
  void begin_request(size_t start, const Batch& batch);

  const ParserLimits* limits_;
  std::unique_ptr<Unfinished> unfinished_;
  uint64_t examined_ = 0;

  // Of the request being parsed; meaningful only inside parse(). Written back by suspend().
  std::string_view input_;
  size_t start_ = 0;     // where the request begins in input_
  size_t position_ = 0;  // next byte to look at, in input_
  size_t searched_ = 0;  // this and the next two: as in Unfinished
  int64_t remaining_ = kUnknown;
  int64_t bulk_length_ = kUnknown;
  size_t first_argument_ = 0;
  size_t first_large_ = 0;
  size_t keep_end_ = 0;
  std::string_view error_;
  char error_text_[64];
};

}  // namespace resp

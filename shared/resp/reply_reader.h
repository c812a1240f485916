// SPDX-License-Identifier: MIT
//
// Reads RESP2 and RESP3 replies from a stream of bytes that may be cut anywhere.
//
//   reader.feed(bytes_from_the_socket);
//   while (reader.next(reply) == ReadStatus::Ready) use(reply);
//
// Resumes where it stopped and never scans a byte twice for a line end. Memory follows what has
// arrived, never what a length promises. After an error the reader stays in that error: a RESP
// stream can't be resynchronised. One reader belongs to one connection and one thread. The opposite
// direction is resp/request_parser.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace resp {

enum class ReplyType : std::uint8_t {
  Simple,     // +OK
  Error,      // -ERR text
  Integer,    // :5
  Bulk,       // $3 abc
  NullBulk,   // $-1
  Array,      // *2 …
  NullArray,  // *-1
  Null,       // _
  Double,     // ,1.5
  Boolean,    // #t
  BigNumber,  // (123
  BlobError,  // !11 ERR trouble
  Verbatim,   // =8 txt:text
  Map,        // %1 key value
  Set,        // ~2 …
  Push,       // >2 …
};

struct Reply {
  ReplyType type = ReplyType::Null;
  std::string
      text;  // the payload of text-like types; the digits as sent of Integer, Double, BigNumber
  std::string format;             // Verbatim only: the three letters before the colon
  std::int64_t integer = 0;       // Integer; 0 or 1 of Boolean
  double number = 0;              // Double
  std::vector<Reply> elements;    // Array, Set, Push; Map: key, value, key, value …
  std::vector<Reply> attributes;  // pairs of the attribute (|) that preceded this reply, if any

  [[nodiscard]] bool is_null() const {
    return type == ReplyType::Null || type == ReplyType::NullBulk || type == ReplyType::NullArray;
  }
  [[nodiscard]] bool is_error() const {
    return type == ReplyType::Error || type == ReplyType::BlobError;
  }
  [[nodiscard]] bool is_aggregate() const {
    return type == ReplyType::Array || type == ReplyType::Map || type == ReplyType::Set ||
           type == ReplyType::Push;
  }
};

struct ReplyLimits {
  std::size_t depth = 128;                        // nested aggregates
  std::size_t line_bytes = 1U << 20;              // a line without its CRLF
  std::size_t bulk_bytes = std::size_t{1} << 29;  // 512 MB, Redis' proto-max-bulk-len
  std::size_t elements = std::size_t{1} << 26;    // all nodes of one reply together
};

enum class ReadStatus : std::uint8_t { NeedMore, Ready, Error };

class ReplyReader {
 public:
  explicit ReplyReader(ReplyLimits limits = {}) : limits_(limits) {}

  void feed(std::string_view bytes);

  // Moves one whole reply into `out`. NeedMore and Error leave `out` alone.
  [[nodiscard]] ReadStatus next(Reply& out);

  // Why next() said Error, with the byte that was wrong; empty without an error.
  [[nodiscard]] const std::string& error() const { return error_; }

  // Bytes of the stream that belong to replies handed out (and skipped bytes).
  [[nodiscard]] std::uint64_t bytes_consumed() const { return consumed_; }

  // Bytes fed and not yet handed out: a started reply, or what follows the last one.
  [[nodiscard]] std::string_view unread() const;

  // The bytes of the reply handed out last, as they came. Valid until feed() or skip().
  [[nodiscard]] std::string_view last_reply() const;

  // Drops the first n bytes of unread() together with any half-read reply. REQUIRES: n <=
  // unread().size().
  void skip(std::size_t n);

 private:
  struct Frame {  // an aggregate whose elements are still arriving
    Reply reply;
    std::uint64_t missing;
    bool attribute;
  };
  enum class Step : std::uint8_t { Value, Opened, More, Bad };

  bool take_line(std::string_view& line);
  Step read_value(Reply& value);
  Step read_line_value(char type, std::string_view line, Reply& value);
  Step read_bulk_header(char type, std::string_view line, Reply& value);
  Step read_bulk_body(Reply& value);
  Step open_aggregate(char type, std::string_view line, Reply& value);
  bool close_frames(Reply& value);
  Step fail(std::string_view what, std::string_view seen);
  void compact();

  ReplyLimits limits_;
  std::string buffer_;
  std::size_t last_ = 0;     // where the reply handed out last began
  std::size_t start_ = 0;    // where the reply being read begins
  std::size_t at_ = 0;       // the first byte not yet interpreted
  std::size_t scanned_ = 0;  // a line end was looked for up to here
  std::uint64_t consumed_ = 0;
  std::size_t nodes_ = 0;
  bool in_bulk_ = false;
  char bulk_type_ = '$';
  std::size_t bulk_bytes_ = 0;
  std::vector<Frame> stack_;
  std::vector<Reply> attributes_;  // wait for the reply they describe
  std::string error_;
};

}  // namespace resp

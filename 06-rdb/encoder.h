// SPDX-License-Identifier: MIT
//
// Writes what RDB files are made of: lengths, strings, fixed numbers (grammar: rdb_format.h).
// Gathers bytes and hands them to a sink in large pieces, counting them and summing their CRC-64.
// The first failure of the sink stays; what is written after it is thrown away, so that only the
// end needs to ask. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/util/byte_buffer.h"
#include "shared/util/files.h"
#include "shared/util/result.h"

namespace rdb {

// Where encoded bytes go. The view is valid during the call only.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual util::Result<> write(std::string_view bytes) = 0;
};

class FileSink final : public Sink {
 public:
  explicit FileSink(util::File& file) : file_(file) {}
  util::Result<> write(std::string_view bytes) override { return util::write_all(file_, bytes); }

 private:
  util::File& file_;
};

class Encoder {
 public:
  struct Options {
    bool compress = true;  // strings, with LZF, when that makes them shorter
    bool checksum = true;
  };

  // Without a sink all bytes stay in the buffer (view()).
  explicit Encoder(Sink* sink, Options options) : sink_(sink), options_(options) {}
  Encoder(const Encoder&) = delete;

  void byte(uint8_t value) { buffer_.push_back(static_cast<char>(value)); }
  void raw(std::string_view bytes);
  void length(uint64_t value);
  void fixed64(uint64_t value);  // 8 bytes, little endian
  // In the shortest form that Redis would choose: number, compressed, plain.
  void string(std::string_view text);
  void integer_string(int64_t value);

  // The sum of everything up to here; 0 when no checksum is wanted.
  uint64_t checksum();
  util::Result<> flush();
  const util::Result<>& status() const { return status_; }
  uint64_t size() const {
    return written_ + buffer_.size();
  }  // bytes, with those that wait in the buffer
  std::string_view view() const { return buffer_.view(); }  // REQUIRES: no sink

 private:
  bool small_integer(int64_t value);
  bool packed_string(std::string_view text);
  void plain_string(std::string_view text);
  void little_endian(uint64_t value, size_t bytes);
  void big_endian(uint64_t value, size_t bytes);
  void sum();
  void flush_when_full() {
    if (buffer_.size() >= kFlushAt && sink_ != nullptr) (void)flush();
  }

  static constexpr size_t kFlushAt = 256 * 1024;
  static constexpr size_t kKeep =
      4 * kFlushAt;  // a larger buffer was needed once, and is given back

  Sink* sink_;
  Options options_;
  util::ByteBuffer buffer_;
  size_t summed_ = 0;  // bytes of the buffer that crc_ covers
  uint64_t crc_ = 0;
  uint64_t written_ = 0;
  util::Result<> status_;
};

}  // namespace rdb

// SPDX-License-Identifier: MIT
//
// Reads what RDB files are made of (grammar: rdb_format.h) from a source, in large pieces, and
// knows at which byte it is. Damage is found here: the first failure stays, with the offset where
// the unreadable thing begins; from then on every read gives nothing, so that callers may ask for
// ok() once behind several reads. Memory grows with the bytes that have arrived, never with a
// length that is only promised. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "shared/util/byte_buffer.h"
#include "shared/util/files.h"
#include "shared/util/result.h"

namespace rdb {

class Source {
 public:
  virtual ~Source() = default;
  virtual util::Result<size_t> read(std::span<char> into) = 0;  // 0 at the end
};

class FileSource final : public Source {
 public:
  explicit FileSource(util::File& file) : file_(file) {}
  util::Result<size_t> read(std::span<char> into) override { return file_.read(into); }

 private:
  util::File& file_;
};

class Decoder {
 public:
  explicit Decoder(Source& source, bool checksum = true)
      : source_(&source), checksum_wanted_(checksum) {}
  // Bytes that are all here; they outlive the decoder.
  explicit Decoder(std::string_view bytes);
  Decoder(const Decoder&) = delete;

  uint8_t byte();
  uint64_t fixed(size_t bytes);  // little endian, at most 8
  // `count` bytes; empty when there are fewer. Valid until the next read.
  std::string_view raw(uint64_t count);
  uint64_t length();
  // Whatever its form. Valid until the next read.
  std::string_view string();

  uint64_t offset() const { return base_ + at_; }  // of the next byte
  uint64_t checksum();                             // of everything read so far

  bool ok() const { return failure_.empty(); }
  // "… at byte 1234". Empty while ok().
  const std::string& failure() const { return failure_; }
  // Something is wrong with what began at `offset`.
  void fail(std::string_view reason, uint64_t offset);
  void fail(std::string_view reason) { fail(reason, offset()); }

 private:
  bool have(size_t count) { return size_ - at_ >= count || fill(count); }
  bool fill(size_t count);
  uint64_t length_of(uint8_t first);
  uint64_t big_endian(size_t bytes);
  std::string_view integer_text(int64_t value);
  std::string_view unpacked();
  std::string_view long_raw(uint64_t count);
  void sum();
  // Empty again; what one large string needed is given back.
  static void reuse(util::ByteBuffer& buffer) {
    if (buffer.capacity() > 4 * kPiece) return buffer.release();
    buffer.clear();
  }

  static constexpr size_t kPiece = 256 * 1024;
  static constexpr size_t kMostPerByte = 100;  // LZF makes at most 264 bytes of 3

  Source* source_ = nullptr;
  bool checksum_wanted_ = true;
  util::ByteBuffer buffer_;
  const char* data_ = nullptr;  // the buffer's bytes, or the caller's
  size_t size_ = 0;
  size_t at_ = 0;
  size_t summed_ = 0;
  uint64_t base_ = 0;  // offset of data_[0]
  uint64_t crc_ = 0;
  util::ByteBuffer text_;      // a string that does not lie in the buffer as it is
  util::ByteBuffer unpacked_;  // … and one that was compressed
  std::string failure_;
};

}  // namespace rdb

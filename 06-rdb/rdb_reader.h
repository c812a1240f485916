// SPDX-License-Identifier: MIT
//
// Reads an RDB file into databases, a record at a time, so that its owner may stop anywhere and go
// on later. A record is added whole or not at all; the first thing that cannot be right ends the
// reading with the reason and the byte. What was added before then stays in the databases: whoever
// reads a file that may be damaged reads into databases that nobody uses yet (loader.h). One
// thread.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "06-rdb/decoder.h"
#include "06-rdb/value_codec.h"
#include "shared/keyspace/databases.h"

namespace rdb {

struct ReadOptions {
  bool checksum = true;  // verify it, when the file has one
  // Keys whose deadline lies before `now` are dropped. A replica keeps them: its master says when
  // they go; so does the base of a log, whose commands expect them.
  bool drop_expired = true;
  keyspace::UnixMs now = 0;
  uint32_t clock = 0;  // eviction clock of new entries
};

class RdbReader {
 public:
  struct Counts {
    uint64_t loaded = 0;
    uint64_t expired = 0;
    uint64_t empty = 0;  // empty collections, which cannot be and are left out
  };
  using AuxListener = std::function<void(std::string_view name, std::string_view value)>;
  using ExpiredListener = std::function<void(int db, std::string_view key)>;
  using LogLine = std::function<void(std::string_view)>;

  // Deadlines mean nothing in `into` from now on: they are read, not obeyed.
  RdbReader(Decoder& in, const CodecTable& codecs, keyspace::Databases& into, ReadOptions options)
      : in_(in), codecs_(codecs), into_(into), options_(options) {
    into_.environment().set_expiry(keyspace::ExpiryMode::Ignore);
  }
  ~RdbReader();
  RdbReader(const RdbReader&) = delete;

  void on_aux(AuxListener listener) { on_aux_ = std::move(listener); }
  void on_expired(ExpiredListener listener) { on_expired_ = std::move(listener); }
  void on_notice(LogLine log) { notice_ = std::move(log); }

  // Reads some records, at most `records`. True: there is more. False: the file is read to its end
  // and sound, or failed.
  bool read_some(size_t records);
  bool failed() const { return !in_.ok(); }
  const std::string& failure() const { return in_.failure(); }
  const Counts& counts() const { return counts_; }
  int version() const { return version_; }

 private:
  // Entries on their way into the table. A bucket is seldom where the CPU has it: it is asked for
  // when the entry comes, and the entry stored when so many others have come behind it.
  struct Waiting {
    keyspace::Entry* entry = nullptr;
    uint64_t record = 0;
  };
  static constexpr size_t kAhead = 16;
  void store(Waiting& waiting);

  void read_magic();
  bool read_record();
  bool read_attribute(uint8_t code);
  void read_entry(uint8_t type_byte);
  void add(keyspace::Entry* entry);
  void store_waiting();
  void select();
  void read_aux();
  void skip_function();
  void verify_checksum();
  void notice(std::string_view text) {
    if (notice_) notice_(text);
  }

  Decoder& in_;
  const CodecTable& codecs_;
  keyspace::Databases& into_;
  ReadOptions options_;
  AuxListener on_aux_;
  ExpiredListener on_expired_;
  LogLine notice_;
  Counts counts_;
  int version_ = 0;
  int db_ = 0;
  uint64_t record_ = 0;  // offset of the record being read
  keyspace::UnixMs deadline_ = keyspace::kNever;
  util::ByteBuffer key_;
  std::array<Waiting, kAhead> waiting_;
  size_t added_ = 0;
};

}  // namespace rdb

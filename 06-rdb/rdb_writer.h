// SPDX-License-Identifier: MIT
//
// Writes a whole data set as an RDB file to any sink: a file, a replica's socket. Reads the
// keyspace and changes nothing in it, so that a child process may do it beside the parent: no entry
// is touched, nothing is allocated per key.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "06-rdb/encoder.h"
#include "06-rdb/value_codec.h"
#include "shared/keyspace/databases.h"

namespace rdb {

struct AuxField {
  std::string name;
  std::string value;
};

struct WriteOptions {
  int version = 10;
  Encoder::Options encoder = {};
  std::vector<AuxField> aux = {};
  int64_t pause_us = 0;  // behind each entry
  std::function<void()> behind_entry = {};
};

class RdbWriter {
 public:
  RdbWriter(Encoder& out, const CodecTable& codecs, int version, int64_t pause_us = 0,
            std::function<void()> behind_entry = {})
      : out_(out),
        codecs_(codecs),
        version_(version),
        pause_us_(pause_us),
        behind_entry_(std::move(behind_entry)) {}

  void header(const std::vector<AuxField>& aux);
  void database(const keyspace::Keyspace& keys);  // nothing when it is empty
  void entry(const keyspace::Entry& entry);
  // The end and the checksum; flushes. The result of everything.
  util::Result<> finish();

 private:
  void entry_and_pause(const keyspace::Entry& each);

  Encoder& out_;
  const CodecTable& codecs_;
  int version_;
  int64_t pause_us_;
  std::function<void()> behind_entry_;
};

// All of it; the number of bytes.
util::Result<uint64_t> write_rdb(Sink& sink, keyspace::Databases& databases,
                                 const CodecTable& codecs, const WriteOptions& options);

}  // namespace rdb

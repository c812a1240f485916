// SPDX-License-Identifier: MIT
#include "06-rdb/rdb_writer.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "06-rdb/rdb_format.h"
#include "shared/util/todo.h"

namespace rdb {

using keyspace::Entry;
using util::Failure;

// Entries lie anywhere in memory: each is asked for so many entries before its turn.
constexpr size_t kAhead = 16;

void RdbWriter::header(const std::vector<AuxField>& aux) {
  out_.raw(fmt::format("REDIS{:04}", version_));
  for (const AuxField& field : aux) {
    out_.byte(opcode::kAux);
    out_.string(field.name);
    out_.string(field.value);
  }
}

void RdbWriter::entry(const Entry& entry) {
  const ValueCodec& codec = *codecs_.of(entry.type());
  // [06.2a begin] deadline if there is one, type, key, value
  //stub: (void)codec;  // TODO 06.2: no key is written
  if (entry.has_deadline()) {
    out_.byte(opcode::kExpireMs);
    out_.fixed64(static_cast<uint64_t>(entry.deadline()));
  }
  out_.byte(codec.type_byte(entry, version_));
  out_.string(entry.key());
  codec.save(out_, entry, version_);
  // [06.2a end]
}

void RdbWriter::entry_and_pause(const Entry& each) {
  entry(each);
  if (behind_entry_) behind_entry_();
  if (pause_us_ > 0) [[unlikely]]
    std::this_thread::sleep_for(std::chrono::microseconds(pause_us_));
}

void RdbWriter::database(const keyspace::Keyspace& keys) {
  if (keys.size() == 0) return;
  out_.byte(opcode::kSelectDb);
  out_.length(static_cast<uint64_t>(keys.index()));
  out_.byte(opcode::kResizeDb);
  out_.length(keys.size());
  out_.length(keys.volatile_count());
  const Entry* ahead[kAhead] = {};
  size_t count = 0;
  keys.for_each([&](Entry* next) {
    __builtin_prefetch(next);
    __builtin_prefetch(reinterpret_cast<const char*>(next) + 64);
    const Entry*& place = ahead[count++ % kAhead];
    if (place != nullptr) entry_and_pause(*place);
    place = next;
  });
  for (size_t i = 0; i < kAhead; ++i) {
    if (const Entry* last = ahead[count++ % kAhead]) entry_and_pause(*last);
  }
}

util::Result<> RdbWriter::finish() {
  out_.byte(opcode::kEnd);
  out_.fixed64(out_.checksum());
  return out_.flush();
}

util::Result<uint64_t> write_rdb(Sink& sink, keyspace::Databases& databases,
                                 const CodecTable& codecs, const WriteOptions& options) {
  Encoder out(&sink, options.encoder);
  RdbWriter writer(out, codecs, options.version, options.pause_us, options.behind_entry);
  writer.header(options.aux);
  for (int i = 0; i < databases.count() && out.status(); ++i) writer.database(databases[i]);
  if (const auto done = writer.finish(); !done) return Failure{done.error()};
  return out.size();
}

}  // namespace rdb

// SPDX-License-Identifier: MIT
//
// libFuzzer target of the RDB reader. Any bytes are read without a crash, in memory that grows with
// them; in pieces they give what they give at once; and what was read is written and read again to
// the same. The first byte says how large the pieces are and whether a checksum counts (it seldom
// does: few inputs have the right one).
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "06-rdb/rdb_reader.h"
#include "06-rdb/rdb_writer.h"

namespace {

class Pieces final : public rdb::Source {
 public:
  Pieces(std::string_view bytes, size_t piece) : bytes_(bytes), piece_(piece) {}
  util::Result<size_t> read(std::span<char> into) override {
    const size_t count = bytes_.copy(into.data(), std::min(piece_, into.size()));
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  size_t piece_;
};

class TextSink final : public rdb::Sink {
 public:
  util::Result<> write(std::string_view bytes) override {
    text.append(bytes);
    return {};
  }
  std::string text;
};

const rdb::CodecTable& codecs() {
  static const rdb::CodecTable kTable = [] {
    rdb::CodecTable table;
    table.add(rdb::string_codec());
    return table;
  }();
  return kTable;
}

std::string read(rdb::Decoder& in, keyspace::Databases& databases, bool checksum, size_t records) {
  databases.open(4);
  rdb::RdbReader reader(in, codecs(), databases, {.checksum = checksum, .drop_expired = false});
  while (reader.read_some(records)) {
  }
  return reader.failure();
}

std::string written(keyspace::Databases& databases) {
  TextSink sink;
  if (!rdb::write_rdb(sink, databases, codecs(), {})) std::abort();
  return sink.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool checksum = data[0] % 8 == 7;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  keyspace::Databases whole, pieces, again;
  rdb::Decoder at_once(bytes);
  const std::string failure = read(at_once, whole, checksum, 1000);
  Pieces source(bytes, data[0] / 8 + 1U);
  rdb::Decoder in_pieces(source);
  if (read(in_pieces, pieces, checksum, 1) != failure) std::abort();
  if (whole.total_size() != pieces.total_size()) std::abort();
  if (!failure.empty()) return 0;

  const std::string file = written(whole);
  rdb::Decoder back(file);
  if (!read(back, again, true, 3).empty() || again.total_size() != whole.total_size()) std::abort();
  const rdb::EntryHead head{.key = "k"};
  if (keyspace::Entry* entry = rdb::load_dump(bytes, codecs(), head))
    keyspace::Keyspace::destroy(entry);
  return 0;
}

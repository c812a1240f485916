// SPDX-License-Identifier: MIT
//
// libFuzzer target of the log's reader. Any bytes are read without a crash, in memory that grows with them. What was read
// as whole commands is written again, and read again to the same; a cut anywhere is an end or a torn record, never damage
// that the whole did not have.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "05-aof/log_reader.h"
#include "05-aof/manifest.h"
#include "shared/resp/request_writer.h"

namespace {

class Bytes final : public util::File {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  util::Result<size_t> write(std::string_view) override { return util::Failure{"read only"}; }
  util::Result<size_t> read(std::span<char> into) override {
    const size_t count = bytes_.copy(into.data(), into.size());
    bytes_.remove_prefix(count);
    return count;
  }
  util::Result<> sync() override { return {}; }
  util::Result<> truncate(uint64_t) override { return {}; }
  util::Result<uint64_t> size() override { return uint64_t{bytes_.size()}; }
  int descriptor() const override { return -1; }

 private:
  std::string_view bytes_;
};

struct Outcome {
  util::ByteBuffer commands;
  aof::LogReader::Status status;
  uint64_t end = 0;
};

Outcome read(std::string_view bytes) {
  aof::LogReader reader(std::make_unique<Bytes>(bytes));
  Outcome outcome;
  while ((outcome.status = reader.next()) == aof::LogReader::Status::Command) {
    resp::append_request(outcome.commands, reader.arguments());
    outcome.end = reader.end();
  }
  if (outcome.status == aof::LogReader::Status::Damaged && reader.found().empty()) std::abort();
  return outcome;
}

// What was read is written and read again. (A quoted name is up to four times as long; a line has 1023 bytes.)
void check_manifest(std::string_view text) {
  const auto manifest = aof::parse_manifest(text);
  if (!manifest || manifest.value().empty() || text.size() > 200) return;
  const std::string written = aof::format_manifest(manifest.value());
  const auto again = aof::parse_manifest(written);
  if (!again || aof::format_manifest(again.value()) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = read(bytes);
  const Outcome again = read(whole.commands.view());
  if (again.status != aof::LogReader::Status::End || again.commands.view() != whole.commands.view())
    std::abort();
  if (whole.end > 0) {
    const Outcome cut = read(bytes.substr(0, data[0] % whole.end));
    if (cut.status == aof::LogReader::Status::Damaged) std::abort();
  }
  check_manifest(bytes);
  return 0;
}

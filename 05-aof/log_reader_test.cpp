// SPDX-License-Identifier: MIT
// Records, and files of them, cut and damaged at every byte.
#include "05-aof/log_reader.h"

#include <algorithm>

#include "05-aof/manifest.h"
#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_files.h"

namespace aof {

namespace {

constexpr std::string_view kLog =
    "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"
    "#TS:1700000000\r\n"
    "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$12\r\nhello\r\nworld\r\n"
    "*2\r\n$3\r\nDEL\r\n$0\r\n\r\n";

struct Read {
  std::vector<std::string> commands;
  LogReader::Status status;
  uint64_t offset, end, damage;
};

Read read(std::string_view bytes, uint64_t skipped = 0) {
  testing::FakeFiles files;
  files.put("log", bytes);
  LogReader reader(std::move(files.open("log", util::OpenMode::Read).value()), skipped);
  Read result{};
  while ((result.status = reader.next()) == LogReader::Status::Command) {
    std::string& line = result.commands.emplace_back();
    for (const std::string_view word : reader.arguments())
      line.append(line.empty() ? "" : " ").append(word);
  }
  result.offset = reader.offset();
  result.end = reader.end();
  result.damage = result.status == LogReader::Status::Damaged ? reader.damage() : 0;
  return result;
}

// The ends of kLog's records.
std::vector<size_t> ends() {
  std::vector<size_t> found{0};
  for (std::vector<std::string_view> words; found.back() < kLog.size();) {
    found.push_back(found.back() + read_record(kLog.substr(found.back()), words).length);
  }
  return found;
}

// Whether this byte of kLog belongs to an argument's text.
bool in_argument(size_t at) {
  std::vector<std::string_view> words;
  for (const size_t begin : ends()) {
    if (begin < kLog.size()) read_record(kLog.substr(begin), words);
  }
  return std::ranges::any_of(words, [at](std::string_view word) {
    const auto first = static_cast<size_t>(word.data() - kLog.data());
    return at >= first && at < first + word.size();
  });
}

}  // namespace

TEST_CASE("a whole log is read, annotations skipped") {
  const Read result = read(kLog);
  CHECK(result.status == LogReader::Status::End);
  CHECK(result.commands == std::vector<std::string>{"SELECT 0", "SET a hello\r\nworld", "DEL "});
  CHECK(result.end == kLog.size());
  CHECK(read("").status == LogReader::Status::End);
}

TEST_CASE("what lies before the offset is skipped") {
  const Read result = read("REDIS0011…" + std::string(kLog), std::string_view("REDIS0011…").size());
  CHECK(result.status == LogReader::Status::End);
  CHECK(result.commands.size() == 3);
}

TEST_CASE("cut at any byte, everything whole is read and the place of the cut is known") {
  const std::vector<size_t> whole = ends();
  for (size_t length = 0; length < kLog.size(); ++length) {
    const Read result = read(kLog.substr(0, length));
    size_t last = 0;
    for (const size_t end : whole) last = end <= length ? end : last;
    CAPTURE(length);
    CHECK(result.status == (last == length ? LogReader::Status::End : LogReader::Status::Torn));
    CHECK(result.offset == last);
  }
}

TEST_CASE("a damaged byte of the framing is never read over") {
  for (size_t at = 0; at < kLog.size(); ++at) {
    std::string bytes(kLog);
    bytes[at] = static_cast<char>(bytes[at] ^ 0x80);
    const Read result = read(bytes);
    CAPTURE(at, static_cast<int>(result.status), result.damage);
    const bool in_annotation = at > kLog.find('#') && at < kLog.find("*3");
    if (in_annotation) continue;  // nobody can tell
    CHECK(result.status == (in_argument(at) ? LogReader::Status::End : LogReader::Status::Damaged));
    if (!in_argument(at)) CHECK(result.damage == at);
  }
}

TEST_CASE("a length may promise more than there is, and costs nothing") {
  CHECK(read("*1\r\n$500000000000\r\nabc").status == LogReader::Status::Torn);
  CHECK(read("*1\r\n$99999999999999999999\r\nabc").status == LogReader::Status::Damaged);
  CHECK(read("*0\r\n").status == LogReader::Status::Damaged);
  CHECK(read("PING\r\n").status == LogReader::Status::Damaged);
}

TEST_CASE("arguments longer than what is read at once") {
  const std::string value(3'000'000, 'x');
  const std::string log = "*2\r\n$3\r\nGET\r\n$3000000\r\n" + value + "\r\n*1\r\n$4\r\nPING\r\n";
  const Read result = read(log);
  CHECK(result.status == LogReader::Status::End);
  REQUIRE(result.commands.size() == 2);
  CHECK(result.commands[0].size() == 4 + value.size());
}

TEST_CASE("a manifest is what it was written from") {
  Manifest manifest;
  manifest.base = LogFile{"appendonly.aof.2.base.rdb", 2};
  manifest.history.push_back({"appendonly.aof.1.incr.aof", 1});
  manifest.increments = {{"my log.aof.3.incr.aof", 3}, {"appendonly.aof.4.incr.aof", 4}};
  const std::string text = format_manifest(manifest);
  CHECK(text ==
        "file appendonly.aof.2.base.rdb seq 2 type b\n"
        "file appendonly.aof.1.incr.aof seq 1 type h\n"
        "file \"my log.aof.3.incr.aof\" seq 3 type i\n"
        "file appendonly.aof.4.incr.aof seq 4 type i\n");
  const auto read_again = parse_manifest(text);
  REQUIRE(read_again);
  CHECK(format_manifest(read_again.value()) == text);
  CHECK(read_again.value().names().size() == 3);
  CHECK(parse_manifest("# a comment\nfile a seq 1 type i startoffset 7\n").ok());
}

TEST_CASE("what is wrong with a manifest is said") {
  const auto problem = [](std::string_view text) {
    const auto parsed = parse_manifest(text);
    return parsed ? std::string("none") : parsed.error().substr(parsed.error().rfind('\n') + 1);
  };
  CHECK(problem("") == "Found an empty AOF manifest");
  CHECK(problem("file a seq 1 type i") == "The AOF manifest file contains too long line");
  CHECK(problem("file a seq 1\n") == "Invalid AOF manifest file format");
  CHECK(problem("file a seq x type i\n") == "Invalid AOF manifest file format");
  CHECK(problem("file ../a seq 1 type i\n") == "File can't be a path, just a filename");
  CHECK(problem("file a seq 1 type x\n") == "Unknown AOF file type");
  CHECK(problem("file a seq 1 type b\nfile b seq 2 type b\n") ==
        "Found duplicate base file information");
  CHECK(problem("file a seq 2 type i\nfile b seq 2 type i\n") ==
        "Found a non-monotonic sequence number");
}

}  // namespace aof

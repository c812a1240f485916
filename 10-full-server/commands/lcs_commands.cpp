// SPDX-License-Identifier: MIT
// LCS: the longest common subsequence of two strings, by the textbook table of (a + 1) × (b + 1)
// lengths. Which of several equally long subsequences is answered follows from how ties are broken
// on the way back; that is part of the contract.
#include <algorithm>
#include <limits>
#include <memory>
#include <new>

#include "10-full-server/commands/commands.h"
#include "shared/command/context.h"
#include "shared/server/settings.h"

namespace full_server {

using command::Context;
namespace errors = util::errors;

namespace {

struct Options {
  bool length = false;
  bool ranges = false;
  bool match_lengths = false;
  uint32_t min_match = 0;
};

class LengthTable {
 public:
  LengthTable(std::string_view a, std::string_view b)
      : width_(b.size() + 1), cells_(new (std::nothrow) uint32_t[(a.size() + 1) * width_]) {}

  explicit operator bool() const { return cells_ != nullptr; }
  // The length for the first i bytes of a and the first j of b.
  uint32_t at(size_t i, size_t j) const { return cells_[i * width_ + j]; }

  void fill(std::string_view a, std::string_view b) {
    std::fill_n(cells_.get(), width_, 0);
    for (size_t i = 1; i <= a.size(); ++i) {
      uint32_t* row = cells_.get() + i * width_;
      const uint32_t* above = row - width_;
      row[0] = 0;
      for (size_t j = 1; j <= b.size(); ++j) {
        row[j] = a[i - 1] == b[j - 1] ? above[j - 1] + 1 : std::max(above[j], row[j - 1]);
      }
    }
  }

 private:
  size_t width_;
  std::unique_ptr<uint32_t[]> cells_;
};

// Walks back from the end of both strings. Calls byte(position in the result, byte) for each common
// byte and range(start in a, start in b, length) for each run of them, last run first.
template <class OnByte, class OnRange>
void walk_back(const LengthTable& table, std::string_view a, std::string_view b, OnByte byte,
               OnRange range) {
  size_t i = a.size(), j = b.size();
  size_t left = table.at(i, j);
  size_t run = 0;  // the run's length so far; it begins at (i, j)
  const auto end_run = [&] {
    if (run > 0) range(i, j, run);
    run = 0;
  };
  while (i > 0 && j > 0) {
    if (a[i - 1] == b[j - 1]) {
      byte(--left, a[i - 1]);
      --i, --j, ++run;
      continue;
    }
    end_run();
    table.at(i - 1, j) > table.at(i, j - 1) ? --i : --j;
  }
  end_run();
}

bool read_options(Context& c, Options& options) {
  command::ArgReader reader = c.reader(3);
  while (reader.more()) {
    if (reader.take("idx")) {
      options.ranges = true;
    } else if (reader.take("len")) {
      options.length = true;
    } else if (reader.take("withmatchlen")) {
      options.match_lengths = true;
    } else if (reader.take_with("minmatchlen", 1)) {
      constexpr int64_t kHighest = std::numeric_limits<uint32_t>::max();
      options.min_match = static_cast<uint32_t>(std::clamp<int64_t>(reader.integer(), 0, kHighest));
    } else {
      reader.fail(errors::kSyntax);
    }
  }
  if (options.length && options.ranges) {
    reader.fail({"ERR If you want both the length and indexes, please just use IDX."});
  }
  if (!reader.ok()) c.fail(reader.error());
  return reader.ok();
}

bool fits_in_memory(Context& c, std::string_view a, std::string_view b) {
  constexpr size_t kLongest = std::numeric_limits<uint32_t>::max() - 1;
  if (a.size() >= kLongest || b.size() >= kLongest) {
    c.reply().error("ERR String too long for LCS");
    return false;
  }
  const auto limit = static_cast<uint64_t>(c.get<server::Settings>().parser.max_bulk_length);
  if ((a.size() + 1) <= limit / sizeof(uint32_t) / (b.size() + 1)) return true;
  c.reply().error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
  return false;
}

void reply_range(resp::ReplyWriter& reply, size_t start, size_t length) {
  reply.array(2);
  reply.integer(static_cast<int64_t>(start));
  reply.integer(static_cast<int64_t>(start + length - 1));
}

void reply_ranges(Context& c, const LengthTable& table, std::string_view a, std::string_view b,
                  const Options& options) {
  resp::ReplyWriter& reply = c.reply();
  reply.map(2);
  reply.bulk("matches");
  auto list = reply.open_array();
  size_t count = 0;
  const auto add = [&](size_t a_start, size_t b_start, size_t length) {
    if (length < options.min_match) return;
    reply.array(options.match_lengths ? 3 : 2);
    reply_range(reply, a_start, length);
    reply_range(reply, b_start, length);
    if (options.match_lengths) reply.integer(static_cast<int64_t>(length));
    ++count;
  };
  walk_back(
      table, a, b, [](size_t, char) {}, add);
  list.close(count);
  reply.bulk("len");
  reply.integer(table.at(a.size(), b.size()));
}

void lcs(Context& c) {
  keyspace::Entry* entries[2] = {c.db().find(c.arg(1), c.read_flags()),
                                 c.db().find(c.arg(2), c.read_flags())};
  for (const keyspace::Entry* entry : entries) {
    if (entry == nullptr || entry->type() == keyspace::TypeId::String) continue;
    return c.reply().error("ERR The specified keys must contain string values");
  }
  Options options;
  if (!read_options(c, options)) return;
  const keyspace::StringView first(entries[0]), second(entries[1]);
  const std::string_view a = first.text(), b = second.text();
  if (!fits_in_memory(c, a, b)) return;
  LengthTable table(a, b);
  if (!table)
    return c.reply().error("ERR Insufficient memory, failed allocating transient memory for LCS");
  table.fill(a, b);
  if (options.ranges) return reply_ranges(c, table, a, b, options);
  const uint32_t length = table.at(a.size(), b.size());
  if (options.length) return c.reply().integer(length);
  std::string common(length, '\0');
  walk_back(
      table, a, b, [&](size_t at, char byte) { common[at] = byte; }, [](size_t, size_t, size_t) {});
  c.reply().bulk(common);
}

}  // namespace

std::span<const command::CommandRow> lcs_commands() {
  using namespace command;
  static constexpr CommandRow kRows[] = {
      {"lcs", -3, kReadOnly, kKeys<kKeyRO | kKeyAccess, 1, 1>, kAclString, lcs},
  };
  return kRows;
}

}  // namespace full_server

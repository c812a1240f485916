// SPDX-License-Identifier: MIT
// SCAN: some keys at a time. Every key that is there from the first call to the last is answered at
// least once, whatever happens in between; that is the cursor's promise
// (shared/keyspace/cursor.cpp).
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/scan_options.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using keyspace::Entry;
namespace errors = util::errors;

std::optional<uint64_t> read_cursor(Context& c, size_t argument) {
  const std::string text(c.arg(argument));
  char* end = nullptr;
  errno = 0;
  const unsigned long long cursor = std::strtoull(text.c_str(), &end, 10);
  if (std::isspace(static_cast<unsigned char>(text.c_str()[0])) == 0 && *end == '\0' &&
      errno != ERANGE)
    return cursor;
  c.fail(errors::kInvalidCursor);
  return std::nullopt;
}

bool ScanOptions::matches(std::string_view text) const {
  return pattern == "*" || util::glob_match(pattern, text);
}

int64_t ScanOptions::most_steps() const {
  constexpr int64_t kStepsPerItem = 10;
  return count > std::numeric_limits<int64_t>::max() / kStepsPerItem ? count
                                                                     : count * kStepsPerItem;
}

std::optional<ScanOptions> read_scan_options(Context& c, size_t from, ScanKind kind) {
  ScanOptions options;
  command::ArgReader reader = c.reader(from);
  while (reader.more()) {
    if (reader.take_with("count", 1)) {
      options.count = reader.integer();
      if (options.count < 1) reader.fail(errors::kSyntax);
    } else if (reader.take_with("match", 1)) {
      options.pattern = reader.next();
    } else if (kind == ScanKind::Keyspace && reader.take_with("type", 1)) {
      options.type = reader.next();
    } else {
      reader.fail(errors::kSyntax);
    }
  }
  if (reader.ok()) return options;
  c.fail(reader.error());
  return std::nullopt;
}

void reply_cursor(Context& c, uint64_t cursor) {
  char digits[util::kMaxInt64Digits];
  c.reply().array(2);
  c.reply().bulk({digits, util::format_uint64(cursor, digits)});
}

// An unknown type is no error: nothing has it.
static bool has_wanted_type(const Entry& entry, const ScanOptions& options) {
  return !options.type || &keyspace::descriptor_of(entry) == keyspace::find_type(*options.type);
}

// To learn a key's type is to look it up; nobody is told of a miss.
static void count_lookup(const keyspace::Keyspace& db, const Entry& entry) {
  keyspace::Environment& environment = db.environment();
  ++(db.expired(entry) ? environment.misses : environment.hits);
}

// Answers the keys of the entries. Those that have expired are deleted now: the table must not
// change during a scan.
static void reply_live(Context& c, const std::vector<Entry*>& entries) {
  auto list = c.reply().open_array();
  size_t count = 0;
  for (Entry* entry : entries) {
    if (!c.db().expired(*entry)) {
      c.reply().bulk(entry->key());
      ++count;
    } else if (c.db().environment().expiry == keyspace::ExpiryMode::Delete) {
      c.db().remove_expired(entry);
    }
  }
  list.close(count);
}

static void scan(Context& c) {
  const auto start = read_cursor(c, 1);
  if (!start) return;
  const auto options = read_scan_options(c, 2, ScanKind::Keyspace);
  if (!options) return;
  std::vector<Entry*> found;
  reply_cursor(c, scan_some(*options, *start, [&](uint64_t cursor, int64_t& seen) {
                 return c.db().scan(cursor, [&](Entry* entry) {
                   ++seen;
                   if (!options->matches(entry->key())) return;
                   if (options->type) count_lookup(c.db(), *entry);
                   // An expired key goes, whatever its type.
                   if (c.db().expired(*entry) || has_wanted_type(*entry, *options))
                     found.push_back(entry);
                 });
               }));
  reply_live(c, found);
}

std::span<const command::CommandRow> scan_commands() {
  using namespace command;
  static constexpr std::string_view kTips[] = {"nondeterministic_output", "request_policy:special",
                                               "response_policy:special"};
  static constexpr CommandRow kRows[] = {
      {"scan", -2, kReadOnly | kTouchesArbitraryKeys, {}, kAclKeyspace, scan, kTips},
  };
  return kRows;
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
// Strings as rows of bits: SETBIT, GETBIT, BITCOUNT, BITPOS, BITOP. BITFIELD is in bitfield_commands.cpp.
#include <algorithm>
#include <vector>

#include "10-full-server/commands/bitmap_arguments.h"
#include "10-full-server/commands/bitmap_bits.h"
#include "10-full-server/commands/commands.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using keyspace::Entry;
using keyspace::Event;
using keyspace::StringEdit;
using keyspace::StringView;
namespace errors = util::errors;

constexpr util::Error kBadOffset{"ERR bit offset is not an integer or out of range"};
constexpr util::Error kBadBit{"ERR bit is not an integer or out of range"};
constexpr util::Error kBitNotOneOrZero{"ERR The bit argument must be 1 or 0."};
constexpr util::Error kNotNeedsOneSource{"ERR BITOP NOT must be called with a single source key."};

// What a master sends, or a log holds, was allowed where it came from.
static bool has_no_limit(Context& c) {
  return c.client().kind == command::Client::Kind::Master || c.client().owner == nullptr;
}

std::optional<uint64_t> read_bit_offset(Context& c, size_t argument, unsigned width) {
  std::string_view text = c.arg(argument);
  const bool in_fields = width > 0 && text.starts_with('#');
  if (in_fields) text.remove_prefix(1);
  const auto number = util::parse_int64(text);
  int64_t offset = number.value_or(-1);
  const bool overflow =
      in_fields && __builtin_mul_overflow(offset, static_cast<int64_t>(width), &offset);
  const bool too_far =
      !has_no_limit(c) && offset >> 3 >= c.get<server::Settings>().parser.max_bulk_length;
  if (!overflow && offset >= 0 && !too_far) return static_cast<uint64_t>(offset);
  c.fail(kBadOffset);
  return std::nullopt;
}

static uint8_t mask_of(uint64_t offset) { return static_cast<uint8_t>(0x80U >> offset % 8); }

static void setbit(Context& c) {
  const auto offset = read_bit_offset(c, 2);
  if (!offset) return;
  const auto bit = util::parse_int64(c.arg(3));
  if (!bit || (*bit != 0 && *bit != 1)) return c.fail(kBadBit);
  StringEdit value = c.edit_string(c.arg(1));
  if (!value) return;
  const size_t before = value.length();
  const size_t length = std::max<size_t>(before, *offset / 8 + 1);
  char& byte = value.resize(length)[*offset / 8];
  const uint8_t mask = mask_of(*offset);
  const bool was_set = (static_cast<uint8_t>(byte) & mask) != 0;
  if (length == before && was_set == (*bit == 1)) {
    value.unchanged();
  } else {
    byte = static_cast<char>(*bit == 1 ? byte | mask : byte & ~mask);
    value.changed("setbit");
  }
  c.reply().integer(was_set ? 1 : 0);
}

static void getbit(Context& c) {
  const auto offset = read_bit_offset(c, 2);
  if (!offset) return;
  const StringView value = c.string(c.arg(1));
  if (!value) return;
  const std::string_view text = value.text();
  const bool is_set = *offset / 8 < text.size() &&
                      (static_cast<uint8_t>(text[*offset / 8]) & mask_of(*offset)) != 0;
  c.reply().integer(is_set ? 1 : 0);
}

// A range as it was asked for: negative numbers count from the end.
struct AskedRange {
  int64_t start = 0;
  int64_t end = -1;
  bool in_bits = false;
};

// The bits of a value of `length` bytes; nothing: the range is empty.
static std::optional<BitRange> resolve(AskedRange asked, size_t length) {
  const auto total = static_cast<int64_t>(asked.in_bits ? 8 * length : length);
  const auto from_end = [&](int64_t at) { return std::max<int64_t>(at < 0 ? at + total : at, 0); };
  const int64_t start = from_end(asked.start);
  const int64_t end = std::min(from_end(asked.end), total - 1);
  if (start > end) return std::nullopt;
  const auto first = static_cast<uint64_t>(start);
  const auto last = static_cast<uint64_t>(end);
  return asked.in_bits ? BitRange{first, last} : BitRange{8 * first, 8 * last + 7};
}

// BIT or BYTE.
static void read_unit(command::ArgReader& reader, AskedRange& range) {
  range.in_bits = reader.take("bit");
  if (!range.in_bits && !reader.take("byte")) reader.fail(errors::kSyntax);
}

static void bitcount(Context& c) {
  const StringView value = c.string(c.arg(1));
  if (!value) return;
  if (!value.exists()) return c.reply().integer(0);
  if (c.argc() == 3 || c.argc() > 5) return c.fail(errors::kSyntax);
  AskedRange asked;
  if (c.argc() > 2) {
    command::ArgReader reader = c.reader(2);
    asked.start = reader.integer();
    asked.end = reader.integer();
    if (reader.ok() && asked.start < 0 && asked.end < 0 && asked.start > asked.end)
      return c.reply().integer(0);
    if (c.argc() == 5 && reader.ok()) read_unit(reader, asked);
    if (!reader.ok()) return c.fail(reader.error());
  }
  const auto range = resolve(asked, value.length());
  c.reply().integer(range ? static_cast<int64_t>(count_bits(value.text(), *range)) : 0);
}

// The unit is looked at before the end that stands before it, as in Redis.
static util::Error read_position_range(Context& c, AskedRange& asked) {
  if (c.argc() > 6) return errors::kSyntax;
  command::ArgReader reader = c.reader(3);
  if (c.argc() > 3) asked.start = reader.integer();
  if (reader.ok() && c.argc() == 6) {
    command::ArgReader unit = c.reader(5);
    read_unit(unit, asked);
    if (!unit.ok()) return unit.error();
  }
  if (c.argc() > 4) asked.end = reader.integer();
  return reader.error();
}

// A value is followed by zeros without end, unless the range says where to stop.
static void bitpos(Context& c) {
  const auto bit = util::parse_int64(c.arg(2));
  if (!bit) return c.fail(errors::kNotInteger);
  if (*bit != 0 && *bit != 1) return c.fail(kBitNotOneOrZero);
  const StringView value = c.string(c.arg(1));
  if (!value) return;
  if (!value.exists()) return c.reply().integer(*bit == 1 ? -1 : 0);
  AskedRange asked;
  if (const util::Error error = read_position_range(c, asked); !error.text.empty())
    return c.fail(error);
  const auto range = resolve(asked, value.length());
  if (!range) return c.reply().integer(-1);
  const bool open_end = c.argc() < 5;
  const auto found = find_bit(value.text(), *bit == 1, *range);
  const auto behind = *bit == 0 && open_end ? static_cast<int64_t>(8 * value.length()) : -1;
  c.reply().integer(found ? static_cast<int64_t>(*found) : behind);
}

static std::optional<BitOperation> operation_of(std::string_view name) {
  constexpr std::pair<std::string_view, BitOperation> kNames[] = {{"and", BitOperation::And},
                                                                  {"or", BitOperation::Or},
                                                                  {"xor", BitOperation::Xor},
                                                                  {"not", BitOperation::Not}};
  for (const auto& [word, operation] : kNames) {
    if (util::equal_ignoring_case(name, word)) return operation;
  }
  return std::nullopt;
}

// Bytes that happen to be digits stay bytes: the result is raw, however short.
static void store_bits(Context& c, std::string_view key, util::Blob bits) {
  if (bits.size() > Entry::kMaxInline) {
    c.db().set_blob(key, std::move(bits));
  } else {
    c.db().store(Entry::create({.key = key,
                                .encoding = static_cast<uint8_t>(keyspace::StringEncoding::Raw),
                                .text = bits.view(),
                                .clock = c.db().environment().clock}));
  }
  c.changed(Event::String, "set", key);
}

static void bitop(Context& c) {
  const auto operation = operation_of(c.arg(1));
  if (!operation) return c.fail(errors::kSyntax);
  if (*operation == BitOperation::Not && c.argc() != 4) return c.fail(kNotNeedsOneSource);
  std::vector<StringView> values;  // their texts lie in them, or in the keyspace
  std::vector<std::string_view> sources;
  values.reserve(c.argc() - 3);
  sources.reserve(c.argc() - 3);
  size_t length = 0;
  for (const std::string_view key : c.args(3)) {
    values.push_back(c.string(key));
    if (!values.back()) return;
    sources.push_back(values.back().text());
    length = std::max(length, sources.back().size());
  }
  const std::string_view target = c.arg(2);
  if (length == 0) {
    if (c.db().find(target, keyspace::LookupFlags::Write) != nullptr && c.db().erase(target))
      c.changed(Event::Generic, "del", target);
    return c.reply().integer(0);
  }
  util::Blob bits(length);
  combine_bits(*operation, sources, bits.data(), length);
  bits.set_size(length);
  store_bits(c, target, std::move(bits));
  c.reply().integer(static_cast<int64_t>(length));
}

static std::span<const command::CommandRow> bitmap_commands() {
  using namespace command;
  constexpr Flags kStore = kWrite | kDenyOom;
  static constexpr auto& kAccess = kKeys<kKeyRO | kKeyAccess>;
  static constexpr auto& kReplace = kKeys<kKeyRW | kKeyAccess | kKeyUpdate>;
  static constexpr KeySpec kTargetAndSources[] = {
      {.flags = kKeyOW | kKeyUpdate, .index = 2},
      {.flags = kKeyRO | kKeyAccess, .index = 3, .last = -1}};
  static constexpr KeySpec kField[] = {
      {.flags = kKeyRW | kKeyAccess | kKeyUpdate | kKeyVariable,
       .notes = "This command allows both access and modification of the key"}};
  static constexpr CommandRow kRows[] = {
      {"setbit", 4, kStore, kReplace, kAclBitmap, setbit},
      {"getbit", 3, kReadOnly | kFast, kAccess, kAclBitmap, getbit},
      {"bitcount", -2, kReadOnly, kAccess, kAclBitmap, bitcount},
      {"bitpos", -3, kReadOnly, kAccess, kAclBitmap, bitpos},
      {"bitop", -4, kStore, kTargetAndSources, kAclBitmap, bitop},
      {"bitfield", -2, kStore, kField, kAclBitmap, bitfield},
      {"bitfield_ro", -2, kReadOnly | kFast, kAccess, kAclBitmap, bitfield_ro},
  };
  return kRows;
}

void compose_bitmaps(server::Server& server) { server.add_commands(bitmap_commands()); }

}  // namespace full_server

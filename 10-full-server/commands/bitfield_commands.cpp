// SPDX-License-Identifier: MIT
// BITFIELD and BITFIELD_RO: a string as an array of small integers. All operations of a call are read before the first is
// done.
#include <algorithm>
#include <vector>

#include "10-full-server/commands/bitfield_value.h"
#include "10-full-server/commands/bitmap_arguments.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using keyspace::Event;
using keyspace::StringEdit;
using keyspace::StringView;
namespace errors = util::errors;

constexpr util::Error kBadType{
    "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 "
    "is."};
constexpr util::Error kBadOverflow{"ERR Invalid OVERFLOW type specified"};
constexpr util::Error kOnlyGet{"ERR BITFIELD_RO only supports the GET subcommand"};

namespace {

struct Operation {
  enum class Kind : uint8_t { Get, Set, Add } kind;
  FieldType type;
  uint64_t offset = 0;
  int64_t operand = 0;
  Overflow overflow = Overflow::Wrap;

  uint64_t last_bit() const { return offset + type.width - 1; }
};

using Operations = std::vector<Operation>;

}  // namespace

static std::optional<FieldType> type_of(std::string_view text) {
  if (text.empty() || (text[0] != 'i' && text[0] != 'u')) return std::nullopt;
  const bool is_signed = text[0] == 'i';
  const auto width = util::parse_int64(text.substr(1));
  if (!width || *width < 1 || *width > (is_signed ? 64 : 63)) return std::nullopt;
  return FieldType{is_signed, static_cast<unsigned>(*width)};
}

static std::optional<Overflow> overflow_of(std::string_view name) {
  if (util::equal_ignoring_case(name, "wrap")) return Overflow::Wrap;
  if (util::equal_ignoring_case(name, "sat")) return Overflow::Saturate;
  if (util::equal_ignoring_case(name, "fail")) return Overflow::Fail;
  return std::nullopt;
}

// The operation whose type is the argument at `at`; false, and answered: something is wrong.
static bool read_operation(Context& c, size_t at, Operation& operation) {
  const auto type = type_of(c.arg(at));
  if (!type) return c.fail(kBadType), false;
  operation.type = *type;
  const auto offset = read_bit_offset(c, at + 1, type->width);
  if (!offset) return false;
  operation.offset = *offset;
  if (operation.kind == Operation::Kind::Get) return true;
  const auto operand = util::parse_int64(c.arg(at + 2));
  if (!operand) return c.fail(errors::kNotInteger), false;
  operation.operand = *operand;
  return true;
}

static std::optional<Operations> read_operations(Context& c) {
  Operations operations;
  operations.reserve(c.argc() / 3);
  command::ArgReader reader = c.reader(2);
  Overflow overflow = Overflow::Wrap;
  while (reader.more()) {
    Operation next{.kind = Operation::Kind::Get, .type = {}, .overflow = overflow};
    size_t arguments = 2;
    if (reader.take_with("overflow", 1)) {
      const auto named = overflow_of(reader.next());
      if (!named) return c.fail(kBadOverflow), std::nullopt;
      overflow = *named;
      continue;
    }
    if (!reader.take_with("get", 2)) {
      arguments = 3;
      next.kind = reader.take_with("set", 3) ? Operation::Kind::Set : Operation::Kind::Add;
      if (next.kind == Operation::Kind::Add && !reader.take_with("incrby", 3))
        return c.fail(errors::kSyntax), std::nullopt;
    }
    if (!read_operation(c, reader.position(), next)) return std::nullopt;
    for (; arguments > 0; --arguments) reader.next();
    operations.push_back(next);
  }
  return operations;
}

static void get_fields(Context& c, const Operations& operations) {
  const StringView value = c.string(c.arg(1));
  if (!value) return;
  c.reply().array(operations.size());
  for (const Operation& each : operations) {
    c.reply().integer(read_field(value.text(), each.offset, each.type));
  }
}

enum class Written : uint8_t { Nothing, Same, Another };

// Answers, and tells what the field has now; nothing was written where the value does not fit and must.
static Written change_field(Context& c, char* bytes, size_t length, const Operation& operation) {
  const int64_t before = read_field({bytes, length}, operation.offset, operation.type);
  const bool adds = operation.kind == Operation::Kind::Add;
  const FieldSum after =
      adds ? add_to_field(before, operation.operand, operation.type, operation.overflow)
           : fit_field(operation.operand, operation.type, operation.overflow);
  if (!after.fits && operation.overflow == Overflow::Fail) {
    c.reply().null();
    return Written::Nothing;
  }
  c.reply().integer(adds ? after.value : before);
  write_field(bytes, operation.offset, operation.type, after.value);
  return after.value != before ? Written::Another : Written::Same;
}

static void change_fields(Context& c, const Operations& operations) {
  StringEdit value = c.edit_string(c.arg(1));
  if (!value) return;
  const size_t before = value.length();
  size_t length = before;
  for (const Operation& each : operations) {
    if (each.kind != Operation::Kind::Get)
      length = std::max<size_t>(length, each.last_bit() / 8 + 1);
  }
  char* bytes = value.resize(length);
  value.unchanged();  // reported below, once for all
  c.reply().array(operations.size());
  const bool grew = length > before;
  int64_t changes = 0;
  for (const Operation& each : operations) {
    if (each.kind == Operation::Kind::Get) {
      c.reply().integer(read_field({bytes, length}, each.offset, each.type));
      continue;
    }
    const Written written = change_field(c, bytes, length, each);
    if (written == Written::Another || (grew && written == Written::Same)) ++changes;
  }
  // Redis keeps silent about a value that grew and has nothing written in it; then its replicas have a shorter one.
  if (grew) changes = std::max<int64_t>(changes, 1);
  if (changes > 0) c.changed(Event::String, "setbit", c.arg(1), changes);
}

static bool only_reads(const Operations& operations) {
  return std::ranges::all_of(
      operations, [](const Operation& each) { return each.kind == Operation::Kind::Get; });
}

void bitfield(Context& c) {
  const auto operations = read_operations(c);
  if (!operations) return;
  only_reads(*operations) ? get_fields(c, *operations) : change_fields(c, *operations);
}

void bitfield_ro(Context& c) {
  const auto operations = read_operations(c);
  if (!operations) return;
  if (!only_reads(*operations)) return c.fail(kOnlyGet);
  get_fields(c, *operations);
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
//
// A reply in the notation of patterns, and a pattern as the bytes it stands for.
#include <iterator>

#include "shared/testing/transcript/pattern.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

using resp::Reply;
using resp::ReplyType;

// What stands before and after a reply's payload or elements.
constexpr struct {
  ReplyType type;
  std::string_view open;
  std::string_view close;
} kBrackets[] = {
    {ReplyType::Simple, "+", ""},      {ReplyType::Error, "-", ""},
    {ReplyType::BlobError, "-", ""},   {ReplyType::Integer, ":", ""},
    {ReplyType::Bulk, "\"", "\""},     {ReplyType::NullBulk, "nil", ""},
    {ReplyType::NullArray, "*-1", ""}, {ReplyType::Null, "_", ""},
    {ReplyType::Double, ",", ""},      {ReplyType::Boolean, "#", ""},
    {ReplyType::BigNumber, "(", ""},   {ReplyType::Verbatim, "=\"", "\""},
    {ReplyType::Array, "[", "]"},      {ReplyType::Map, "%{", "}"},
    {ReplyType::Set, "~[", "]"},       {ReplyType::Push, ">[", "]"},
};

void render_into(const Reply& reply, std::string& out,
                 std::map<const Reply*, std::size_t>& offsets) {
  offsets[&reply] = columns(out);
  const auto* brackets = std::begin(kBrackets);
  while (brackets->type != reply.type) ++brackets;
  out += brackets->open;
  if (reply.type == ReplyType::Verbatim) out += reply.format + ":";
  if (!reply.is_null()) out += escaped(reply.text);
  for (const Reply& element : reply.elements) {
    if (&element != &reply.elements.front()) out += ' ';
    render_into(element, out, offsets);
  }
  out += brackets->close;
}

}  // namespace

std::optional<std::string> wire_form(const Pattern& pattern, Environment& environment) {
  if (pattern.regex || pattern.range) return std::nullopt;
  const auto payload = [&] { return environment.expand(pattern.word); };
  switch (pattern.kind) {
    case PatternKind::Simple:
      return "+" + payload() + "\r\n";
    case PatternKind::Error:
      return "-" + payload() + "\r\n";
    case PatternKind::Integer:
      return ":" + payload() + "\r\n";
    case PatternKind::Nil:
    case PatternKind::NullBulk:
      return "$-1\r\n";
    case PatternKind::NullArray:
      return "*-1\r\n";
    case PatternKind::Bulk: {
      const std::string bytes = payload();
      return "$" + std::to_string(bytes.size()) + "\r\n" + bytes + "\r\n";
    }
    case PatternKind::Array:
    case PatternKind::Push:
      break;
    default:
      return std::nullopt;
  }
  std::string out = pattern.kind == PatternKind::Array ? "*" : ">";
  out += std::to_string(pattern.elements.size()) + "\r\n";
  for (const Pattern& element : pattern.elements) {
    const std::optional<std::string> inner = wire_form(element, environment);
    if (!inner) return std::nullopt;
    out += *inner;
  }
  return out;
}

std::string render(const Reply& reply, std::map<const Reply*, std::size_t>& offsets) {
  std::string out;
  render_into(reply, out, offsets);
  return out;
}

std::string render(const Reply& reply) {
  std::map<const Reply*, std::size_t> offsets;
  return render(reply, offsets);
}

}  // namespace transcript

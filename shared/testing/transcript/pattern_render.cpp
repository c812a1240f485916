// SPDX-License-Identifier: MIT
//
// A reply in the notation of patterns, and a pattern as the bytes it stands for.
#include "shared/testing/transcript/pattern.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

using resp::Reply;
using resp::ReplyType;

void render_into(const Reply& reply, std::string& out,
                 std::map<const Reply*, std::size_t>& offsets) {
  offsets[&reply] = columns(out);
  const auto aggregate = [&](std::string_view open, char close) {
    out += open;
    for (const Reply& element : reply.elements) {
      if (&element != &reply.elements.front()) out += ' ';
      render_into(element, out, offsets);
    }
    out += close;
  };
  switch (reply.type) {
    case ReplyType::Simple:
      out += "+" + escaped(reply.text);
      break;
    case ReplyType::Error:
    case ReplyType::BlobError:
      out += "-" + escaped(reply.text);
      break;
    case ReplyType::Integer:
      out += ":" + reply.text;
      break;
    case ReplyType::Bulk:
      out += "\"" + escaped(reply.text) + "\"";
      break;
    case ReplyType::NullBulk:
      out += "nil";
      break;
    case ReplyType::NullArray:
      out += "*-1";
      break;
    case ReplyType::Null:
      out += "_";
      break;
    case ReplyType::Double:
      out += "," + reply.text;
      break;
    case ReplyType::Boolean:
      out += "#" + reply.text;
      break;
    case ReplyType::BigNumber:
      out += "(" + reply.text;
      break;
    case ReplyType::Verbatim:
      out += "=\"" + reply.format + ":" + escaped(reply.text) + "\"";
      break;
    case ReplyType::Array:
      aggregate("[", ']');
      break;
    case ReplyType::Map:
      aggregate("%{", '}');
      break;
    case ReplyType::Set:
      aggregate("~[", ']');
      break;
    case ReplyType::Push:
      aggregate(">[", ']');
      break;
  }
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
    case PatternKind::Double:
      return "," + payload() + "\r\n";
    case PatternKind::Boolean:
      return "#" + payload() + "\r\n";
    case PatternKind::BigNumber:
      return "(" + payload() + "\r\n";
    case PatternKind::Null:
      return "_\r\n";
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
    case PatternKind::Push: {
      std::string out = (pattern.kind == PatternKind::Array ? "*" : ">") +
                        std::to_string(pattern.elements.size()) + "\r\n";
      for (const Pattern& element : pattern.elements) {
        const std::optional<std::string> inner = wire_form(element, environment);
        if (!inner) return std::nullopt;
        out += *inner;
      }
      return out;
    }
    default:
      return std::nullopt;
  }
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

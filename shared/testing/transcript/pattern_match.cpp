// SPDX-License-Identifier: MIT
//
// Matching: the first node that differs is reported with its place in the rendered reply. Unordered
// groups are matched as a bipartite graph, so a wildcard never takes the element that an exact
// pattern needs.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <utility>

#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/pattern.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

using resp::Reply;
using resp::ReplyType;
using Captures = std::vector<std::pair<std::string, std::string>>;

struct Difference {
  std::string reason;
  const Reply* where;
  std::size_t into;  // bytes of the payload that agree
};

constexpr struct {
  ReplyType type;
  PatternKind kind;
  std::string_view name;
} kTypes[] = {
    {ReplyType::Simple, PatternKind::Simple, "a simple string (+)"},
    {ReplyType::Error, PatternKind::Error, "an error (-)"},
    {ReplyType::BlobError, PatternKind::Error, "a blob error (!)"},
    {ReplyType::Integer, PatternKind::Integer, "an integer (:)"},
    {ReplyType::Bulk, PatternKind::Bulk, "a bulk string ($)"},
    {ReplyType::NullBulk, PatternKind::NullBulk, "a null bulk ($-1)"},
    {ReplyType::NullArray, PatternKind::NullArray, "a null array (*-1)"},
    {ReplyType::Null, PatternKind::Null, "a null (_)"},
    {ReplyType::Double, PatternKind::Double, "a double (,)"},
    {ReplyType::Boolean, PatternKind::Boolean, "a boolean (#)"},
    {ReplyType::BigNumber, PatternKind::BigNumber, "a big number (()"},
    {ReplyType::Verbatim, PatternKind::Verbatim, "a verbatim string (=)"},
    {ReplyType::Array, PatternKind::Array, "an array (*)"},
    {ReplyType::Array, PatternKind::Unordered, "an array (*)"},
    {ReplyType::Map, PatternKind::Map, "a map (%)"},
    {ReplyType::Set, PatternKind::Set, "a set (~)"},
    {ReplyType::Push, PatternKind::Push, "a push (>)"},
};

std::string_view type_name(ReplyType type) {
  for (const auto& row : kTypes) {
    if (row.type == type) return row.name;
  }
  return "unknown";
}

std::string_view kind_name(PatternKind kind) {
  for (const auto& row : kTypes) {
    if (row.kind == kind) return row.name;
  }
  return kind == PatternKind::Nil ? "a null of any kind" : "a text";
}

bool kind_fits(PatternKind kind, const Reply& reply) {
  switch (kind) {
    case PatternKind::Anything:
    case PatternKind::Rest:
      return true;
    case PatternKind::Nil:
      return reply.is_null();
    case PatternKind::Text:
    case PatternKind::Number:
    case PatternKind::Capture:
      return !reply.is_null() && !reply.is_aggregate() && !reply.is_error();
    default:
      return std::any_of(std::begin(kTypes), std::end(kTypes), [&](const auto& row) {
        return row.kind == kind && row.type == reply.type;
      });
  }
}

std::optional<double> as_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || end != text.c_str() + text.size()) return std::nullopt;
  return value;
}

class Matcher {
 public:
  Matcher(Environment& environment, Captures& captures)
      : environment_(environment), captures_(captures) {}

  std::optional<Difference> match(const Pattern& pattern, const Reply& reply) {
    if (!kind_fits(pattern.kind, reply)) {
      return Difference{"expected " + std::string(kind_name(pattern.kind)) + ", received " +
                            std::string(type_name(reply.type)),
                        &reply, 0};
    }
    switch (pattern.kind) {
      case PatternKind::Capture:
        captures_.emplace_back(environment_.expand(pattern.word), reply.text);
        return std::nullopt;
      case PatternKind::Array:
      case PatternKind::Push:
        return match_ordered(pattern, reply);
      case PatternKind::Unordered:
      case PatternKind::Set:
        return match_unordered(pattern, reply, 1);
      case PatternKind::Map:
        return match_unordered(pattern, reply, 2);
      case PatternKind::Anything:
      case PatternKind::Rest:
      case PatternKind::Nil:
      case PatternKind::Null:
      case PatternKind::NullBulk:
      case PatternKind::NullArray:
        return std::nullopt;
      default:
        return match_payload(pattern, reply);
    }
  }

 private:
  std::optional<Difference> match_payload(const Pattern& pattern, const Reply& reply) {
    if (pattern.range) return match_range(pattern, reply);
    if (pattern.regex) {
      if (regex_found(reply.text, pattern.expression)) return std::nullopt;
      return Difference{"the text does not match /" + pattern.expression + "/", &reply, 0};
    }
    const std::string expected = environment_.expand(pattern.word);
    if (pattern.kind == PatternKind::Number) {
      if (as_number(expected) && as_number(expected) == as_number(reply.text)) return std::nullopt;
      return Difference{"the text is not the number " + expected, &reply, 0};
    }
    const std::string received =
        pattern.kind == PatternKind::Verbatim ? reply.format + ":" + reply.text : reply.text;
    if (expected == received) return std::nullopt;
    const Comparison comparison = compare_bytes(expected, received);
    return Difference{"byte " + std::to_string(comparison.byte) + " of the payload differs", &reply,
                      comparison.byte};
  }

  std::optional<Difference> match_range(const Pattern& pattern, const Reply& reply) {
    const std::optional<double> value = as_number(reply.text);
    if (!value) return Difference{"'" + clipped(reply.text, 40) + "' is not a number", &reply, 0};
    const auto bound = [&](const std::optional<Word>& word) -> std::optional<double> {
      if (!word) return std::nullopt;
      const std::string text = environment_.expand(*word);
      const std::optional<double> number = as_number(text);
      if (!number) fail("'" + text + "' in " + pattern.source + " is not a number");
      return number;
    };
    const std::optional<double> low = bound(pattern.low);
    const std::optional<double> high = bound(pattern.high);
    if ((!low || *value >= *low) && (!high || *value <= *high)) return std::nullopt;
    return Difference{clipped(reply.text, 40) + " lies outside " + pattern.source, &reply, 0};
  }

  std::optional<Difference> match_ordered(const Pattern& pattern, const Reply& reply) {
    const bool open =
        !pattern.elements.empty() && pattern.elements.back().kind == PatternKind::Rest;
    const std::size_t wanted = pattern.elements.size() - (open ? 1 : 0);
    const std::size_t common = std::min(wanted, reply.elements.size());
    for (std::size_t i = 0; i < common; ++i) {
      if (auto difference = match(pattern.elements[i], reply.elements[i])) return difference;
    }
    return check_count(wanted, open, reply);
  }

  static std::optional<Difference> check_count(std::size_t wanted, bool open, const Reply& reply) {
    const std::size_t have = reply.elements.size();
    if (have == wanted || (open && have > wanted)) return std::nullopt;
    const Reply* where = have > wanted ? &reply.elements[wanted] : &reply;
    return Difference{"expected " + std::string(open ? "at least " : "") + std::to_string(wanted) +
                          " elements, received " + std::to_string(have),
                      where, 0};
  }

  // Elements in groups of `width` (a map's pairs), each pattern taking one group: augmenting paths.
  std::optional<Difference> match_unordered(const Pattern& pattern, const Reply& reply,
                                            std::size_t width) {
    const bool open =
        !pattern.elements.empty() && pattern.elements.back().kind == PatternKind::Rest;
    const std::size_t wanted = pattern.elements.size() - (open ? 1 : 0);
    const std::size_t patterns = wanted / width;
    const std::size_t groups = reply.elements.size() / width;
    const auto fits = [&](std::size_t p, std::size_t g, Captures& captures) {
      Matcher inner(environment_, captures);
      for (std::size_t i = 0; i < width; ++i) {
        if (inner.match(pattern.elements[p * width + i], reply.elements[g * width + i]))
          return false;
      }
      return true;
    };
    std::vector<std::size_t> taken_by(groups, patterns);
    std::vector<bool> tried;
    const std::function<bool(std::size_t)> place = [&](std::size_t p) {
      for (std::size_t g = 0; g < groups; ++g) {
        Captures ignored;
        if (tried[g] || !fits(p, g, ignored)) continue;
        tried[g] = true;
        if (taken_by[g] == patterns || place(taken_by[g])) {
          taken_by[g] = p;
          return true;
        }
      }
      return false;
    };
    for (std::size_t p = 0; p < patterns; ++p) {
      tried.assign(groups, false);
      if (place(p)) continue;
      return Difference{"no element is left that matches " + pattern.elements[p * width].source,
                        &reply, 0};
    }
    if (auto difference = check_count(wanted, open, reply)) return difference;
    for (std::size_t g = 0; g < groups; ++g) {
      if (taken_by[g] != patterns) fits(taken_by[g], g, captures_);
    }
    return std::nullopt;
  }

  Environment& environment_;
  Captures& captures_;
};

std::size_t prefix_columns(const Reply& reply, std::size_t into) {
  const std::size_t opening = reply.type == ReplyType::Verbatim ? 2 : 1;
  const Form form = form_of(reply.text);
  return opening + columns(escaped(std::string_view(reply.text).substr(0, into), form));
}

}  // namespace

std::optional<Mismatch> match(const Pattern& pattern, const Reply& reply,
                              Environment& environment) {
  Captures captures;
  const std::optional<Difference> difference = Matcher(environment, captures).match(pattern, reply);
  if (!difference) {
    for (auto& [name, value] : captures) environment.set(name, value);
    return std::nullopt;
  }
  std::map<const Reply*, std::size_t> offsets;
  render(reply, offsets);
  Mismatch mismatch{difference->reason, offsets[difference->where]};
  if (difference->into > 0) mismatch.caret += prefix_columns(*difference->where, difference->into);
  return mismatch;
}

}  // namespace transcript

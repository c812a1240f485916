// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/command_syntax.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "shared/util/text.h"

namespace introspection {

using util::Failure;
using util::Result;

static constexpr std::pair<std::string_view, ArgumentType> kTypeNames[] = {
    {"string", ArgumentType::String},        {"integer", ArgumentType::Integer},
    {"double", ArgumentType::Double},        {"key", ArgumentType::Key},
    {"pattern", ArgumentType::Pattern},      {"unix-time", ArgumentType::UnixTime},
    {"pure-token", ArgumentType::PureToken}, {"oneof", ArgumentType::OneOf},
    {"block", ArgumentType::Block}};

std::string_view type_name(ArgumentType type) {
  return kTypeNames[static_cast<size_t>(type)].first;
}

// The reference calls the same things by the same names everywhere.
static ArgumentType usual_type(std::string_view name) {
  constexpr std::string_view kKeys[] = {"key", "newkey", "key1", "key2", "source", "destination"};
  constexpr std::string_view kIntegers[] = {
      "seconds", "milliseconds",   "offset",    "increment", "decrement",    "start",
      "end",     "count",          "cursor",    "index",     "index1",       "index2",
      "db",      "destination-db", "client-id", "protover",  "min-match-len"};
  if (std::ranges::find(kKeys, name) != std::end(kKeys)) return ArgumentType::Key;
  if (std::ranges::find(kIntegers, name) != std::end(kIntegers)) return ArgumentType::Integer;
  if (name == "pattern") return ArgumentType::Pattern;
  return name.starts_with("unix-time") ? ArgumentType::UnixTime : ArgumentType::String;
}

static std::vector<std::string_view> split(std::string_view text) {
  constexpr std::string_view kMarks = "[]<>|";
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    if (text[at] != ' ') {
      if (kMarks.find(text[at]) == std::string_view::npos) {
        end = std::min(text.find_first_of("[]<>| ", at), text.size());
      }
      words.push_back(text.substr(at, end - at));
    }
    at = end;
  }
  return words;
}

static bool is_token(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Recursive descent. The first mistake is latched, and everything after it ends quickly.
class SyntaxParser {
 public:
  explicit SyntaxParser(std::string_view text) : words_(split(text)) {}

  Result<std::vector<Argument>> run() {
    std::vector<Argument> result = sequence();
    if (mistake_.empty() && at_ < words_.size()) fail("unexpected " + std::string(words_[at_]));
    if (!mistake_.empty()) return Failure{mistake_};
    return result;
  }

 private:
  bool at_end() const { return at_ >= words_.size() || !mistake_.empty(); }
  bool next_is(std::string_view word) const { return !at_end() && words_[at_] == word; }
  void fail(std::string mistake) {
    if (mistake_.empty()) mistake_ = std::move(mistake);
  }
  void expect(std::string_view word) {
    if (!next_is(word)) return fail("missing " + std::string(word));
    ++at_;
  }

  bool next_is_argument() const {
    if (at_end() || std::string_view("[]<>|").find(words_[at_]) != std::string_view::npos)
      return false;
    return words_[at_] != "..." &&
           (words_[at_].ends_with('=') ? words_[at_].size() > 1 : !is_token(words_[at_]));
  }

  std::vector<Argument> sequence();
  void keyword(std::vector<Argument>& out);
  Argument argument();
  Argument choice(std::string name, std::string_view closing);
  void brackets(std::string name, std::vector<Argument>& out);
  void repeat(std::vector<Argument>& before, std::vector<Argument> again);

  std::vector<std::string_view> words_;
  size_t at_ = 0;
  bool repeats_ = false;  // the sequence that was read last ended in "..."
  std::string mistake_;
};

// One of several alternatives, or the only one there is.
static Argument join(std::string name, std::vector<Argument> parts, ArgumentType type) {
  if (parts.size() == 1 && type == ArgumentType::Block && name.empty()) return std::move(parts[0]);
  if (name.empty())
    name = type == ArgumentType::Block ? "data" : parts.empty() ? "choice" : parts[0].name;
  return {.name = std::move(name), .type = type, .parts = std::move(parts)};
}

std::vector<Argument> SyntaxParser::sequence() {
  std::vector<Argument> result;
  repeats_ = false;
  while (!at_end() && !next_is("]") && !next_is(">") && !next_is("|")) {
    if (repeats_) fail("something behind ...");
    if (next_is("...")) {
      ++at_;
      repeats_ = true;
    } else if (next_is("[")) {
      brackets({}, result);
      repeats_ = false;
    } else if (words_[at_].ends_with('=') && at_ + 1 < words_.size() && words_[at_ + 1] == "[") {
      const std::string_view name = words_[at_++];
      brackets(std::string(name.substr(0, name.size() - 1)), result);
      repeats_ = false;
    } else if (next_is("<") || next_is_argument()) {
      result.push_back(argument());
      repeats_ = false;
    } else {
      keyword(result);
    }
  }
  return result;
}

// A pure token, or the token of one argument, or of a block of several.
void SyntaxParser::keyword(std::vector<Argument>& out) {
  const std::string token(words_[at_++]);
  std::vector<Argument> behind;
  while (next_is("<") || next_is_argument()) behind.push_back(argument());
  if (behind.empty()) {
    out.push_back({.name = util::lower(token), .type = ArgumentType::PureToken, .token = token});
    return;
  }
  Argument owner = behind.size() == 1
                       ? std::move(behind[0])
                       : join(util::lower(token), std::move(behind), ArgumentType::Block);
  owner.token = token;
  out.push_back(std::move(owner));
}

Argument SyntaxParser::argument() {
  std::string_view word = words_[at_];
  if (word == "<" || word.ends_with('=')) {
    std::string name;
    if (word != "<") {
      name = word.substr(0, word.size() - 1);
      ++at_;
    }
    expect("<");
    return choice(std::move(name), ">");
  }
  ++at_;
  const size_t slash = word.find('/');
  const std::string name(word.substr(0, slash));
  if (slash == std::string_view::npos) return {.name = name, .type = usual_type(name)};
  const auto type = std::ranges::find(kTypeNames, word.substr(slash + 1),
                                      [](const auto& each) { return each.first; });
  if (type == std::end(kTypeNames)) {
    fail("no type " + std::string(word));
    return {};
  }
  return {.name = name, .type = type->second};
}

// Behind the opening mark.
Argument SyntaxParser::choice(std::string name, std::string_view closing) {
  std::vector<std::vector<Argument>> alternatives;
  do {
    if (next_is("|")) ++at_;
    alternatives.push_back(sequence());
    if (alternatives.back().empty()) fail("nothing to choose");
  } while (next_is("|"));
  expect(closing);
  if (!mistake_.empty()) return {};
  if (alternatives.size() == 1) {
    std::vector<Argument>& only = alternatives[0];
    if (only.size() == 1 && !only[0].optional) {
      if (!name.empty()) only[0].name = std::move(name);
      return std::move(only[0]);
    }
    return join(std::move(name), std::move(only), ArgumentType::Block);
  }
  std::vector<Argument> parts;
  for (auto& each : alternatives) parts.push_back(join({}, std::move(each), ArgumentType::Block));
  return join(std::move(name), std::move(parts), ArgumentType::OneOf);
}

// "[…]" makes optional what it holds; "[… ...]" repeats what stands before it.
void SyntaxParser::brackets(std::string name, std::vector<Argument>& out) {
  expect("[");
  const size_t start = at_;
  std::vector<Argument> again = sequence();
  if (repeats_ && next_is("]")) {
    ++at_;
    return repeat(out, std::move(again));
  }
  at_ = start;
  Argument group = choice(std::move(name), "]");
  group.optional = true;
  out.push_back(std::move(group));
}

void SyntaxParser::repeat(std::vector<Argument>& before, std::vector<Argument> again) {
  const auto same = [](const Argument& a, const Argument& b) { return a.name == b.name; };
  Argument* owner = before.empty() ? nullptr : &before.back();
  if (owner == nullptr || again.empty()) return fail("nothing to repeat");
  if (again.size() == 1 && same(again[0], *owner)) {
    owner->multiple = true;
    owner->multiple_token = !again[0].token.empty();
  } else if (owner->type == ArgumentType::Block && std::ranges::equal(again, owner->parts, same)) {
    owner->multiple = true;  // TOKEN a b [a b ...]
  } else if (before.size() >= again.size() &&
             std::equal(again.begin(), again.end(),
                        before.end() - static_cast<std::ptrdiff_t>(again.size()), same)) {
    const auto first = before.end() - static_cast<std::ptrdiff_t>(again.size());
    Argument block =
        join("data", {std::make_move_iterator(first), std::make_move_iterator(before.end())},
             ArgumentType::Block);
    before.erase(first, before.end());
    block.multiple = true;
    before.push_back(std::move(block));
  } else {
    fail("[… ...] repeats something else than what stands before");
  }
}

Result<std::vector<Argument>> parse_syntax(std::string_view text) {
  return SyntaxParser(text).run();
}

static WordCount count_argument(const Argument& argument) {
  WordCount result;
  if (argument.type == ArgumentType::OneOf) {
    std::optional<size_t> least;
    for (const Argument& part : argument.parts) {
      const WordCount each = count_argument(part);
      result.fixed = result.fixed && each.fixed && least.value_or(each.least) == each.least;
      least = std::min(least.value_or(each.least), each.least);
    }
    result.least = least.value_or(0);
  } else if (argument.type == ArgumentType::Block) {
    result = count_words(argument.parts);
  } else {
    result.least = argument.type == ArgumentType::PureToken ? 0 : 1;
  }
  if (!argument.token.empty()) ++result.least;
  if (argument.multiple) result.fixed = false;
  return argument.optional ? WordCount{0, false} : result;
}

WordCount count_words(const std::vector<Argument>& arguments) {
  WordCount result;
  for (const Argument& each : arguments) {
    const WordCount words = count_argument(each);
    result.least += words.least;
    result.fixed = result.fixed && words.fixed;
  }
  return result;
}

}  // namespace introspection

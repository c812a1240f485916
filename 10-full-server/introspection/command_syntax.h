// SPDX-License-Identifier: MIT
//
// A command's syntax, from the notation of the command reference to the tree that COMMAND DOCS answers. In `key value
// [condition=<NX | XX>] [GET] [expiration=<EX seconds | KEEPTTL>]`: a word in capitals is a word of the command, or the
// token of the argument behind it; <a | b> is one of several, [a | b] also none of them; `name=` names a choice or a block;
// `key value [key value ...]` repeats what stands before; `increment/double` gives a type that the name does not tell.
// Pure functions; the text must outlive nothing. Source: COMMAND DOCS of Redis 7.2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/result.h"

namespace introspection {

enum class ArgumentType : uint8_t {
  String,
  Integer,
  Double,
  Key,
  Pattern,
  UnixTime,
  PureToken,
  OneOf,
  Block
};
std::string_view type_name(ArgumentType type);

struct Argument {
  std::string name;
  ArgumentType type = ArgumentType::String;
  std::string token = {};
  bool optional = false;
  bool multiple = false;
  bool multiple_token = false;       // the token is repeated too
  std::vector<Argument> parts = {};  // of a choice or a block
};

util::Result<std::vector<Argument>> parse_syntax(std::string_view text);

// How many words a request with these arguments has, without the command's name.
struct WordCount {
  size_t least = 0;
  bool fixed = true;  // always so many
};
WordCount count_words(const std::vector<Argument>& arguments);

}  // namespace introspection

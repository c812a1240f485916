// SPDX-License-Identifier: MIT
//
// One documentation line for each command: what COMMAND DOCS answers and redis-cli shows as a hint.
// Written by hand beside the command's row; a test fails when a row has no line or when its arity
// contradicts the syntax. Constant data; any thread.
#pragma once

#include <span>
#include <string_view>

namespace introspection {

struct CommandDoc {
  std::string_view name;  // as in the row: "client|kill"
  std::string_view since;
  std::string_view group;
  std::string_view complexity;
  std::string_view summary;
  std::string_view syntax = {};            // command_syntax.h
  std::string_view deprecated_since = {};  // empty: it is not deprecated
  std::string_view replaced_by = {};
};

const CommandDoc* find_doc(std::string_view name);

// By family; find_doc() looks through all of them.
std::span<const CommandDoc> string_docs();
std::span<const CommandDoc> generic_docs();
std::span<const CommandDoc> connection_docs();
std::span<const CommandDoc> pubsub_docs();
std::span<const CommandDoc> transaction_docs();
std::span<const CommandDoc> server_docs();
std::span<const CommandDoc> list_docs();
std::span<const CommandDoc> hash_docs();
std::span<const CommandDoc> set_docs();
std::span<const CommandDoc> sorted_set_docs();
std::span<const CommandDoc> stream_docs();
std::span<const CommandDoc> bitmap_docs();
std::span<const CommandDoc> hyperloglog_docs();
std::span<const CommandDoc> geo_docs();
std::span<const CommandDoc> debug_docs();

}  // namespace introspection

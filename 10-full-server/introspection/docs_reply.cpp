// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/docs_reply.h"

#include <algorithm>

#include "10-full-server/introspection/command_docs.h"
#include "10-full-server/introspection/command_syntax.h"

namespace introspection {

namespace {

// Arguments in their order; keys are numbered by the specs that they come from.
class ArgumentsReply {
 public:
  ArgumentsReply(resp::ReplyWriter& reply, size_t key_specs)
      : reply_(reply), key_specs_(key_specs) {}

  void write(const std::vector<Argument>& arguments) {
    reply_.array(arguments.size());
    for (const Argument& each : arguments) write(each);
  }

 private:
  void pair(std::string_view name, std::string_view value) {
    reply_.bulk(name);
    reply_.bulk(value);
  }

  void write(const Argument& argument) {
    const bool nested =
        argument.type == ArgumentType::OneOf || argument.type == ArgumentType::Block;
    const bool key = argument.type == ArgumentType::Key && key_specs_ > 0;
    const size_t flags = size_t{argument.optional} + argument.multiple + argument.multiple_token;
    reply_.map(3 + size_t{key} + !argument.token.empty() + (flags != 0));
    pair("name", argument.name);
    pair("type", type_name(argument.type));
    if (!nested) pair("display_text", argument.name);
    if (key) {
      reply_.bulk("key_spec_index");
      reply_.integer(static_cast<int64_t>(std::min(next_key_++, key_specs_ - 1)));
    }
    if (!argument.token.empty()) pair("token", argument.token);
    if (flags != 0) {
      reply_.bulk("flags");
      reply_.set(flags);
      if (argument.optional) reply_.simple("optional");
      if (argument.multiple) reply_.simple("multiple");
      if (argument.multiple_token) reply_.simple("multiple_token");
    }
    if (!nested) return;
    reply_.bulk("arguments");
    write(argument.parts);
  }

  resp::ReplyWriter& reply_;
  size_t key_specs_;
  size_t next_key_ = 0;
};

}  // namespace

// How many pairs.
static size_t reply_line(resp::ReplyWriter& reply, const CommandDoc& doc, size_t key_specs) {
  size_t pairs = 0;
  const auto pair = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    reply.bulk(name);
    reply.bulk(value);
    ++pairs;
  };
  pair("summary", doc.summary);
  pair("since", doc.since);
  pair("group", doc.group);
  pair("complexity", doc.complexity);
  if (!doc.deprecated_since.empty()) {
    reply.bulk("doc_flags");
    reply.set(1);
    reply.simple("deprecated");
    ++pairs;
    pair("deprecated_since", doc.deprecated_since);
    pair("replaced_by", doc.replaced_by);
  }
  if (doc.syntax.empty()) return pairs;
  const auto arguments = parse_syntax(doc.syntax);
  if (!arguments) return pairs;  // a test keeps the lines free of this
  reply.bulk("arguments");
  ArgumentsReply(reply, key_specs).write(arguments.value());
  return pairs + 1;
}

void reply_docs(resp::ReplyWriter& reply, const command::Command& command) {
  reply.bulk(command.name);
  auto map = reply.open_map();
  const CommandDoc* doc = find_doc(command.row->name);
  size_t pairs = doc == nullptr ? 0 : reply_line(reply, *doc, command.row->keys.size());
  if (command.is_container()) {
    reply.bulk("subcommands");
    reply.map(command.subcommands.size());
    for (const command::Command* each : command.subcommands) reply_docs(reply, *each);
    ++pairs;
  }
  map.close(pairs);
}

}  // namespace introspection

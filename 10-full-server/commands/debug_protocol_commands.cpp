// SPDX-License-Identifier: MIT
// DEBUG PROTOCOL: one reply of every kind that RESP has, for tests of clients.
#include <array>

#include "10-full-server/commands/debug_commands.h"
#include "shared/command/context.h"
#include "shared/util/text.h"

namespace full_server::debug {

using resp::ReplyWriter;

namespace {

void three_numbers(ReplyWriter& reply) {
  for (int i = 0; i < 3; ++i) reply.integer(i);
}

void map(ReplyWriter& reply) {
  reply.map(3);
  for (int i = 0; i < 3; ++i) {
    reply.integer(i);
    reply.boolean(i == 1);
  }
}

// An attribute says something about the reply that follows it; in RESP2 there is none.
void attribute(ReplyWriter& reply) {
  if (reply.protocol() >= 3) {
    reply.attribute(1);
    reply.bulk("key-popularity");
    reply.array(2);
    reply.bulk("key:123");
    reply.integer(90);
  }
  reply.bulk("Some real reply following the attribute");
}

void push(ReplyWriter& reply) {
  if (reply.protocol() < 3) return reply.error("ERR RESP2 is not supported by this command");
  reply.push(2);
  reply.bulk("server-cpu-usage");
  reply.integer(42);
  reply.bulk("Some real reply following the push reply");
}

struct Sample {
  std::string_view name;
  void (*write)(ReplyWriter& reply);
};

constexpr auto kSamples = std::to_array<Sample>({
    {"string", [](ReplyWriter& reply) { reply.bulk("Hello World"); }},
    {"integer", [](ReplyWriter& reply) { reply.integer(12345); }},
    {"double", [](ReplyWriter& reply) { reply.number(3.141); }},
    {"bignum", [](ReplyWriter& reply) { reply.big_number("1234567999999999999999999999999999999"); }},
    {"null", [](ReplyWriter& reply) { reply.null(); }},
    {"array", [](ReplyWriter& reply) { reply.array(3), three_numbers(reply); }},
    {"set", [](ReplyWriter& reply) { reply.set(3), three_numbers(reply); }},
    {"map", map},
    {"attrib", attribute},
    {"push", push},
    {"verbatim", [](ReplyWriter& reply) { reply.verbatim("txt", "This is a verbatim\nstring"); }},
    {"true", [](ReplyWriter& reply) { reply.boolean(true); }},
    {"false", [](ReplyWriter& reply) { reply.boolean(false); }},
});

}  // namespace

void protocol(Context& c) {
  for (const Sample& sample : kSamples) {
    if (util::equal_ignoring_case(sample.name, c.arg(2))) return sample.write(c.reply());
  }
  c.reply().error(
      "ERR Wrong protocol type name. Please use one of the following: "
      "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");
}

}  // namespace full_server::debug

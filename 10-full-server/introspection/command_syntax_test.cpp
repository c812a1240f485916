// SPDX-License-Identifier: MIT
// Command syntax: the notation becomes the tree that COMMAND DOCS answers, and mistakes are found.
#include "10-full-server/introspection/command_syntax.h"

#include "shared/testing/catch.h"

using namespace introspection;

// A tree as one line: name:type, token in front, ? optional, * multiple, ** with its token.
static std::string show(const std::vector<Argument>& arguments) {
  std::string text;
  for (const Argument& each : arguments) {
    if (!text.empty()) text += ' ';
    if (!each.token.empty()) text += each.token + '@';
    text += each.name + ':' + std::string(type_name(each.type));
    if (!each.parts.empty()) text += '(' + show(each.parts) + ')';
    if (each.optional) text += '?';
    if (each.multiple) text += each.multiple_token ? "**" : "*";
  }
  return text;
}

static std::string parsed(std::string_view text) {
  const auto result = parse_syntax(text);
  return result ? show(result.value()) : "mistake: " + result.error();
}

TEST_CASE("arguments have the type that their name tells, or the one behind the slash") {
  CHECK(parsed("") == "");
  CHECK(parsed("key value") == "key:key value:string");
  CHECK(parsed("key increment/double") == "key:key increment:double");
  CHECK(parsed("key unix-time-seconds pattern") ==
        "key:key unix-time-seconds:unix-time pattern:pattern");
}

TEST_CASE("a keyword is the token of what follows, or stands alone") {
  CHECK(parsed("[LEN]") == "LEN@len:pure-token?");
  CHECK(parsed("cursor [MATCH pattern] [COUNT count]") ==
        "cursor:integer MATCH@pattern:pattern? COUNT@count:integer?");
  CHECK(parsed("[LIMIT offset count]") == "LIMIT@limit:block(offset:integer count:integer)?");
  CHECK(parsed("TYPE client-type=<NORMAL | PUBSUB>") ==
        "TYPE@client-type:oneof(NORMAL@normal:pure-token PUBSUB@pubsub:pure-token)");
}

TEST_CASE("what is repeated becomes multiple") {
  CHECK(parsed("key [key ...]") == "key:key*");
  CHECK(parsed("[section [section ...]]") == "section:string?*");
  CHECK(parsed("key value [key value ...]") == "data:block(key:key value:string)*");
  CHECK(parsed("[ID client-id [client-id ...]]") == "ID@client-id:integer?*");
  CHECK(parsed("[GET pattern [GET pattern ...]]") == "GET@pattern:pattern?**");
  CHECK(parsed("FIELDS field value [field value ...]") ==
        "FIELDS@fields:block(field:string value:string)*");
}

TEST_CASE("choices and blocks have names") {
  CHECK(parsed("condition=[NX | XX]") == "condition:oneof(NX@nx:pure-token XX@xx:pure-token)?");
  CHECK(parsed("<a | b c>") == "a:oneof(a:string data:block(b:string c:string))");
  CHECK(parsed("arguments=[protover [AUTH username password]]") ==
        "arguments:block(protover:integer AUTH@auth:block(username:string password:string)?)?");
}

TEST_CASE("mistakes are found") {
  for (const auto* text :
       {"[key", "key]", "<a | >", "[a ...]", "a [b ...]", "key/colour", "a | b", "a [a ... a]"}) {
    INFO(text);
    CHECK(!parse_syntax(text));
  }
}

TEST_CASE("words are counted") {
  const auto count = [](std::string_view text) { return count_words(parse_syntax(text).value()); };
  CHECK((count("key value").least == 2 && count("key value").fixed));
  CHECK((count("key [key ...]").least == 1 && !count("key [key ...]").fixed));
  CHECK((count("<ON | OFF>").least == 1 && count("<ON | OFF>").fixed));
  CHECK((count("<a | B c>").least == 1 && !count("<a | B c>").fixed));
  CHECK((count("[a]").least == 0 && !count("[a]").fixed));
}

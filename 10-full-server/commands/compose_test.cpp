// SPDX-License-Identifier: MIT
// Documentation lines: every row of the full server has one, its syntax can be read, and it agrees
// with the row.
#include "10-full-server/introspection/command_docs.h"

#include "10-full-server/introspection/command_syntax.h"
#include "10-full-server/stages.h"
#include "shared/server/server.h"
#include "shared/testing/catch.h"

TEST_CASE("every command is documented, and its syntax has the row's arity") {
  server::Server server("test");
  full_server::compose_stages(server);
  server.table.build();
  for (size_t i = 0; i < server.table.size(); ++i) {
    const command::Command& command = server.table[i];
    INFO(command.name);
    const introspection::CommandDoc* doc = introspection::find_doc(command.name);
    REQUIRE(doc != nullptr);
    CHECK(!doc->summary.empty());
    CHECK(!doc->since.empty());
    CHECK(!doc->group.empty());
    CHECK(!doc->complexity.empty());
    const auto syntax = introspection::parse_syntax(doc->syntax);
    REQUIRE(syntax);
    if (command.is_container()) continue;  // its subcommands have the arguments
    const introspection::WordCount words = introspection::count_words(syntax.value());
    const int least = static_cast<int>(words.least) + (command.container != nullptr ? 2 : 1);
    CHECK(least == std::abs(command.row->arity));
    if (!words.fixed) CHECK(command.row->arity < 0);
  }
}

TEST_CASE("no line is there twice, none for a command that does not exist") {
  server::Server server("test");
  full_server::compose_stages(server);
  server.table.build();
  using namespace introspection;
  for (const auto docs :
       {string_docs(), generic_docs(), connection_docs(), pubsub_docs(), server_docs()}) {
    for (const CommandDoc& doc : docs) {
      INFO(doc.name);
      CHECK(find_doc(doc.name) == &doc);
      CHECK(server.table.find_full_name(doc.name) != nullptr);
    }
  }
}

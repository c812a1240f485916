// SPDX-License-Identifier: MIT
//
// Names to rows: in any case, containers and their subcommands, later rows of the same name,
// rename-command.
#include "shared/command/command_table.h"

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "shared/testing/catch.h"

namespace command {

static constexpr CommandRow kRows[] = {
    {.name = "get", .arity = 2},         {.name = "set", .arity = -3},
    {.name = "config", .arity = -2},     {.name = "config|get", .arity = -3},
    {.name = "config|set", .arity = -4}, {.name = "a", .arity = 1}};

static CommandTable make_table() {
  CommandTable table;
  table.add(kRows);
  table.build();
  return table;
}

TEST_CASE("command table: a name is found in any case, and no other name is") {
  const CommandTable table = make_table();
  for (const char* name : {"get", "GET", "Get", "gEt"}) CHECK(table.find(name)->row == &kRows[0]);
  for (const char* name : {"", "g", "ge", "gett", "get ", "gat", "config|get", "GE\x54\x54"})
    CHECK(table.find(name) == nullptr);
  CHECK(table.find(std::string_view("get\0", 4)) == nullptr);
  CHECK(table.find("@") == nullptr);  // one bit from a space, as letters are from each other
  CHECK(table.find(std::string(1000, 'g')) == nullptr);
}

TEST_CASE("command table: subcommands belong to their container") {
  const CommandTable table = make_table();
  const Command* config = table.find("CONFIG");
  REQUIRE(config != nullptr);
  CHECK(config->is_container());
  CHECK(config->subcommands.size() == 2);
  const Command* get = table.find_subcommand(*config, "GeT");
  REQUIRE(get != nullptr);
  CHECK(get->name == "config|get");
  CHECK(get->own_name() == "get");
  CHECK(get->container == config);
  CHECK(table.find_full_name("Config|Set")->row == &kRows[4]);
  CHECK(table.find_full_name("GET")->row == &kRows[0]);
  CHECK(table.find_full_name("config|nope") == nullptr);
  CHECK(table.find_full_name("nope|get") == nullptr);
  CHECK(table.find_subcommand(*config, "config|get") == nullptr);
  CHECK(table.find("set")->own_name() == "set");
}

TEST_CASE("command table: ids are dense, and lead back") {
  const CommandTable table = make_table();
  CHECK(table.size() == 6);
  CHECK(table.top_level_count() == 4);
  for (size_t id = 0; id < table.size(); ++id) CHECK(table[id].id == id);
}

TEST_CASE(
    "command table: a later row of the same name replaces the earlier one, and keeps its place") {
  static constexpr CommandRow kLater[] = {{.name = "get", .arity = -2}};
  CommandTable table;
  table.add(kRows);
  table.add(kLater);
  table.build();
  CHECK(table.find("get")->row == &kLater[0]);
  CHECK(table.find("get")->id == 0);
  CHECK(table.size() == 6);
}

TEST_CASE("command table: a subcommand without a container is the author's mistake") {
  static constexpr CommandRow kOrphan[] = {{.name = "client|kill", .arity = 2}};
  CommandTable table;
  table.add(kOrphan);
  CHECK_THROWS_AS(table.build(), std::logic_error);
}

TEST_CASE("command table: rename and remove") {
  CommandTable table = make_table();
  CHECK(table.rename("GET", "Fetch"));
  CHECK(table.find("get") == nullptr);
  CHECK(table.find("FETCH")->row == &kRows[0]);
  CHECK(table.find("fetch")->name == "get");
  CHECK_FALSE(table.rename("get", "x"));
  CHECK_FALSE(table.rename("fetch", "SET"));
  CHECK(table.rename("config", ""));
  CHECK(table.find("config") == nullptr);
  CHECK(table.find("set")->row == &kRows[1]);
  CHECK(table.find("a")->row == &kRows[5]);
}

TEST_CASE("command table: three hundred names, none lost, whatever they share") {
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i)
    names.push_back("samehead" + std::string(static_cast<size_t>(i) % 7, 'x') + std::to_string(i) +
                    "z");
  std::vector<CommandRow> rows;
  for (const std::string& name : names) rows.push_back({.name = name, .arity = 1});
  CommandTable table;
  table.add(rows);
  table.build();
  for (int i = 0; i < 300; i += 3) REQUIRE(table.rename(names[static_cast<size_t>(i)], ""));
  for (size_t i = 0; i < 300; ++i) {
    const Command* found = table.find(names[i]);
    if ((found != nullptr) != (i % 3 != 0) || (found != nullptr && found->row != &rows[i]))
      FAIL(names[i]);
  }
}

TEST_CASE("rows: flags imply categories, and every bit has a name") {
  CHECK(acl_categories({.name = "x", .arity = 1, .flags = kWrite | kFast, .acl = kAclString}) ==
        (kAclString | kAclWrite | kAclFast));
  CHECK(acl_categories({.name = "x", .arity = 1, .flags = kAdmin}) ==
        (kAclAdmin | kAclDangerous | kAclSlow));
  std::set<std::string_view> names;
  for (size_t bit = 0; bit < kFlagCount; ++bit) names.insert(flag_name(bit));
  CHECK(names.size() == kFlagCount);
  CHECK(flag_name(19) == "allow_busy");
  names.clear();
  for (size_t bit = 0; bit < kAclCategoryCount; ++bit) names.insert(acl_category_name(bit));
  CHECK(names.size() == kAclCategoryCount);
  CHECK(acl_category_name(20) == "scripting");
  names.clear();
  for (size_t bit = 0; bit < kKeyFlagCount; ++bit) names.insert(key_flag_name(bit));
  CHECK(names.size() == kKeyFlagCount);
  CHECK_FALSE(names.contains(""));
}

}  // namespace command

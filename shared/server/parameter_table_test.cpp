// SPDX-License-Identifier: MIT
//
// CONFIG SET is all or nothing, CONFIG GET follows patterns, and every kind of parameter says what
// is wrong in Redis' words.
#include "shared/server/parameter_table.h"

#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/util/error.h"

namespace server {

using util::Failure;
using util::Result;

namespace {

struct Fixture {
  Fixture() {
    table.add(boolean("flag", flag));
    table.add(integer("number", number, 1, 100).also_called("count"));
    table.add(memory_size("memory", memory));
    table.add(text("text", text_value));
    table.add(words("words", words_value));
    table.add(choice("choice", chosen, {{"one", 1}, {"two", 2}}));
    table.add(integer("fixed", fixed, 0, 10).fixed());
    table.add(text("moody", moody).then([this]() -> Result<> {
      applied.push_back(moody);
      if (moody == "bad") return Failure{"can't have that"};
      return {};
    }));
  }
  std::string set(const std::vector<ParameterTable::Assignment>& assignments,
                  bool protected_too = false) {
    const auto result = table.set(assignments, {.protected_too = protected_too});
    return result ? "" : result.error();
  }
  std::string get(std::string_view name) { return table.find(name)->get(); }

  ParameterTable table;
  bool flag = false;
  int number = 10;
  uint64_t memory = 1024;
  std::string text_value = "t";
  std::vector<std::string> words_value = {"a", "b"};
  int chosen = 1;
  int fixed = 5;
  std::string moody = "good";
  std::vector<std::string> applied;
};

const std::string kFailed = "ERR CONFIG SET failed (possibly related to argument '";

}  // namespace

TEST_CASE("parameters: each kind is read, printed and refused") {
  Fixture f;
  CHECK(f.set({{"flag", "YES"}}).empty());
  CHECK(f.get("flag") == "yes");
  CHECK(f.set({{"flag", "maybe"}}) == kFailed + "flag') - argument must be 'yes' or 'no'");
  CHECK(f.set({{"number", "x"}}) ==
        kFailed + "number') - argument couldn't be parsed into an integer");
  CHECK(f.set({{"number", "101"}}) ==
        kFailed + "number') - argument must be between 1 and 100 inclusive");
  CHECK(f.set({{"memory", "2mb"}}).empty());
  CHECK(f.get("memory") == "2097152");
  CHECK(f.set({{"memory", "2 moles"}}) == kFailed + "memory') - argument must be a memory value");
  CHECK(f.set({{"words", "x \"y z\""}}).empty());
  CHECK(f.words_value == std::vector<std::string>{"x", "y z"});
  CHECK(f.set({{"choice", "TWO"}}).empty());
  CHECK(f.chosen == 2);
  CHECK(f.set({{"choice", "three"}}) ==
        kFailed + "choice') - argument(s) must be one of the following: one, two");
}

TEST_CASE("parameters: what CONFIG SET refuses before it sets anything") {
  Fixture f;
  CHECK(f.set({{"flag", "yes"}, {"nope", "1"}}) ==
        "ERR Unknown option or number of arguments for CONFIG SET - 'nope'");
  CHECK(f.set({{"flag", "yes"}, {"fixed", "1"}}) ==
        kFailed + "fixed') - can't set immutable config");
  CHECK(f.set({{"number", "1"}, {"COUNT", "2"}}) == kFailed + "COUNT') - duplicate parameter");
  CHECK(f.get("flag") == "no");
  CHECK(f.number == 10);
  CHECK(f.applied.empty());
}

TEST_CASE("parameters: a protected one changes at run time only where that is allowed") {
  Fixture f;
  std::string value = "old";
  Parameter row = text("guarded", value);
  row.guarded = true;
  f.table.add(std::move(row));
  CHECK(f.set({{"guarded", "new"}}) == kFailed + "guarded') - can't set protected config");
  CHECK(value == "old");
  CHECK(f.set({{"guarded", "new"}}, true).empty());
  CHECK(value == "new");
}

TEST_CASE("parameters: one wrong value, and none is set") {
  Fixture f;
  CHECK(f.set({{"flag", "yes"}, {"text", "new"}, {"number", "0"}, {"memory", "5"}}) ==
        kFailed + "number') - argument must be between 1 and 100 inclusive");
  CHECK(f.get("flag") == "no");
  CHECK(f.text_value == "t");
  CHECK(f.memory == 1024);
  CHECK(f.words_value == std::vector<std::string>{"a", "b"});
}

TEST_CASE("parameters: an action that fails takes everything back, and is taken back itself") {
  Fixture f;
  CHECK(f.set({{"flag", "yes"}, {"moody", "bad"}, {"number", "7"}}) ==
        kFailed + "moody') - can't have that");
  CHECK(f.get("flag") == "no");
  CHECK(f.number == 10);
  CHECK(f.moody == "good");
  CHECK(f.applied == std::vector<std::string>{"bad", "good"});
  CHECK(f.set({{"moody", "fine"}}).empty());
  CHECK(f.applied.back() == "fine");
}

TEST_CASE("parameters: at the start immutable ones can be set, and words may be many") {
  Fixture f;
  CHECK(f.table.set_at_start("FIXED", {"7"}));
  CHECK(f.fixed == 7);
  CHECK(f.table.set_at_start("words", {"x", "y"}));
  CHECK(f.get("words") == "x y");
  CHECK(f.table.set_at_start("words", {}));  // `save` alone: no save points
  CHECK(f.get("words") == "");
  for (const auto& result :
       {f.table.set_at_start("fixed", {"1", "2"}), f.table.set_at_start("fixed", {})}) {
    REQUIRE_FALSE(result);
    CHECK(result.error() == "wrong number of arguments");
  }
  CHECK(f.table.set_at_start("nope", {"1"}).error() == "Bad directive or wrong number of arguments");
  CHECK(f.applied.empty());
}

TEST_CASE("parameters: a directive is known to files only, a hidden one to those who know its name") {
  Fixture f;
  int hidden = 1, directive = 2;
  f.table.add(integer("hidden", hidden, 0, 9).concealed());
  Parameter row = integer("directive", directive, 0, 9);
  row.directive = true;
  f.table.add(row);
  CHECK(f.table.get({"*"}).size() == 9);
  CHECK(f.table.get({"hidden", "directive"}) == std::map<std::string, std::string>{{"hidden", "1"}});
  CHECK(f.set({{"hidden", "3"}}).empty());
  CHECK(f.set({{"directive", "3"}}).starts_with("ERR Unknown option"));
  CHECK(f.table.set_at_start("directive", {"4"}));
  CHECK(directive == 4);
}

TEST_CASE("parameters: some are not set while keys are loaded") {
  Fixture f;
  std::string folder = "a";
  Parameter row = text("folder", folder);
  row.not_while_loading = true;
  f.table.add(row);
  const auto result = f.table.set({{"flag", "yes"}, {"folder", "b"}}, {.loading = true});
  REQUIRE_FALSE(result);
  CHECK(result.error() == util::errors::kLoading.text);
  CHECK(f.get("flag") == "no");
}

TEST_CASE("parameters: patterns, names and aliases") {
  Fixture f;
  using Values = std::map<std::string, std::string>;
  CHECK(f.table.get({"F*"}) == Values{{"fixed", "5"}, {"flag", "no"}});
  CHECK(f.table.get({"count", "number"}) == Values{{"count", "10"}, {"number", "10"}});
  CHECK(f.table.get({"nope"}).empty());
  CHECK(f.table.get({"FLAG", "flag"}) == Values{{"FLAG", "no"}});
  CHECK(f.table.get({"*"}).size() == 9);
  CHECK(f.table.find("COUNT") == f.table.find("number"));
  CHECK(f.table.find("number")->default_value == "10");
}

}  // namespace server

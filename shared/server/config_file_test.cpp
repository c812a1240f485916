// SPDX-License-Identifier: MIT
//
// redis.conf and flags: quoting, include, errors that name the place, and a rewrite that leaves the
// reader's text alone.
#include "shared/server/config_file.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "shared/testing/catch.h"

namespace server {

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "config-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) FAIL("no temporary folder");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  size_t file_count() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

struct Fixture {
  Fixture() {
    table.add(integer("port", port, 0, 65535).fixed());
    table.add(text("name", name));
    table.add(words("bind", bind));
    table.add(boolean("flag", flag));
    Parameter renames = {.name = "rename-command",
                         .get = [this] { return renamed.empty() ? std::string() : renamed.back(); },
                         .set = [this](std::string_view given) -> util::Result<> {
                           renamed.emplace_back(given);
                           return {};
                         },
                         .takes_words = true,
                         .repeats = true,
                         .rewrite =
                             [this] {
                               std::vector<std::string> lines;
                               for (const auto& each : renamed)
                                 lines.push_back("rename-command " + each);
                               return lines;
                             }};
    table.add(std::move(renames));
  }
  std::string load(const std::string& content) {
    const auto result = load_text(content, "redis.conf", table);
    return result ? "" : result.error();
  }

  ParameterTable table;
  int port = 1;
  std::string name = "n";
  std::vector<std::string> bind = {"here"};
  bool flag = false;
  std::vector<std::string> renamed;
};

CommandLine parse(std::vector<std::string> words) {
  words.insert(words.begin(), "prog");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return parse_command_line(static_cast<int>(argv.size()), argv.data());
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("config: lines, comments, quotes") {
  Fixture f;
  CHECK(f.load("# comment\n\n   # indented\n\tPort  7000 \r\nname \"two words \\x41\\n\"\nbind a "
               "'b c'\nflag yes") == "");
  CHECK(f.port == 7000);
  CHECK(f.name == "two words A\n");
  CHECK(f.flag);
  CHECK(f.bind.front() == "a");
  CHECK(f.load("name ''\n") == "");
  CHECK(f.name.empty());
}

TEST_CASE("config: several lines of one parameter add up") {
  Fixture f;
  CHECK(f.load("rename-command GET G\nrename-command SET S\n") == "");
  CHECK(f.renamed == Lines{"GET G", "SET S"});
}

TEST_CASE("config: an error names the place, the line and the reason") {
  Fixture f;
  CHECK(f.load("port 1\n\nport x\n") ==
        "redis.conf line 3: 'port x': argument couldn't be parsed into an integer");
  CHECK(f.load("nope 1") ==
        "redis.conf line 1: 'nope 1': Bad directive or wrong number of arguments");
  CHECK(f.load("port") == "redis.conf line 1: 'port': wrong number of arguments");
  CHECK(f.load("name \"open") ==
        "redis.conf line 1: 'name \"open': Unbalanced quotes in configuration line");
}

TEST_CASE("config: include, and the place of an error inside it") {
  Fixture f;
  const Folder folder;
  const std::string inner = folder.write("inner.conf", "port 5\nflag maybe\n");
  const std::string error = f.load("name x\ninclude " + inner + "\n");
  CHECK(error.find("redis.conf line 2") != std::string::npos);
  CHECK(error.find(inner + " line 2: 'flag maybe': argument must be 'yes' or 'no'") !=
        std::string::npos);
  CHECK(f.port == 5);
  const std::string missing = f.load("include " + folder.path("none.conf"));
  CHECK(missing.find("can't open config file " + folder.path("none.conf")) != std::string::npos);
}

TEST_CASE("config: a file that includes itself is an error, not the end") {
  Fixture f;
  const Folder folder;
  folder.write("loop.conf", "include " + folder.path("loop.conf") + "\n");
  CHECK(f.load("include " + folder.path("loop.conf")).find("include is nested too deeply") !=
        std::string::npos);
}

TEST_CASE("command line: a path, flags with their values, and what stands alone") {
  CHECK(parse({"-v"}).action == CommandLine::Action::Version);
  CHECK(parse({"--help"}).action == CommandLine::Action::Help);
  const CommandLine line =
      parse({"my.conf", "--port", "7000", "--name", "two words", "--bind", "a", "b", "--name", ""});
  CHECK(line.action == CommandLine::Action::Run);
  CHECK(line.config_path == "my.conf");
  CHECK(line.lines == Lines{"port \"7000\"", "name \"two words\"", "bind \"a\" \"b\"", "name \"\""});
  CHECK(parse({"-"}).from_stdin);
  CHECK(parse({"--port", "1"}).config_path.empty());
  CHECK(parse({"--name", "--flag", "--flag", "yes"}).lines ==
        Lines{"name \"--flag\"", "flag \"yes\""});
  CHECK(parse({"--name x", "--save", "--flag", "no", "--save"}).lines ==
        Lines{"name x", "save \"\"", "flag \"no\"", "save \"\""});
  CHECK(parse({"my.conf", "name", "x"}).lines == Lines{"\"name\" \"x\""});
  CHECK(parse({"--name", "x", "-"}).from_stdin);
}

TEST_CASE("configuration: the file first, then the flags") {
  Fixture f;
  const Folder folder;
  const std::string path = folder.write("redis.conf", "port 1111\nname file\n");
  REQUIRE(load_configuration(parse({path, "--port", "2222"}), f.table));
  CHECK(f.port == 2222);
  CHECK(f.name == "file");
  const auto wrong = load_configuration(parse({"--port", "x"}), f.table);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error() == "command line: 'port \"x\"': argument couldn't be parsed into an integer");
  CHECK_FALSE(load_configuration(parse({folder.path("none.conf")}), f.table));
}

TEST_CASE(
    "rewrite: comments, order and unknown lines stay; values are new; what is new comes last, "
    "once") {
  Fixture f;
  const Folder folder;
  const std::string before =
      "# my server\nport 7000\n\n  # indented\ninclude other.conf\nFLAG no\nport "
      "7001\nrename-command A B\n";
  const std::string path = folder.write("redis.conf", before);
  f.port = 9000;
  f.flag = true;
  f.name = "it's # \"new\"";
  f.renamed = {"GET G", "SET S"};
  REQUIRE(rewrite_configuration(path, f.table));
  const std::string after = folder.read("redis.conf");
  CHECK(after ==
        "# my server\nport 9000\n\n  # indented\ninclude other.conf\nflag yes\nrename-command GET "
        "G\nrename-command SET S\n"
        "# Generated by CONFIG REWRITE\nname \"it's # \\\"new\\\"\"\n");
  REQUIRE(rewrite_configuration(path, f.table));
  CHECK(folder.read("redis.conf") == after);
  CHECK(folder.file_count() == 1);
}

TEST_CASE("rewrite: what it wrote is read back as it was") {
  const Folder folder;
  const std::string path = folder.write("redis.conf", "");
  for (const std::string& value : {std::string("plain"), std::string(""), std::string("a b"),
                                   std::string("\"'\\\n\t"), std::string("\x01\xff#", 3)}) {
    Fixture f;
    f.name = value;
    REQUIRE(rewrite_configuration(path, f.table));
    Fixture again;
    CHECK(again.load(folder.read("redis.conf")) == "");
    CHECK(again.name == value);
  }
  Fixture f;
  CHECK_FALSE(rewrite_configuration(folder.path("none.conf"), f.table));
}

}  // namespace server

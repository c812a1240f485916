// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "10-full-server/process/oom_score.h"
#include "10-full-server/process/process_title.h"
#include "shared/testing/catch.h"

namespace process {

TEST_CASE("oom score: absolute, relative, and back to what it was") {
  std::string name = (std::filesystem::temp_directory_path() / "oom-score-XXXXXX").string();
  const int descriptor = mkstemp(name.data());
  REQUIRE(descriptor >= 0);
  close(descriptor);
  std::ofstream(name) << "7\n";
  const auto written = [&] {
    std::ifstream file(name);
    int value = 0;
    file >> value;
    return value;
  };
  OomScore score(name);
  CHECK(score.apply(OomScore::Role::Master));
  CHECK(written() == 7);
  REQUIRE(score.set_values("10 20 2000"));
  CHECK(score.text() == "10 20 2000");
  score.mode = OomScore::kRelative;
  CHECK(score.apply(OomScore::Role::Replica));
  CHECK(written() == 27);
  score.mode = OomScore::kAbsolute;
  CHECK(score.apply(OomScore::Role::Child));
  CHECK(written() == 1000);
  score.mode = OomScore::kNo;
  CHECK(score.apply(OomScore::Role::Master));
  CHECK(written() == 7);
  CHECK(score.set_values("1 2").error() == "wrong number of arguments");
  CHECK_FALSE(score.set_values("1 2 x"));
  CHECK_FALSE(score.set_values("1 2 2001"));
  CHECK(score.text() == "10 20 2000");
  std::filesystem::remove(name);
}

TEST_CASE("process title: templates") {
  const auto variables = [](std::string_view name) -> std::optional<std::string> {
    if (name == "title") return "server";
    if (name == "port") return "6380";
    if (name == "nothing") return "";
    return {};
  };
  CHECK(expand_title("{title} *:{port} {nothing}", variables) == "server *:6380");
  CHECK(expand_title("{{title}", variables) == "{title}");
  CHECK_FALSE(expand_title("{port", variables));
  CHECK_FALSE(expand_title("{unknown}", variables));
  CHECK_FALSE(expand_title("{nothing}", variables));
  CHECK_FALSE(expand_title("", variables));
}

}  // namespace process

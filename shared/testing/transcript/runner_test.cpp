// SPDX-License-Identifier: MIT
//
// The runner against a server that is wrong in one way at a time: what the learner reads.
#include "shared/testing/transcript/runner.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/transcript/text.h"

using transcript::Result;
using transcript::Verdict;

namespace {

namespace fs = std::filesystem;

// A stage of its own: guide, catalogue, one check file. Removed at the end.
class Stage {
 public:
  explicit Stage(const std::string& lines)
      : folder_(fs::temp_directory_path() / ("stage-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "02-demo" / "checks");
    write("02-demo/GUIDE.md",
          "## 3 Rules\n\n**Rule 2.** A parser resumes where it\nstopped. It never rescans.\n\n");
    write("02-demo/tasks.md",
          "## 02.2 other\n\n1. Wrong hint.\n\n## 02.3 resume\nlines: 1\n\n1. What is left over\n   "
          "when it ends?\n2. Direction.\n");
    text_ = "# 02.3  ping is answered   pts: 3  rule: 2\n" + lines;
    file_ = write("02-demo/checks/02.3-ping.chk", text_);
  }
  ~Stage() { fs::remove_all(folder_); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Runs it; the text shown is left in `shown`.
  Verdict run(const std::string& mode, std::string& shown) {
    const auto scenarios = transcript::parse_script(file_, text_);
    transcript::RunSettings settings;
    settings.server = std::string(MISBEHAVING_SERVER) + " " + mode;
    settings.seed = 7;
    settings.timeout = transcript::milliseconds(300);
    const auto results =
        transcript::run_scenarios(scenarios, settings, [](const Result&) { return true; });
    shown = transcript::show_result(results.at(0), {7, ""});
    summary = transcript::show_summary(results);
    return results.at(0).verdict;
  }

  std::string summary;

 private:
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  fs::path folder_;
  std::string text_;
  std::string file_;
};

bool has(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("runner: a right answer passes and earns its points") {
  Stage stage("> PING < +PONG\n");
  std::string shown;
  CHECK(stage.run("good", shown) == Verdict::Passed);
  CHECK(has(stage.summary, "points: 3 of 3\n1 passed, 0 failed\n"));
}

TEST_CASE("runner: a wrong byte gets a caret, the rule, the command and the hint") {
  Stage stage("> PING < +PONG\n");
  std::string shown;
  REQUIRE(stage.run("wrong", shown) == Verdict::Failed);
  CHECK(has(shown, "02.3-ping.chk:2\n"));
  CHECK(has(shown, "  sent      *1\\r\\n$4\\r\\nPING\\r\\n\n"));
  CHECK(has(shown, "  expected  +PONG\\r\\n\n  received  +PONK\\r\\n\n                ^ "));
  CHECK(
      has(shown,
          "  rule 2    A parser resumes where it stopped.\n            02-demo/GUIDE.md#rule-2\n"));
  CHECK(has(shown, "make check T=02.3 SEED=7"));
  CHECK(has(shown, "hint      What is left over when it ends?"));
  CHECK(has(stage.summary, "0 passed, 1 failed"));
}

TEST_CASE("runner: bytes that nothing asked for fail") {
  Stage stage("> PING < +PONG\n");
  std::string shown;
  REQUIRE(stage.run("extra", shown) == Verdict::Failed);
  CHECK(has(shown, "7 bytes that nothing asked for"));
}

TEST_CASE("runner: an unwritten task is never called wrong") {
  Stage stage("> PING < +PONG\n");
  std::string shown;
  CHECK(stage.run("todo", shown) == Verdict::NotWritten);
  CHECK(has(shown, "not written yet: task 02.3"));
  CHECK_FALSE(has(shown, "expected"));
  CHECK(stage.run("exit70", shown) == Verdict::NotWritten);
  CHECK(has(shown, "not written yet: task 02.3"));
  Stage raw("raw \"PING\\r\\n\"\nexpect raw \"+PONG\\r\\n\"\n");
  CHECK(raw.run("todo", shown) == Verdict::NotWritten);
}

TEST_CASE("runner: a crash shows the signal and the log") {
  Stage stage("> PING < +PONG\n");
  std::string shown;
  REQUIRE(stage.run("crash", shown) == Verdict::Failed);
  CHECK(has(shown, "signal 6"));
  CHECK(has(shown, "| SUMMARY: AddressSanitizer: heap-use-after-free"));
}

TEST_CASE("runner: a server that does not listen is told by its output") {
  Stage stage("> PING < +PONG\n");
  std::string shown;
  REQUIRE(stage.run("refuses", shown) == Verdict::Failed);
  CHECK(has(shown, "the server did not start: exit status 1"));
  CHECK(has(shown, "| cannot start: the moon is full"));
  REQUIRE(stage.run("deaf", shown) == Verdict::Failed);
  CHECK(has(shown, "does not listen on port"));
}

TEST_CASE("runner: silence, half a reply, rubbish and a closed connection are told apart") {
  Stage stage("> PING < +PONG\n");
  std::string shown;
  stage.run("silent", shown);
  CHECK(has(shown, "no whole reply within 0.3 s"));
  CHECK(has(shown, "received  nothing"));
  stage.run("half", shown);
  CHECK(has(shown, "received  +PO\n               ^ no whole reply"));
  stage.run("malformed", shown);
  CHECK(has(shown, "these bytes are no reply: a reply can't begin with 'h'"));
  stage.run("close", shown);
  CHECK(has(shown, "the server closed the connection"));
}

TEST_CASE("runner: a difference inside an array is pointed at") {
  Stage stage("> GET < [\"a\" :1..5]\n");
  std::string shown;
  REQUIRE(stage.run("array", shown) == Verdict::Failed);
  CHECK(has(shown,
            "  expected  [\"a\" :1..5]\n  received  [\"a\" :7]\n                 ^ 7 lies outside "
            ":1..5"));
}

TEST_CASE("runner: loops tell the round, eventually tells its patience") {
  Stage loop("for n in 1..3\n  > PING < +PONG\nend\n");
  std::string shown;
  loop.run("wrong", shown);
  CHECK(has(shown, "(with $n = 1)"));
  Stage retry("eventually 50ms > PING < +PONG\n");
  retry.run("wrong", shown);
  CHECK(has(shown, "(still so after 50 ms)"));
}

TEST_CASE("runner: eventually that was in vain shows what the server has said") {
  Stage retry("eventually 50ms > PING < +PONG\n");
  std::string shown;
  retry.run("talks", shown);
  CHECK(has(shown, "(still so after 50 ms)"));
  CHECK(has(shown, "  the server's log ends with\n  | the moon is full\n"));
}

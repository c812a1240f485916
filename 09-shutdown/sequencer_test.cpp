// SPDX-License-Identifier: MIT
// The order of stopping, with a clock turned by hand and steps that note when they are asked.
#include "09-shutdown/sequencer.h"

#include <map>
#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/unit/fake_clock.h"

namespace shutdown {

using server::ShutdownRequest;
using server::ShutdownStep;
using Outcome = ShutdownStep::Outcome;
using State = Sequencer::State;

namespace {

struct Fixture {
  Fixture() { log.level = server::LogLevel::Nothing; }

  // A step that answers what `answers` says of it, and can be undone.
  void add(std::string_view name) {
    const std::string noted(name);
    answers[noted] = Outcome::Done;
    steps.push_back({.name = name,
                     .order = static_cast<int>(steps.size()),
                     .run =
                         [this, noted](const ShutdownRequest&, std::string& why) {
                           seen += noted + " ";
                           why = "it cannot be";
                           return answers[noted];
                         },
                     .undo = [this, noted] { seen += "-" + noted + " "; }});
  }
  void add_three() {
    add("close");
    add("drain");
    add("save");
  }
  void begin(int64_t patience_ms, bool force = false) {
    sequencer.begin({.force = force, .deadline = clock.wall_ms() + patience_ms});
  }
  std::string taken() { return std::exchange(seen, {}); }

  testing::FakeClock clock;
  server::Log log;
  std::vector<ShutdownStep> steps;
  std::map<std::string, Outcome> answers;
  std::string seen;
  Sequencer sequencer{steps, clock, log};
};

}  // namespace

TEST_CASE("sequencer: steps run in order, each once") {
  Fixture f;
  f.add_three();
  f.begin(1000);
  CHECK(f.sequencer.advance() == State::Finished);
  CHECK(f.taken() == "close drain save ");
  CHECK(f.sequencer.exit_status() == 0);
}

TEST_CASE("sequencer: a step that waits is asked again, and only it") {
  Fixture f;
  f.add_three();
  f.answers["drain"] = Outcome::Waiting;
  f.begin(1000);
  CHECK(f.sequencer.advance() == State::Running);
  f.clock.advance_ms(10);
  CHECK(f.sequencer.advance() == State::Running);
  CHECK(f.taken() == "close drain drain ");
  f.answers["drain"] = Outcome::Done;
  CHECK(f.sequencer.advance() == State::Finished);
  CHECK(f.taken() == "drain save ");
}

TEST_CASE("sequencer: nobody waits beyond the deadline, and that is no failure") {
  Fixture f;
  f.add_three();
  f.answers["drain"] = Outcome::Waiting;
  f.begin(1000);
  CHECK(f.sequencer.advance() == State::Running);
  f.clock.advance_ms(999);
  CHECK(f.sequencer.advance() == State::Running);
  f.clock.advance_ms(1);
  CHECK(f.sequencer.advance() == State::Finished);
  CHECK(f.sequencer.exit_status() == 0);
}

TEST_CASE("sequencer: without patience a step that waits is asked once") {
  Fixture f;
  f.add_three();
  f.answers["drain"] = Outcome::Waiting;
  f.begin(0);
  CHECK(f.sequencer.advance() == State::Finished);
  CHECK(f.taken() == "close drain save ");
}

TEST_CASE("sequencer: a refusal undoes what was asked, last first") {
  Fixture f;
  f.add_three();
  f.add("never asked");
  f.answers["save"] = Outcome::Refused;
  f.begin(1000);
  CHECK(f.sequencer.advance() == State::Idle);
  CHECK(f.taken() == "close drain save -save -drain -close ");
  f.answers["save"] = Outcome::Done;  // and it can be asked again
  f.begin(1000);
  CHECK(f.sequencer.advance() == State::Finished);
  CHECK(f.sequencer.exit_status() == 0);
}

TEST_CASE("sequencer: forced, a refusal costs the clean exit and nothing else") {
  Fixture f;
  f.add_three();
  f.answers["drain"] = Outcome::Refused;
  f.begin(1000, true);
  CHECK(f.sequencer.advance() == State::Finished);
  CHECK(f.taken() == "close drain save ");
  CHECK(f.sequencer.exit_status() == 1);
}

TEST_CASE("sequencer: called off while a step waits, that step is undone too") {
  Fixture f;
  f.add_three();
  f.answers["drain"] = Outcome::Waiting;
  f.begin(1000);
  f.sequencer.advance();
  f.taken();
  f.sequencer.call_off();
  CHECK(f.sequencer.state() == State::Idle);
  CHECK(f.taken() == "-drain -close ");
}

TEST_CASE("sequencer: called off before the first step, nothing is undone") {
  Fixture f;
  f.add_three();
  f.begin(1000);
  f.sequencer.call_off();
  CHECK(f.taken().empty());
  CHECK(f.sequencer.state() == State::Idle);
}

}  // namespace shutdown

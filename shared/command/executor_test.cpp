// SPDX-License-Identifier: MIT
//
// The one way in: which error comes first, who is asked, what is passed on, what is counted.
#include "shared/command/executor.h"

#include <string>
#include <vector>

#include "shared/testing/catch.h"
#include "shared/testing/unit/in_process_server.h"
#include "shared/util/todo.h"

namespace command {

namespace {

void get(Context& c) {
  const auto value = c.string(c.arg(1));
  if (value) value.exists() ? c.reply().bulk(value.text()) : c.reply().null();
}
void set(Context& c) {
  auto value = c.edit_string(c.arg(1));
  if (!value) return;
  value.assign(c.arg(2));
  value.changed("set");
  c.reply().ok();
}
void set_until(Context& c) {
  set(c);
  c.propagate().as({"SET", c.arg(1), c.arg(2)}).as({"PEXPIREAT", c.arg(1), "5"});
}
void set_quietly(Context& c) {
  set(c);
  c.propagate().nothing();
}
void choose(Context& c) {
  c.client().db = 1;
  c.db().set_string("k", "v");
  c.changed(keyspace::Event::String, "set", "k");
  c.reply().ok();
}
void fails(Context& c) { c.fail(util::errors::kSyntax); }
void unwritten(Context&) { util::todo("03.9"); }
void slow(Context& c) {
  const uint64_t until = util::cpu_ticks() + static_cast<uint64_t>(2000 * util::ticks_per_us());
  while (util::cpu_ticks() < until) {
  }
  c.reply().ok();
}
void secret(Context& c) {
  c.redact(2);
  c.reply().ok();
}
void now(Context& c) { c.reply().integer(c.now()); }

constexpr CommandRow kRows[] = {
    {.name = "get", .arity = 2, .flags = kReadOnly | kFast, .run = get},
    {.name = "set", .arity = 3, .flags = kWrite | kDenyOom, .run = set},
    {.name = "setuntil", .arity = 3, .flags = kWrite, .run = set_until},
    {.name = "setquietly", .arity = 3, .flags = kWrite, .run = set_quietly},
    {.name = "choose", .arity = 1, .flags = kWrite, .run = choose},
    {.name = "fails", .arity = -1, .run = fails},
    {.name = "secret", .arity = -1, .run = secret},
    {.name = "unwritten", .arity = 1, .run = unwritten},
    {.name = "slow", .arity = 1, .run = slow},
    {.name = "now", .arity = 1, .run = now},
    {.name = "box", .arity = -2},
    {.name = "box|open", .arity = 3, .run = get},
};

struct Recorder final : PropagationSink {
  std::vector<std::string> heard;
  void propagate(int db, resp::Args args, Audience) override {
    std::string line = std::to_string(db);
    for (const std::string_view arg : args) line.append(" ").append(arg);
    heard.push_back(line);
  }
  void end_of_execution() override { heard.push_back("end"); }
};
using Heard = std::vector<std::string>;

struct Fixture {
  testing::InProcessServer server{[](server::Server& s) { s.add_commands(kRows); }};
  Executor& executor = server.server().executor;
  const CommandStats& stats(std::string_view name) {
    return executor.stats()[server.server().table.find_full_name(name)->id];
  }
};

}  // namespace

TEST_CASE("executor: unknown commands and wrong numbers of arguments, in Redis' words") {
  Fixture f;
  CHECK(f.server.run({"Nope", "a", "b"}) ==
        "-ERR unknown command 'Nope', with args beginning with: 'a' 'b' \r\n");
  CHECK(f.server.run({"GET"}) == "-ERR wrong number of arguments for 'get' command\r\n");
  CHECK(f.server.run({"Get", "a", "b"}) == "-ERR wrong number of arguments for 'get' command\r\n");
  CHECK(f.server.run({"box"}) == "-ERR wrong number of arguments for 'box' command\r\n");
  CHECK(f.server.run({"box", "shut"}) == "-ERR unknown subcommand 'shut'. Try BOX HELP.\r\n");
  CHECK(f.server.run({"BOX", "OPEN"}) ==
        "-ERR wrong number of arguments for 'box|open' command\r\n");
  CHECK(f.server.run({"FAILS", "a", "b", "c"}) == "-ERR syntax error\r\n");
  CHECK(f.executor.commands_processed() == 1);
}

TEST_CASE("executor: an empty request does nothing") {
  Fixture f;
  CHECK(f.server.run({}).empty());
  CHECK(f.server.client().last_command == nullptr);
}

TEST_CASE("executor: a task that is not written yet is an answer") {
  Fixture f;
  CHECK(f.server.run({"unwritten"}) == "-ERR TODO 03.9\r\n");
  CHECK(f.server.run({"set", "k", "v"}) == "+OK\r\n");
  CHECK(f.server.run({"get", "k"}) == "$1\r\nv\r\n");
}

TEST_CASE("executor: what changed something is passed on as it came; what did not is not") {
  Fixture f;
  Recorder recorder;
  f.executor.set_propagation_sink(&recorder);
  f.server.run({"Set", "k", "v"});
  f.server.run({"get", "k"});
  f.server.run({"fails"});
  f.server.run({"nope"});
  CHECK(recorder.heard == Heard{"0 Set k v", "end", "end", "end"});
}

TEST_CASE("executor: a command may say what it did instead, or nothing") {
  Fixture f;
  Recorder recorder;
  f.executor.set_propagation_sink(&recorder);
  f.server.run({"setuntil", "k", "v"});
  f.server.run({"setquietly", "k", "v"});
  CHECK(recorder.heard == Heard{"0 SET k v", "0 PEXPIREAT k 5", "end", "end"});
}

TEST_CASE("executor: a change belongs to the database in which its command began") {
  Fixture f;
  Recorder recorder;
  f.executor.set_propagation_sink(&recorder);
  f.server.run({"choose"});
  CHECK(recorder.heard == Heard{"0 choose", "end"});
  CHECK(f.server.server().databases[1].size() == 1);
  CHECK(f.server.run({"get", "k"}) == "$1\r\nv\r\n");
}

TEST_CASE("executor: closed gates are asked in order, about the flags that concern them") {
  Fixture f;
  std::vector<std::string> asked;
  Gate first{.concerns = kWrite, .check = [&](const Client&, const Command& command) {
               asked.push_back("first " + std::string(command.name));
               return std::string_view();
             }};
  Gate second{.concerns = kDenyOom, .check = [&](const Client&, const Command&) {
                return util::errors::kOutOfMemory.text;
              }};
  f.executor.add_gate(first);
  f.executor.add_gate(second);
  CHECK(f.server.run({"set", "k", "1"}) == "+OK\r\n");
  CHECK(asked.empty());
  first.closed = second.closed = true;
  f.executor.gates_changed();
  CHECK(f.server.run({"set", "k", "2"}) ==
        "-OOM command not allowed when used memory > 'maxmemory'.\r\n");
  CHECK(f.server.run({"get", "k"}) == "$1\r\n1\r\n");
  CHECK(f.server.run({"setquietly", "k", "3"}) == "+OK\r\n");
  CHECK(f.server.run({"set", "k"}) == "-ERR wrong number of arguments for 'set' command\r\n");
  CHECK(asked == Heard{"first set", "first setquietly"});
  CHECK(f.stats("set").rejected == 2);
  CHECK(f.stats("set").calls == 1);
  second.closed = false;
  f.executor.gates_changed();
  CHECK(f.server.run({"set", "k", "2"}) == "+OK\r\n");
}

TEST_CASE("executor: a gate for everything stops everything") {
  Fixture f;
  Gate gate{.concerns = Gate::kEverything,
            .check =
                [](const Client& client, const Command&) {
                  return client.authenticated ? std::string_view() : util::errors::kNoAuth.text;
                },
            .closed = true};
  f.executor.add_gate(gate);
  CHECK(f.server.run({"fails"}) == "-ERR syntax error\r\n");
  Client& stranger = f.server.add_client();
  stranger.authenticated = false;
  CHECK(f.server.run(stranger, {"fails"}) == "-NOAUTH Authentication required.\r\n");
  CHECK(f.server.run(stranger, {"nope"}).starts_with("-ERR unknown command"));
}

TEST_CASE("executor: statistics") {
  Fixture f;
  f.server.run({"set", "k", "v"});
  f.server.run({"get", "k"});
  f.server.run({"get", "k"});
  f.server.run({"fails"});
  f.server.run({"box", "open", "k"});
  CHECK(f.stats("get").calls == 2);
  CHECK(f.stats("get").failed == 0);
  CHECK(f.stats("fails").calls == 1);
  CHECK(f.stats("fails").failed == 1);
  CHECK(f.stats("box|open").calls == 1);
  CHECK(f.stats("box").calls == 0);
  CHECK(f.stats("get").ticks > 0);
  CHECK(f.executor.commands_processed() == 5);
  CHECK(f.executor.changes().changes() == 1);
  f.executor.reset_stats();
  CHECK(f.stats("get").calls == 0);
  CHECK(f.executor.commands_processed() == 0);
  CHECK(f.executor.changes().changes() == 1);
}

namespace {

class Onlooker final : public Observer {
 public:
  void after_command(const Execution& execution) override {
    std::string line(execution.command.name);
    for (const std::string_view word : execution.args.subspan(1)) line.append(" ").append(word);
    if (execution.failed) line += " failed";
    if (!execution.outermost) line += " within";
    seen.push_back(line);
  }
  std::vector<std::string> seen;
};

}  // namespace

TEST_CASE("executor: observers hear of what they asked for") {
  Fixture f;
  Onlooker all, slow;
  f.executor.observe(all, Observer::kEverything);
  f.executor.observe(slow, static_cast<uint64_t>(1000 * util::ticks_per_us()));
  f.server.run({"set", "k", "v"});
  f.server.run({"fails"});
  f.server.run({"slow"});
  f.server.run({"set", "k"});
  f.server.run({"secret", "open", "sesame"});
  CHECK(all.seen == Heard{"set k v", "fails failed", "slow", "secret open (redacted)"});
  CHECK(slow.seen == Heard{"slow"});
  f.executor.observe(all, Observer::kNothing);
  f.server.run({"set", "k", "v"});
  CHECK(all.seen.size() == 4);
}

TEST_CASE("executor: errors by kind, latencies by command") {
  Fixture f;
  f.server.client().reply.report_errors_to(f.executor.errors());
  f.executor.track_latency(true);
  f.server.run({"fails"});
  f.server.run({"nope"});
  f.server.run({"slow"});
  CHECK(f.executor.errors().total() == 2);
  CHECK(f.executor.errors().by_code().at("ERR") == 2);
  const uint16_t id = f.executor.table().find("slow")->id;
  REQUIRE(f.executor.latency(id) != nullptr);
  CHECK(f.executor.latency(id)->at_percentile(50) >= 1'900'000);
  CHECK(f.executor.latency(f.executor.table().find("get")->id) == nullptr);
  f.executor.reset_stats();
  CHECK(f.executor.errors().total() == 0);
  CHECK(f.executor.latency(id) == nullptr);
}

TEST_CASE("executor: time stands still in a turn, but for long commands") {
  Fixture f;
  const std::string_view words[] = {"now", "slow"};
  const auto say = [&](size_t word) { f.executor.execute(f.server.client(), {&words[word], 1}); };
  say(0);
  f.server.clock().advance_ms(7);
  say(0);
  say(1);
  say(0);
  CHECK(f.server.output(f.server.client()) ==
        ":1700000000000\r\n:1700000000000\r\n+OK\r\n:1700000000007\r\n");
}

TEST_CASE("parts: provided once, found by type") {
  Parts parts;
  int number = 1;
  std::string text = "x";
  parts.provide(number);
  CHECK(parts.find<std::string>() == nullptr);
  parts.provide(text);
  CHECK(&parts.get<int>() == &number);
  CHECK(&parts.get<std::string>() == &text);
}

}  // namespace command

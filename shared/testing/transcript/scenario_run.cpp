// SPDX-License-Identifier: MIT
//
// The flow of a scenario: dispatch, loops, retries, variables, marks, and the explanation of a
// failure by what has become of the servers.
#include "shared/testing/transcript/scenario_run.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <thread>
#include <utility>

#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

constexpr std::size_t kLogLines = 20;
constexpr int kNotWrittenStatus = 70;
constexpr long long kMostRounds = 1'000'000;

bool sanitizer_speaks(const std::string& log) {
  return log.find("Sanitizer") != std::string::npos ||
         log.find("runtime error:") != std::string::npos;
}

std::optional<std::string> unwritten_task(const std::string& log) {
  std::smatch found;
  static const std::regex kTodo(R"(TODO (\d\d\.\w+): not written yet)");
  if (!std::regex_search(log, found, kTodo)) return std::nullopt;
  return found[1];
}

}  // namespace

bool version_at_least(const std::string& version, const std::string& wanted) {
  const char* have = version.c_str();
  const char* want = wanted.c_str();
  while (*want != '\0') {
    char* have_end = nullptr;
    char* want_end = nullptr;
    const long have_part = std::strtol(have, &have_end, 10);
    const long want_part = std::strtol(want, &want_end, 10);
    if (have_part != want_part || want_end == want) return have_part > want_part;
    have = *have_end == '.' ? have_end + 1 : have_end;
    want = *want_end == '.' ? want_end + 1 : want_end;
  }
  return true;
}

ScenarioRun::ScenarioRun(const Scenario& scenario, const RunSettings& settings, Fleet& fleet)
    : scenario_(scenario),
      settings_(settings),
      fleet_(fleet),
      environment_(settings.seed, [this](const std::string& name, const std::string& argument) {
        return lookup(name, argument);
      }) {
  for (ServerProcess* server : fleet_.servers()) log_from_[server->name()] = server->log().size();
}

void ScenarioRun::run() {
  try {
    run_block(scenario_.statements);
    finish_connections();
  } catch (FailureError& error) {
    if (error.failure().line == 0) error.failure().line = scenario_.line;
    explain(error.failure(), lost_connection_);
    for (auto& [name, socket] : spare_) ::close(std::exchange(socket, -1));
    throw;
  }
  for (auto& [name, socket] : spare_) ::close(std::exchange(socket, -1));
}

void ScenarioRun::run_block(const std::vector<Statement>& statements) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement* next = i + 1 < statements.size() ? &statements[i + 1] : nullptr;
    try {
      execute(statements[i], next);
    } catch (FailureError& error) {
      if (error.failure().line == 0) error.failure().line = statements[i].line;
      throw;
    }
  }
}

void ScenarioRun::execute(const Statement& statement, const Statement* next) {
  if (skipped_by_mark(statement)) return;
  exit_follows_ = next != nullptr && next->op == Op::Exit;
  if (statement.op != Op::Send) flush_all();
  (this->*handler(statement.op))(statement);
  // A pipeline is the commands of neighbouring lines; it leaves in one write.
  if (statement.op == Op::Send && (next == nullptr || next->op != Op::Send)) flush_all();
}

ScenarioRun::Handler ScenarioRun::handler(Op op) {
  static const std::map<Op, Handler> kHandlers = {
      {Op::Send, &ScenarioRun::run_send},
      {Op::Inline, &ScenarioRun::run_inline},
      {Op::Raw, &ScenarioRun::run_raw},
      {Op::Expect, &ScenarioRun::run_expect},
      {Op::ExpectUnordered, &ScenarioRun::run_expect_unordered},
      {Op::ExpectRaw, &ScenarioRun::run_expect_raw},
      {Op::NoReply, &ScenarioRun::run_no_reply},
      {Op::Closed, &ScenarioRun::run_closed},
      {Op::Connect, &ScenarioRun::run_connect},
      {Op::Split, &ScenarioRun::run_split},
      {Op::Start, &ScenarioRun::run_start},
      {Op::Server, &ScenarioRun::run_server},
      {Op::Proxy, &ScenarioRun::run_proxy},
      {Op::Kill, &ScenarioRun::run_kill},
      {Op::Term, &ScenarioRun::run_term},
      {Op::Restart, &ScenarioRun::run_restart},
      {Op::PowerCut, &ScenarioRun::run_power_cut},
      {Op::Exit, &ScenarioRun::run_exit},
      {Op::Log, &ScenarioRun::run_log},
      {Op::Cut, &ScenarioRun::run_cut},
      {Op::Heal, &ScenarioRun::run_heal},
      {Op::Order, &ScenarioRun::run_order},
      {Op::File, &ScenarioRun::run_file},
      {Op::Let, &ScenarioRun::run_let},
      {Op::LetReply, &ScenarioRun::run_let_reply},
      {Op::For, &ScenarioRun::run_for},
      {Op::ForIn, &ScenarioRun::run_for_in},
      {Op::Eventually, &ScenarioRun::run_eventually},
      {Op::Probe, &ScenarioRun::run_probe},
  };
  const auto found = kHandlers.find(op);
  return found == kHandlers.end() ? &ScenarioRun::run_connection_word : found->second;
}

// The oracle is asked, but what it says on a line marked @differs is not compared.
bool ScenarioRun::skipped_by_mark(const Statement& statement) {
  if (!settings_.oracle()) return false;
  const bool too_old =
      !statement.marks.since.empty() && !version_at_least(settings_.version, statement.marks.since);
  if (!too_old && !statement.marks.differs_set) return false;
  if (!too_old &&
      (statement.op == Op::Send || statement.op == Op::Inline || statement.op == Op::Raw))
    return false;
  lines_skipped_.insert(statement.line);
  if (!too_old && statement.op == Op::Expect) {
    flush_all();
    for (std::size_t i = 0; i < statement.patterns.size(); ++i) {
      next_reply(peer(statement.target, false), "any reply (the line is marked @differs)",
                 std::nullopt);
    }
  }
  return true;
}

std::vector<std::string> ScenarioRun::expand(const std::vector<Word>& words, std::size_t from) {
  std::vector<std::string> values;
  for (std::size_t i = from; i < words.size(); ++i) values.push_back(environment_.expand(words[i]));
  return values;
}

milliseconds ScenarioRun::duration(const Word& word) {
  const std::string text = environment_.expand(word);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const std::string_view unit(end);
  if (end == text.c_str() || (unit != "ms" && unit != "s"))
    fail("'" + text + "' is no duration (2s, 150ms)");
  return milliseconds(static_cast<long long>(unit == "s" ? value * 1000 : value));
}

void ScenarioRun::run_let(const Statement& statement) {
  const std::vector<std::string> values = expand(statement.words);
  if (values.size() == 1) return environment_.set(statement.name, values[0]);
  const std::string& verb = values[0];
  if (values.size() == 2 && verb == "length")
    return environment_.set(statement.name, std::to_string(values[1].size()));
  if (values.size() == 2 && verb == "size") {
    const std::string& path =
        values[1].starts_with("/") ? values[1] : running_server("").dir() + "/" + values[1];
    const std::optional<std::string> bytes = read_file(path);
    if (!bytes) fail("there is no file " + path);
    return environment_.set(statement.name, std::to_string(bytes->size()));
  }
  if (verb == "frame") {
    std::string frame = "*" + std::to_string(values.size() - 1) + "\r\n";
    for (std::size_t i = 1; i < values.size(); ++i) {
      frame += "$" + std::to_string(values[i].size()) + "\r\n" + values[i] + "\r\n";
    }
    return environment_.set(statement.name, frame);
  }
  if (values.size() == 3 && (values[1] == "+" || values[1] == "-" || values[1] == "*")) {
    const long long left = environment_.integer(statement.words[0]);
    const long long right = environment_.integer(statement.words[2]);
    const long long result = values[1] == "+"   ? left + right
                             : values[1] == "-" ? left - right
                                                : left * right;
    return environment_.set(statement.name, std::to_string(result));
  }
  fail("let " + statement.name +
       " = …: a word, length WORD, size PATH, frame CMD ARGS, a + b, a - b, a * b or > CMD");
}

void ScenarioRun::run_let_reply(const Statement& statement) {
  Peer& from = peer(statement.target, false);
  const resp::Reply reply = next_reply(from, "a reply to keep as $" + statement.name, std::nullopt);
  if (reply.is_aggregate() || reply.is_null()) {
    Failure failure;
    failure.reason = "the reply is no single value that $" + statement.name + " could hold";
    failure.received = render(reply);
    fail_reply(from, std::move(failure));
  }
  from.sent.clear();
  environment_.set(statement.name, reply.text);
}

void ScenarioRun::run_for(const Statement& statement) {
  const long long first = environment_.integer(statement.words[0]);
  const long long last = environment_.integer(statement.words[1]);
  const long long step = statement.words.size() > 2 ? environment_.integer(statement.words[2]) : 1;
  if (step < 1 || (last - first) / step > kMostRounds)
    fail("the loop's range or step makes no sense");
  for (long long n = first; n <= last; n += step) {
    environment_.set(statement.name, std::to_string(n));
    try {
      run_block(statement.body);
    } catch (FailureError& error) {
      error.failure().reason += " (with $" + statement.name + " = " + std::to_string(n) + ")";
      throw;
    }
  }
}

void ScenarioRun::run_for_in(const Statement& statement) {
  for (const Word& word : statement.words) {
    const std::string value = environment_.expand(word);
    environment_.set(statement.name, value);
    try {
      run_block(statement.body);
    } catch (FailureError& error) {
      error.failure().reason += " (with $" + statement.name + " = " + clipped(value, 40) + ")";
      throw;
    }
  }
}

void ScenarioRun::run_eventually(const Statement& statement) {
  const milliseconds patience = duration(statement.words[0]);
  const Deadline until = Clock::now() + patience;
  milliseconds pause{2};
  while (true) {
    try {
      return run_block(statement.body);
    } catch (FailureError& error) {
      if (Clock::now() >= until) {
        error.failure().reason += " (still so after " + std::to_string(patience.count()) + " ms)";
        if (error.failure().log.empty()) error.failure().log = last_words();
        throw;
      }
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, milliseconds(50));
    for (auto& [name, each] : peers_) {
      if (!each.connection || each.connection->reading_stopped()) continue;
      each.connection->drain();
      each.connection->skip(each.connection->unread().size());
      each.outstanding = 0;
      each.sent.clear();
    }
  }
}

void ScenarioRun::run_probe(const Statement& statement) {
  ServerProcess& server = running_server(statement.target);
  if (const auto spare = spare_.find(server.name()); spare != spare_.end()) {
    ::close(spare->second);
    spare_.erase(spare);
  }
  const std::vector<std::string> arguments = expand(statement.words, 1);
  settings_.probe(environment_.expand(statement.words[0]),
                  {arguments, server.port(), server.pid(), settings_.seed});
}

// The end of what the servers have said in this scenario.
std::string ScenarioRun::last_words() {
  const std::vector<ServerProcess*> servers = fleet_.servers();
  if (servers.size() == 1) return last_lines(log_of(*servers.front()), kLogLines);
  std::string words;
  for (ServerProcess* server : servers) {
    const std::string end = last_lines(log_of(*server), kLogLines / 2);
    if (!end.empty()) words += server->name() + ":\n" + end + "\n";
  }
  return words;
}

std::optional<std::string> ScenarioRun::lookup(const std::string& name,
                                               const std::string& argument) {
  if (name == "SEED") return std::to_string(settings_.seed);
  if (name == "PORT" || name == "port") return std::to_string(fleet_.port(argument));
  if (name == "DIR" || name == "dir") return fleet_.get(argument).dir();
  if (name == "PID" || name == "pid") return std::to_string(running_server(argument).pid());
  if (name == "AOF" || name == "aof") return log_file_of(fleet_.get(argument));
  return std::nullopt;
}

// A connection that breaks is often the shadow of a process that ended: look, and wait a little for
// it.
void ScenarioRun::explain(Failure& failure, bool lost_connection) {
  if (failure.kind != FailureKind::Wrong) return;
  for (ServerProcess* server : fleet_.servers()) {
    if (!server->started()) continue;
    std::string log = log_of(*server);
    const milliseconds patience{sanitizer_speaks(log) ? 3000 : lost_connection ? 300 : 0};
    const std::optional<int> status = server->wait_for_exit(Clock::now() + patience);
    if (!status) continue;
    log = log_of(*server);
    const std::optional<std::string> task = unwritten_task(log);
    if (WIFEXITED(*status) && WEXITSTATUS(*status) == kNotWrittenStatus && task) {
      failure.kind = FailureKind::NotWritten;
      failure.task = *task;
      return;
    }
    if (server->end_expected()) continue;
    failure.kind = FailureKind::Crashed;
    failure.reason =
        "the server ended with " + describe_status(*status) + " (" + failure.reason + ")";
    failure.log = last_lines(log, kLogLines);
    // The summary of a sanitizer may be far above the last lines' shadow map.
    const std::size_t summary = log.find("SUMMARY: ");
    if (summary != std::string::npos) {
      failure.log = log.substr(summary, log.find('\n', summary) - summary) + "\n" + failure.log;
    }
    return;
  }
}

}  // namespace transcript

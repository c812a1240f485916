// SPDX-License-Identifier: MIT
//
// Words about processes: starting, stopping, their exit and their log; proxies.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "shared/testing/transcript/scenario_run.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

constexpr std::size_t kLogLines = 20;

// Searches line by line, so that ^ and $ mean a line.
bool found_in(const Pattern& pattern, const std::string& text, Environment& environment) {
  return pattern.regex ? regex_found(text, pattern.expression)
                       : text.find(environment.expand(pattern.word)) != std::string::npos;
}

}  // namespace

ServerProcess& ScenarioRun::addressed(const Statement& statement) {
  if (!statement.target.empty() || statement.words.empty()) return fleet_.get(statement.target);
  return fleet_.get(environment_.expand(statement.words[0]));
}

ServerProcess& ScenarioRun::running_server(const std::string& name) {
  ServerProcess& server = fleet_.get(name);
  if (!server.started()) start(server, {});
  return server;
}

void ScenarioRun::start(ServerProcess& server, const std::vector<std::string>& flags) {
  if (const auto spare = spare_.find(server.name()); spare != spare_.end()) {
    ::close(spare->second);
    spare_.erase(spare);
  }
  prepare_shim(server);
  server.start(flags);
  if (exit_follows_) return;
  const int socket = server.wait_until_listening(deadline());
  if (socket >= 0) {
    spare_[server.name()] = socket;
    return;
  }
  const std::optional<int> status = server.status();
  Failure failure;
  failure.reason = status ? "the server did not start: " + describe_status(*status)
                          : "the server does not listen on port " + std::to_string(server.port());
  failure.log = last_lines(log_of(server), kLogLines);
  explain(failure, false);
  if (failure.kind != FailureKind::NotWritten) failure.kind = FailureKind::NotListening;
  throw FailureError(std::move(failure));
}

void ScenarioRun::run_start(const Statement& statement) {
  ServerProcess& server = fleet_.get(statement.target);
  if (server.running())
    fail("the server is already running: put start before the first command, or use restart");
  start(server, expand(statement.words));
}

void ScenarioRun::run_server(const Statement& statement) {
  start(fleet_.add(statement.target, statement.name == "redis"), expand(statement.words));
}

void ScenarioRun::run_proxy(const Statement& statement) {
  if (fleet_.find(statement.name) != nullptr) running_server(statement.name);
  fleet_.add_proxy(statement.target, statement.name == "server" ? "" : statement.name);
}

void ScenarioRun::run_kill(const Statement& statement) {
  ServerProcess& server = addressed(statement);
  if (!server.running()) fail("kill: the server is not running");
  server.expect_end();
  server.kill();
}

void ScenarioRun::run_term(const Statement& statement) {
  ServerProcess& server = addressed(statement);
  if (!server.running()) fail("term: the server is not running");
  server.expect_end();
  server.signal(SIGTERM);
}

// restart [NAME] [--flags]: without flags, those of the last start.
void ScenarioRun::run_restart(const Statement& statement) {
  std::vector<std::string> words = expand(statement.words);
  std::string name = statement.target;
  if (name.empty() && !words.empty() && !words[0].starts_with("-")) {
    name = words[0];
    words.erase(words.begin());
  }
  ServerProcess& server = fleet_.get(name);
  if (server.running()) {
    if (!server.end_expected()) server.signal(SIGTERM);
    server.expect_end();
    if (!server.wait_for_exit(deadline())) fail("restart: the server does not end after SIGTERM");
  }
  start(server, words.empty() ? server.flags() : words);
}

// exit N [NAME]: the server ends by itself or after term; N is its status, any, or signal:N.
void ScenarioRun::run_exit(const Statement& statement) {
  const std::string wanted = environment_.expand(statement.words[0]);
  const std::string name =
      statement.words.size() > 1 ? environment_.expand(statement.words[1]) : statement.target;
  ServerProcess& server = fleet_.get(name);
  server.expect_end();
  const std::optional<int> status = server.wait_for_exit(deadline());
  Failure failure;
  failure.expected = "exit " + wanted;
  failure.log = last_lines(log_of(server), kLogLines);
  if (!status) {
    failure.reason = "the server is still running";
    throw FailureError(std::move(failure));
  }
  const std::string ended = WIFEXITED(*status) ? std::to_string(WEXITSTATUS(*status))
                                               : "signal:" + std::to_string(WTERMSIG(*status));
  if (wanted == "any" || wanted == ended) return;
  failure.reason = "the server ended with " + describe_status(*status);
  failure.received = "exit " + ended;
  throw FailureError(std::move(failure));
}

// What this scenario has made the server write; a shared server's earlier lines don't count.
std::string ScenarioRun::log_of(ServerProcess& server) {
  const auto from = log_from_.find(server.name());
  std::string log = server.log();
  return from == log_from_.end() || from->second > log.size() ? log : log.substr(from->second);
}

void ScenarioRun::run_log(const Statement& statement) {
  ServerProcess& server = running_server(statement.target);
  const Pattern& pattern = statement.patterns.front();
  const bool wanted = statement.name == "contains";
  // The line may be on its way; for `lacks` there is nothing to wait for.
  const Deadline until = wanted ? Clock::now() + milliseconds(500) : Clock::now();
  while (found_in(pattern, log_of(server), environment_) != wanted) {
    if (Clock::now() < until) {
      ::usleep(5000);
      continue;
    }
    Failure failure;
    failure.reason = wanted ? "no line of the log matches" : "the log has what it should lack";
    failure.expected = "log " + statement.name + " " +
                       (pattern.regex ? "/" + pattern.expression + "/" : pattern.word.source);
    failure.log = last_lines(log_of(server), kLogLines);
    throw FailureError(std::move(failure));
  }
}

// cut [NAME] [after N | stalled]
void ScenarioRun::run_cut(const Statement& statement) {
  std::vector<std::string> words = expand(statement.words);
  std::string name = statement.target;
  if (name.empty() && !words.empty()) {
    name = words[0];
    words.erase(words.begin());
  }
  Proxy* proxy = fleet_.find_proxy(name);
  if (proxy == nullptr) fail("there is no proxy named '" + name + "'");
  if (words.empty()) return proxy->cut();
  if (words[0] == "stalled" && words.size() == 1) return proxy->stall();
  if (words[0] != "after" || words.size() != 2)
    fail("write  cut NAME,  cut NAME after BYTES  or  cut NAME stalled");
  proxy->cut_after(environment_.integer(statement.words.back()));
}

void ScenarioRun::run_heal(const Statement& statement) {
  const std::string name =
      statement.words.empty() ? statement.target : environment_.expand(statement.words[0]);
  Proxy* proxy = fleet_.find_proxy(name);
  if (proxy == nullptr) fail("there is no proxy named '" + name + "'");
  proxy->heal();
}

}  // namespace transcript

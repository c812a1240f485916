// SPDX-License-Identifier: MIT
//
// powercut and order. A scenario that has one of these words starts its servers with the shim.
#include <signal.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "shared/testing/transcript/durable_state.h"
#include "shared/testing/transcript/scenario_run.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

bool needs_shim(const std::vector<Statement>& statements) {
  return std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    return statement.op == Op::PowerCut || statement.op == Op::Order || needs_shim(statement.body);
  });
}

bool is_event(std::string_view word) {
  return word == "append" || word == "fsync" || word == "reply";
}

// A saving child would write on after the cut.
std::vector<pid_t> children_of(pid_t pid) {
  const std::string id = std::to_string(pid);
  std::istringstream list(read_file("/proc/" + id + "/task/" + id + "/children").value_or(""));
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

}  // namespace

void ScenarioRun::prepare_shim(ServerProcess& server) {
  if (!needs_shim(scenario_.statements)) return;
#ifndef __linux__
  throw SkipError("powercut and order need Linux");
#endif
  if (settings_.shim.empty())
    throw SkipError("powercut and order need durability-shim.so beside workshop-check");
  auto& state = durable_[server.name()];
  if (!state)
    state = std::make_unique<DurableState>(server.dir(),
                                           fleet_.folder() + "/" + server.name() + "/notes");
  state->take_ground();
  server.set_environment(state->environment(settings_.shim));
}

DurableState& ScenarioRun::durable(ServerProcess& server) {
  const auto found = durable_.find(server.name());
  if (found == durable_.end())
    fail("powercut and order need a server that this scenario has started: no share-server");
  if (!found->second->loaded())
    throw SkipError("the server does not load the shim (a static program?)");
  return *found->second;
}

void ScenarioRun::run_power_cut(const Statement& statement) {
  ServerProcess& server = addressed(statement);
  DurableState& state = durable(server);
  if (server.running()) {
    server.expect_end();
    const std::vector<pid_t> children = children_of(server.pid());
    server.kill();
    for (const pid_t child : children) ::kill(child, SIGKILL);
  }
  state.restore();
}

// order append < fsync < reply: looking back from the first reply since the last command was sent,
// the last append lies before the last fsync. Syncs of a background thread may lie before them.
void ScenarioRun::run_order(const Statement& statement) {
  ServerProcess& server = fleet_.get(statement.target);
  std::vector<std::string> events = durable(server).events_since(order_from_);
  std::erase_if(events, [](const std::string& event) { return !is_event(event); });
  std::vector<std::string> wanted;
  for (std::size_t i = 0; i < statement.words.size(); ++i) {
    const std::string word = environment_.expand(statement.words[i]);
    if (i % 2 == 0 ? !is_event(word) : word != "<") fail("write  order append < fsync < reply");
    if (i % 2 == 0) wanted.push_back(word);
  }
  std::string seen;
  for (const std::string& event : events) seen += (seen.empty() ? "" : " ") + event;
  const auto end = std::find(events.begin(), events.end(), wanted.back());
  std::string reason = end == events.end() ? "there was no " + wanted.back() : "";
  auto last = events.begin();
  for (std::size_t i = 0; i + 1 < wanted.size() && reason.empty(); ++i) {
    const auto found = std::find(std::make_reverse_iterator(end), events.rend(), wanted[i]);
    if (found == events.rend())
      reason = "there was no " + wanted[i] + " before the " + wanted.back();
    else if (i > 0 && found.base() < last)
      reason = "the last " + wanted[i] + " came before the last " + wanted[i - 1];
    else
      last = found.base();
  }
  if (reason.empty()) return;
  Failure failure;
  failure.reason = reason;
  for (const Word& word : statement.words)
    failure.expected += (failure.expected.empty() ? "" : " ") + word.source;
  failure.received = seen.empty() ? "nothing" : clipped(seen);
  throw FailureError(std::move(failure));
}

}  // namespace transcript

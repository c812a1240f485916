// SPDX-License-Identifier: MIT
//
// Words about connections: sending, expecting, and what is wrong when an expectation doesn't hold.
#include <unistd.h>

#include <utility>

#include "shared/testing/transcript/scenario_run.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

constexpr std::size_t kSentShown = 4;  // commands shown with a failure
constexpr milliseconds kQuiet{100};    // how long no-reply listens
constexpr milliseconds kFinish{100};   // how long a half-closed server may take to close

std::string request_of(const std::vector<std::string>& arguments) {
  std::string bytes = "*" + std::to_string(arguments.size()) + "\r\n";
  for (const std::string& argument : arguments) {
    bytes += "$" + std::to_string(argument.size()) + "\r\n" + argument + "\r\n";
  }
  return bytes;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  const std::size_t first = lines.size() > kSentShown ? lines.size() - kSentShown : 0;
  if (first > 0) out = "… ";
  for (std::size_t i = first; i < lines.size(); ++i) out += (i > first ? " " : "") + lines[i];
  return out;
}

std::string sources(const std::vector<Pattern>& patterns) {
  std::string out;
  for (const Pattern& pattern : patterns) out += (out.empty() ? "" : " ") + pattern.source;
  return out;
}

std::string seconds(milliseconds time) {
  const auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + (tenths % 10 != 0 ? "." + std::to_string(tenths % 10) : "") +
         " s";
}

}  // namespace

ScenarioRun::Peer& ScenarioRun::peer(const std::string& name, bool to_send) {
  auto found = peers_.find(name);
  if (found == peers_.end()) {
    // The default connection, and one named like each server and proxy, need no conn line.
    if (!name.empty() && fleet_.find(name) == nullptr && fleet_.find_proxy(name) == nullptr) {
      fail("there is no connection named " + name + ": write  conn " + name + "  first");
    }
    found = peers_.try_emplace(name).first;
    found->second.server = name;
  }
  Peer& each = found->second;
  ServerProcess* server = fleet_.find(each.server);
  const bool stale = server != nullptr && each.connection && each.server_start != server->starts();
  if (!each.connection || (stale && to_send)) open(each, name);
  return each;
}

void ScenarioRun::open(Peer& each, const std::string& name) {
  ServerProcess* server = fleet_.find(each.server);
  if (server != nullptr) running_server(each.server);
  int socket = -1;
  if (server != nullptr && each.receive_buffer == 0) {
    const auto spare = spare_.find(server->name());
    if (spare != spare_.end()) {
      socket = spare->second;
      spare_.erase(spare);
    }
  }
  if (socket < 0) socket = Connection::open_socket(fleet_.port(each.server), each.receive_buffer);
  if (socket < 0) {
    lost_connection_ = true;
    fail("the server refuses connections on port " + std::to_string(fleet_.port(each.server)));
  }
  Connection::Trace trace;
  if (settings_.verbose) {
    trace = [name](char direction, std::string_view bytes) {
      std::printf("    %s%c %s\n", name.c_str(), direction, clipped(bytes, 400).c_str());
    };
  }
  each.connection = std::make_unique<Connection>(socket, std::move(trace));
  each.server_start = server != nullptr ? server->starts() : 0;
  each.outstanding = 0;
  each.sent.clear();
  each.queued.clear();
}

void ScenarioRun::queue(Peer& each, const std::string& bytes) {
  each.queued += bytes;
  ++each.outstanding;
  if (each.sent.size() > 2 * kSentShown) each.sent.erase(each.sent.begin());
  each.sent.push_back(clipped(bytes));
}

void ScenarioRun::flush(Peer& each) {
  if (each.queued.empty()) return;
  const std::string bytes = std::exchange(each.queued, {});
  if (const auto state = durable_.find("server"); state != durable_.end())
    order_from_ = state->second->notes_size();
  each.last = each.outstanding == 1 ? bytes : "";
  if (!each.connection->send(bytes, deadline())) {
    Failure failure;
    failure.reason = "the server has taken no more bytes for " + seconds(settings_.timeout);
    fail_reply(each, std::move(failure));
  }
}

void ScenarioRun::flush_all() {
  for (auto& [name, each] : peers_) flush(each);
}

// Bytes that came although every command has had its reply.
void ScenarioRun::refuse_extra_bytes(Peer& each, const std::string& name) {
  if (each.outstanding > 0 || !each.connection || each.connection->reading_stopped()) return;
  each.connection->drain();
  const std::string_view extra = each.connection->unread();
  if (extra.empty()) return;
  const std::string where = name.empty() ? "" : " on connection " + name;
  fail_bytes(each, "", extra,
             std::to_string(extra.size()) + " bytes that nothing asked for" + where);
}

void ScenarioRun::run_send(const Statement& statement) {
  Peer& to = peer(statement.target, true);
  if (to.queued.empty()) {
    refuse_extra_bytes(to, statement.target);
    if (to.outstanding == 0) to.sent.clear();
  }
  queue(to, request_of(expand(statement.words)));
}

void ScenarioRun::run_inline(const Statement& statement) {
  Peer& to = peer(statement.target, true);
  refuse_extra_bytes(to, statement.target);
  if (to.outstanding == 0) to.sent.clear();
  std::string line;
  for (const std::string& word : expand(statement.words)) line += (line.empty() ? "" : " ") + word;
  queue(to, line + "\r\n");
  flush(to);
}

void ScenarioRun::run_raw(const Statement& statement) {
  Peer& to = peer(statement.target, true);
  refuse_extra_bytes(to, statement.target);
  if (to.outstanding == 0) to.sent.clear();
  std::string bytes;
  for (const std::string& word : expand(statement.words)) bytes += word;
  queue(to, bytes);
  flush(to);
}

resp::Reply ScenarioRun::next_reply(Peer& from, const std::string& expected,
                                    const std::optional<std::string>& wire) {
  resp::Reply reply;
  const Arrival arrival = from.connection->read_reply(reply, deadline());
  if (arrival != Arrival::Ready) fail_arrival(from, arrival, expected, wire);
  if (from.outstanding > 0) --from.outstanding;
  if (reply.is_error()) refuse_unwritten(from, reply.text);
  return reply;
}

// A server that has just started listens before its data is loaded; a single command is then sent
// again.
bool ScenarioRun::still_loading(Peer& from, const resp::Reply& reply, Deadline until) {
  if (!reply.is_error() || !reply.text.starts_with("LOADING ") || from.last.empty()) return false;
  if (Clock::now() >= until) return false;
  ::usleep(2000);
  return from.connection->send(from.last, until);
}

// "-ERR TODO 02.3" is how an unwritten region of a learner's server answers.
void ScenarioRun::refuse_unwritten(Peer& from, std::string_view error) {
  const std::size_t at = error.find("TODO ");
  if (at == std::string_view::npos || at > 5) return;
  const std::string_view task = error.substr(at + 5);
  Failure failure;
  failure.kind = FailureKind::NotWritten;
  failure.task = task.substr(0, task.find_first_of(": \r\n"));
  failure.reason = "the server answered " + std::string(error);
  fail_reply(from, std::move(failure));
}

void ScenarioRun::run_expect(const Statement& statement) {
  Peer& from = peer(statement.target, false);
  for (const Pattern& pattern : statement.patterns) {
    const std::optional<std::string> wire = wire_form(pattern, environment_);
    const Deadline until = deadline();
    resp::Reply reply = next_reply(from, pattern.source, wire);
    while (still_loading(from, reply, until)) reply = next_reply(from, pattern.source, wire);
    const std::optional<Mismatch> mismatch = match(pattern, reply, environment_);
    if (!mismatch) continue;
    if (wire) fail_bytes(from, *wire, from.connection->last_reply(), mismatch->reason);
    Failure failure;
    failure.reason = mismatch->reason;
    failure.expected = pattern.source;
    failure.received = render(reply);
    failure.caret = mismatch->caret;
    fail_reply(from, std::move(failure));
  }
  if (from.outstanding == 0) from.sent.clear();
}

// So many replies in any order: matched as one unordered array.
void ScenarioRun::run_expect_unordered(const Statement& statement) {
  Peer& from = peer(statement.target, false);
  resp::Reply all;
  all.type = resp::ReplyType::Array;
  for (std::size_t i = 0; i < statement.patterns.size(); ++i) {
    all.elements.push_back(
        next_reply(from, "unordered " + sources(statement.patterns), std::nullopt));
  }
  Pattern pattern;
  pattern.kind = PatternKind::Unordered;
  pattern.elements = statement.patterns;
  const std::optional<Mismatch> mismatch = match(pattern, all, environment_);
  if (!mismatch) return;
  Failure failure;
  failure.reason = mismatch->reason;
  failure.expected = "{" + sources(statement.patterns) + "}";
  failure.received = render(all);
  failure.caret = mismatch->caret;
  fail_reply(from, std::move(failure));
}

void ScenarioRun::run_expect_raw(const Statement& statement) {
  Peer& from = peer(statement.target, false);
  std::string expected;
  for (const std::string& word : expand(statement.words)) expected += word;
  const Arrival arrival = from.connection->read_bytes(expected.size(), deadline());
  const std::string_view unread = from.connection->unread();
  if (unread.starts_with("-") && expected != unread.substr(0, expected.size())) {
    refuse_unwritten(from, unread.substr(1));
  }
  if (arrival != Arrival::Ready) fail_arrival(from, arrival, escaped(expected), expected);
  const std::string received(unread.substr(0, expected.size()));
  if (received != expected) fail_bytes(from, expected, unread, "");
  from.connection->skip(expected.size());
  from.outstanding = 0;
  from.sent.clear();
}

void ScenarioRun::run_no_reply(const Statement& statement) {
  Peer& from = peer(statement.target, false);
  const milliseconds time = statement.words.empty() ? kQuiet : duration(statement.words[0]);
  const Arrival arrival =
      from.connection->read_bytes(from.connection->unread().size() + 1, Clock::now() + time);
  const std::string_view received = from.connection->unread();
  if (!received.empty()) fail_bytes(from, "", received, "expected no reply");
  if (arrival == Arrival::Closed)
    fail_arrival(from, arrival, "no reply, and an open connection", std::nullopt);
  from.outstanding = 0;
}

void ScenarioRun::run_closed(const Statement& statement) {
  Peer& from = peer(statement.target, false);
  const Arrival arrival = from.connection->read_to_end(deadline());
  const std::string_view received = from.connection->unread();
  if (received.starts_with("-")) refuse_unwritten(from, received.substr(1));
  if (!received.empty())
    fail_bytes(from, "", received, "expected the end of the connection, received bytes");
  if (arrival == Arrival::Ready) return;
  Failure failure;
  failure.reason = "the server has kept the connection open for " + seconds(settings_.timeout);
  failure.expected = "closed";
  fail_reply(from, std::move(failure));
}

void ScenarioRun::run_connect(const Statement& statement) {
  if (const auto old = peers_.find(statement.target); old != peers_.end()) {
    refuse_extra_bytes(old->second, statement.target);
    peers_.erase(old);
  }
  Peer& fresh = peers_[statement.target];
  fresh.server = statement.name;
  if (!statement.words.empty())
    fresh.receive_buffer = static_cast<int>(environment_.integer(statement.words[0]));
  open(fresh, statement.target);
}

// split N | split at N | split off
void ScenarioRun::run_split(const Statement& statement) {
  Connection& connection = *peer(statement.target, true).connection;
  const std::string first = environment_.expand(statement.words[0]);
  if (first == "off") return connection.split(0, 0);
  const bool once = first == "at" && statement.words.size() == 2;
  const long long bytes = environment_.integer(statement.words[once ? 1 : 0]);
  if (bytes < 0 || (!once && (bytes == 0 || statement.words.size() != 1)))
    fail("write  split N,  split at N  or  split off");
  connection.split(once ? 0 : static_cast<std::size_t>(bytes),
                   once ? static_cast<std::size_t>(bytes) : 0);
}

void ScenarioRun::run_connection_word(const Statement& statement) {
  Peer& each = peer(statement.target, true);
  Connection& connection = *each.connection;
  switch (statement.op) {
    case Op::StopReading:
      return connection.stop_reading(true);
    case Op::ReadSlowly: {
      const long long bytes = environment_.integer(statement.words[0]);
      if (bytes < 1) fail("read-slowly N: N bytes each millisecond, at least 1");
      connection.stop_reading(false);
      return connection.read_slowly(static_cast<std::size_t>(bytes));
    }
    case Op::ResumeReading:
      connection.stop_reading(false);
      return connection.read_slowly(0);
    case Op::ShutdownWrite:
      return connection.shutdown_write();
    case Op::Reset:
      connection.reset();
      each.connection.reset();
      return;
    default:
      each.connection.reset();
  }
}

// A server's last chance to say too much: it sees the end of each connection and closes its side.
void ScenarioRun::finish_connections() {
  flush_all();
  for (auto& [name, each] : peers_) {
    if (!each.connection || each.connection->reading_stopped()) continue;
    each.outstanding = 0;
    refuse_extra_bytes(each, name);
    if (!each.connection->closed()) {
      each.connection->shutdown_write();
      each.connection->read_to_end(Clock::now() + kFinish);
    }
    refuse_extra_bytes(each, name);
  }
}

void ScenarioRun::fail_reply(Peer& from, Failure failure) {
  failure.sent = joined(from.sent);
  throw FailureError(std::move(failure));
}

void ScenarioRun::fail_bytes(Peer& from, const std::string& expected, std::string_view received,
                             const std::string& reason) {
  const Comparison comparison = compare_bytes(expected, received);
  Failure failure;
  failure.reason = reason.empty() ? "byte " + std::to_string(comparison.byte) + " differs" : reason;
  failure.expected = expected.empty() ? "nothing" : comparison.expected;
  failure.received = comparison.received;
  failure.caret = comparison.caret;
  fail_reply(from, std::move(failure));
}

void ScenarioRun::fail_arrival(Peer& from, Arrival arrival, const std::string& expected,
                               const std::optional<std::string>& wire) {
  const std::string_view unread = from.connection->unread();
  Failure failure;
  if (arrival == Arrival::Closed) {
    lost_connection_ = true;
    failure.reason = "the server " + std::string(from.connection->how_closed());
  } else if (arrival == Arrival::Malformed) {
    failure.reason = "these bytes are no reply: " + from.connection->error();
  } else {
    failure.reason = "no whole reply within " + seconds(settings_.timeout);
  }
  failure.expected = clipped(expected);
  failure.received = unread.empty() ? "nothing" : clipped(unread);
  if (wire) {
    const Comparison comparison = compare_bytes(*wire, unread);
    failure.expected = comparison.expected;
    if (!unread.empty()) failure.received = comparison.received;
    failure.caret = unread.empty() ? 0 : comparison.caret;
  }
  fail_reply(from, std::move(failure));
}

}  // namespace transcript

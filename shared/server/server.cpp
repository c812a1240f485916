// SPDX-License-Identifier: MIT
#include "shared/server/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "shared/server/config_file.h"
#include "shared/server/daemon.h"
#include "shared/util/memory.h"
#include "shared/util/random.h"
#include "shared/util/todo.h"

namespace server {

// Descriptors kept for files, pipes and listeners beside the clients' sockets.
constexpr uint64_t kReservedDescriptors = 32;

Server::Server(std::string server_name, util::Clock& server_clock)
    : name(std::move(server_name)),
      run_id(util::random_hex(40)),
      clock(server_clock),
      executor(databases, table, parts, clock),
      propagator(executor),
      turn(loop),
      cron(loop, clock, settings.hz),
      loading(loop, executor, propagator),
      child(loop, databases.environment()),
      frame{.executor = executor, .turn = turn, .registry = clients, .limits = settings.parser} {
  util::install_todo_handler();
  add_parameters(parameters, settings);
  add_info_sections(*this);
  parts.provide(*this);
  parts.provide(settings);
  parts.provide(parameters);
  parts.provide(info);
  parts.provide(clients);
  child.key_count = [this] {
    uint64_t keys = 0;
    for (int i = 0; i < databases.count(); ++i) keys += databases[i].size();
    return keys;
  };
  loop.set_turn_hooks([this] { begin_turn(); }, [this] { turn.end(); });
  executor.changes().listen(propagator);
  turn.add_opening([this] {
    blocking.expire(databases.environment().now);
    blocking.serve();
  });
  turn.add_cleanup([this] { clients.free_retired(); });
  // Jobs change keys too (expiry), and a connection that closed late in a turn is freed at the end of the next.
  cron.add("turn", 0, [this] { turn.request_end(); });
  cron.add("statistics", 1000, [this] {
    memory::sample_peak();
    stats.commands_per_second = executor.commands_processed() - stats.commands_at_last_sample;
    stats.commands_at_last_sample = executor.commands_processed();
  });
}

void Server::begin_turn() {
  executor.refresh_time();
  const uint64_t commands = executor.commands_processed();
  stats.most_commands_in_turn = std::max(stats.most_commands_in_turn, commands - stats.commands_before_turn);
  stats.commands_before_turn = commands;
  ++stats.turns;
}

int Server::fail(std::string_view message) const {
  std::fprintf(stderr, "%s: %.*s\n", name.c_str(), static_cast<int>(message.size()), message.data());
  return 1;
}

void Server::prepare() {
  databases.open(settings.databases);
  table.build();
  executor.table_built();
  stats.started = clock.wall_ms();
  executor.refresh_time();
  for (const auto& step : start_steps_) step();
}

void Server::reset_statistics() {
  keyspace::Environment& environment = databases.environment();
  environment.hits = environment.misses = environment.expired = environment.evicted = environment.expiry_cut_short = 0;
  environment.key_comparisons = 0;
  frame.stats = {};
  stats.commands_at_last_sample = stats.commands_per_second = 0;
  executor.reset_stats();
  for (const auto& step : reset_steps_) step();
}

int Server::run(int argc, char** argv) {
  const CommandLine line = parse_command_line(argc, argv);
  if (line.action == CommandLine::Action::Version) {
    fmt::print("{} (contract: Redis {}) malloc={} bits=64\n", name, kRedisVersion, memory::allocator_name());
    return 0;
  }
  if (line.action == CommandLine::Action::Help) {
    fmt::print("usage: {} [/path/to/redis.conf] [-] [--name value ...]\n", name);
    for (const Parameter& row : parameters.rows()) fmt::print("  --{} {}\n", row.name, row.default_value);
    return 0;
  }
  char path[PATH_MAX];
  if (!line.config_path.empty() && realpath(line.config_path.c_str(), path) != nullptr) settings.config_path = path;
  if (const auto loaded = load_configuration(line, parameters); !loaded) return fail(loaded.error());
  log.level = static_cast<LogLevel>(settings.log_level);
  log.file = settings.log_file;
  if (settings.daemonize) {
    if (const auto alone = become_daemon(); !alone) return fail(alone.error());
  }
  if (const uint64_t limit = allow_clients(settings.max_clients); limit < settings.max_clients) {
    settings.max_clients = static_cast<uint32_t>(limit);
    log.warning(fmt::format("maxclients lowered to {}: the system allows no more open files", limit));
  }
  if (!listen()) return 1;
  announce();
  prepare();
  if (exit_status_ != 0) return 1;
  PidFile pid_file;
  if (settings.daemonize || !settings.pid_file.empty()) {
    const auto written = pid_file.write(settings.pid_file.empty() ? "/var/run/redis.pid" : settings.pid_file);
    if (!written) log.warning(written.error());
  }
  std::signal(SIGPIPE, SIG_IGN);
  loop.on_signals({SIGINT, SIGTERM}, [this](int signal) {
    request_shutdown({.signal = signal});
  });
  cron.start();
  announce_readiness();
  loop.run();
#ifdef NDEBUG
  // Freed key by key, two million keys take a third of a second; the system takes everything back at once. With assertions
  // on, destructors run, and leaks are found.
  if (child.running()) child.kill();
  pid_file.remove();
  std::fflush(nullptr);
  std::_Exit(exit_status_);
#endif
  return exit_status_;
}

// In Redis' words: scripts and test suites wait for them.
void Server::announce() {
  log.notice(fmt::format("{}, Redis {}. Running mode=standalone, port={}. PID: {}", name, kRedisVersion,
                         listeners_.empty() ? 0 : listeners_[0]->port(), getpid()));
  log.notice("Server initialized");
}

void Server::announce_readiness() {
  const auto ready = [this] {
    if (!listeners_.empty()) log.notice("Ready to accept connections tcp");
    if (unix_listener_) log.notice("Ready to accept connections unix");
  };
  if (!loading.active()) return ready();
  loading.on_change([this, ready](bool active) {
    if (!active && !std::exchange(ready_, true)) ready();
  });
}

bool Server::listen() {
  auto listening = listen_on_addresses();
  if (listening) listening = listen_on_unix_socket();
  if (listening && listeners_.empty() && !unix_listener_) listening = util::Failure{"no address to listen on"};
  if (!listening) fail(listening.error());
  listening_ = static_cast<bool>(listening);
  return listening_;
}

util::Result<> Server::listen_on_addresses() {
  if (settings.port == 0) return {};
  for (std::string address : settings.bind) {
    const bool optional = address.starts_with('-');  // as in redis.conf: an address that the machine need not have
    if (optional) address.erase(0, 1);
    auto opened = net::Listener::open(loop,
                                      {.address = address,
                                       .port = settings.port,
                                       .optional = optional,
                                       .backlog = settings.tcp_backlog,
                                       .keepalive_seconds = settings.tcp_keepalive,
                                       .mark = settings.socket_mark},
                                      [this](std::unique_ptr<net::Session> session) { accept(std::move(session)); });
    if (!opened) {
      listeners_.clear();
      return util::Failure{fmt::format("cannot listen on {}:{}: {}", address, settings.port, opened.error())};
    }
    if (opened.value()) listeners_.push_back(std::move(opened.value()));
  }
  return {};
}

util::Result<> Server::listen_on_unix_socket() {
  if (settings.unix_socket.empty()) return {};
  auto opened = net::Listener::open(loop,
                                    {.unix_path = settings.unix_socket,
                                     .permissions = settings.unix_socket_permissions,
                                     .backlog = settings.tcp_backlog},
                                    [this](std::unique_ptr<net::Session> session) { accept(std::move(session)); });
  if (!opened) return util::Failure{fmt::format("cannot listen on {}: {}", settings.unix_socket, opened.error())};
  unix_listener_ = std::move(opened.value());
  return {};
}

util::Result<> Server::listen_again() {
  if (!listening_) return {};
  listeners_.clear();
  const auto listening = listen_on_addresses();
  if (!listening) log.warning(listening.error());
  return listening;
}

uint64_t Server::allow_clients(uint64_t wanted) {
  const uint64_t limit = net::raise_file_limit(wanted + kReservedDescriptors);
  return limit > 2 * kReservedDescriptors ? std::min(limit - kReservedDescriptors, wanted) : 1;
}

void Server::set_keepalive(int seconds) {
  for (const auto& listener : listeners_) listener->set_keepalive(seconds);
}

// The connection ends before it is a client's.
void Server::refuse(net::Session& session, std::string_view reply) {
  const std::string_view pieces[1] = {reply};
  session.write_some(pieces);
  session.close();
  ++frame.stats.rejected;
}

void Server::accept(std::unique_ptr<net::Session> session) {
  if (clients.size() >= static_cast<size_t>(settings.max_clients)) {
    return refuse(*session, fmt::format("-{}\r\n", util::errors::kMaxClients.text));
  }
  const std::string_view refusal = refusal_of ? refusal_of(*session) : std::string_view{};
  if (!refusal.empty()) return refuse(*session, refusal);
  ++frame.stats.connections;
  clients.add(frame, std::move(session)).start();
}

void Server::add_shutdown_step(ShutdownStep step) {
  const auto after = [](const ShutdownStep& a, const ShutdownStep& b) { return a.order < b.order; };
  shutdown_steps_.insert(std::upper_bound(shutdown_steps_.begin(), shutdown_steps_.end(), step, after), std::move(step));
}

void Server::request_shutdown(const ShutdownRequest& request) {
  if (shutdown_handler_) return shutdown_handler_(request);
  if (request.signal != 0) {
    log.warning(fmt::format("Received {}, shutting down", request.signal == SIGINT ? "SIGINT" : "SIGTERM"));
  }
  stop(0);
}

void Server::give_up(std::string_view message) {
  log.warning(message);
  fail(message);
  end_loop(1);
}

void Server::stop_accepting() {
  listening_ = false;
  listeners_.clear();
  unix_listener_.reset();
}

bool Server::resume_accepting() { return listening_ || listen(); }

void Server::stop(int exit_status) {
  if (stopping_) return;
  log.notice(fmt::format("{} is now ready to exit, bye bye...", name));
  end_loop(exit_status);
}

void Server::end_loop(int exit_status) {
  if (std::exchange(stopping_, true)) return;
  exit_status_ = exit_status;
  stop_accepting();
  cron.stop();
  // What this turn has answered still goes out with its end.
  loop.post([this] { loop.stop(); });
}

}  // namespace server

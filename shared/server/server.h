// SPDX-License-Identifier: MIT
//
// The frame that every server from stage 03 on is composed in. A stage's main() makes one, adds what the stage brings —
// commands, parameters, INFO sections, periodic jobs, turn steps, shutdown steps — and calls run(). The frame knows none
// of them. Everything in it belongs to the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/command/executor.h"
#include "shared/command/propagator.h"
#include "shared/net/event_loop.h"
#include "shared/net/listener.h"
#include "shared/server/child_process.h"
#include "shared/server/client_registry.h"
#include "shared/server/connection.h"
#include "shared/server/cron.h"
#include "shared/server/info.h"
#include "shared/server/loading.h"
#include "shared/server/log.h"
#include "shared/server/parameter_table.h"
#include "shared/server/settings.h"
#include "shared/server/shutdown_steps.h"
#include "shared/server/turn.h"
#include "shared/util/files.h"

namespace server {

// The contract that INFO and HELLO report.
inline constexpr std::string_view kRedisVersion = "7.2.6";

struct ServerStats {
  util::UnixMs started = 0;
  uint64_t commands_at_last_sample = 0;
  uint64_t commands_per_second = 0;
  uint64_t turns = 0;  // how often something was ready
  uint64_t commands_before_turn = 0;
  uint64_t most_commands_in_turn = 0;
};

class Server {
 public:
  explicit Server(std::string name, util::Clock& clock = util::Clock::system());

  // Before run():
  void add_commands(std::span<const command::CommandRow> rows) { table.add(rows); }
  // Called once the configuration is known and the databases exist, before the first client.
  void on_start(std::function<void()> step) { start_steps_.push_back(std::move(step)); }
  // What must happen before the server may exit; run by whoever handles the shutdown (stage 09).
  void add_shutdown_step(ShutdownStep step);
  const std::vector<ShutdownStep>& shutdown_steps() const { return shutdown_steps_; }
  // Without a handler a server that is asked to stop stops at the end of the turn.
  using ShutdownHandler = std::function<void(const ShutdownRequest&)>;
  void set_shutdown_handler(ShutdownHandler handler) { shutdown_handler_ = std::move(handler); }

  // What CONFIG RESETSTAT sets back besides the frame's own counters.
  void on_reset(std::function<void()> step) { reset_steps_.push_back(std::move(step)); }
  void reset_statistics();

  // Reads flags and configuration, listens, serves until it is told to stop. The exit status.
  int run(int argc, char** argv);
  // SIGTERM, SIGINT or SHUTDOWN asks.
  void request_shutdown(const ShutdownRequest& request);
  // Ends the loop behind this turn, whatever is unfinished.
  void stop(int exit_status);
  // For good reason at start-up and while loading: a line on standard error and in the log, then stop(1).
  void give_up(std::string_view message);
  void stop_accepting();
  bool resume_accepting();  // false: an address cannot be bound again; the log says which
  // `bind` or `port` has changed: listens there and nowhere else. On failure nobody listens on TCP until it is called
  // again with what can be had.
  util::Result<> listen_again();
  void set_keepalive(int seconds);  // for connections to come
  // How many clients the system lets us have, its limit raised as far as it goes towards `wanted`.
  uint64_t allow_clients(uint64_t wanted);
  // Asked for each connection that the limit lets in: the reply that refuses it, or nothing.
  std::function<std::string_view(const net::Session&)> refusal_of;

  // For tests and run(): everything run() does before it listens.
  void prepare();

  // Makes what a stage brings; it lives until every client has gone.
  template <class T, class... Arguments>
  T& own(Arguments&&... arguments) {
    auto made = std::make_shared<T>(std::forward<Arguments>(arguments)...);
    owned_.push_back(made);
    return *made;
  }

  const std::string name;  // "03-get-set"
  const std::string run_id;
  util::Clock& clock;
  util::Files* files = &util::Files::system();  // replaced by tests, before prepare()
  Settings settings;
  Log log;
  net::EventLoop loop;
  keyspace::Databases databases;
  command::CommandTable table;
  command::Parts parts;
  command::Executor executor;
  command::Blocking& blocking = executor.blocking();
  command::Propagator propagator;
  ParameterTable parameters;
  Info info;
  Turn turn;
  Cron cron;
  Loading loading;
  ChildProcess child;

 private:
  std::vector<std::shared_ptr<void>> owned_;  // here among the members: see own()

 public:
  ConnectionFrame frame;   // outlives the connections, which refer to it
  ClientRegistry clients;
  ServerStats stats;

 private:
  void begin_turn();
  bool listen();
  void end_loop(int exit_status);
  util::Result<> listen_on_addresses();
  util::Result<> listen_on_unix_socket();
  void refuse(net::Session& session, std::string_view reply);
  void announce();
  void announce_readiness();
  void accept(std::unique_ptr<net::Session> session);
  int fail(std::string_view message) const;

  std::vector<std::unique_ptr<net::Listener>> listeners_;  // of TCP
  std::unique_ptr<net::Listener> unix_listener_;
  std::vector<std::function<void()>> start_steps_;
  std::vector<std::function<void()>> reset_steps_;
  std::vector<ShutdownStep> shutdown_steps_;
  ShutdownHandler shutdown_handler_;
  int exit_status_ = 0;
  bool stopping_ = false;
  bool ready_ = false;
  bool listening_ = false;  // whoever may connect is accepted; not before the start, nor while shutting down
};

// The sections that describe the frame itself: server, clients, memory, stats, cpu, keyspace, table.
void add_info_sections(Server& server);

}  // namespace server

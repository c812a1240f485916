// SPDX-License-Identifier: MIT
//
// Runs one scenario: a fresh server unless the file shares one, connections opened at first use,
// statements in order. What goes wrong is thrown (failure.h) with everything a reader needs to see;
// nothing is printed here. One thread. The pieces: run_connections.cpp, run_servers.cpp,
// run_files.cpp, scenario_run.cpp (flow).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "shared/testing/transcript/connection.h"
#include "shared/testing/transcript/durable_state.h"
#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/fleet.h"
#include "shared/testing/transcript/script.h"

namespace transcript {

// What a probe of shared/testing/probes gets. It throws FailureError or SkipError.
struct ProbeCall {
  std::vector<std::string> arguments;  // after the probe's name
  int port;
  pid_t pid;
  std::uint64_t seed;
};

struct RunSettings {
  std::string server;   // command line of the server under test
  std::string redis;    // path of redis-server; empty when there is none
  std::string version;  // of the server under test when it is the oracle; empty when it is ours
  std::uint64_t seed = 0;
  milliseconds timeout{5000};
  bool verbose = false;
  bool keep_folders = false;
  std::string shim;  // the preload library of powercut and order; empty when there is none
  std::function<void(const std::string& name, const ProbeCall&)> probe;

  [[nodiscard]] bool oracle() const { return !version.empty(); }
};

// True when `version` is at least `wanted`; both are dotted numbers.
bool version_at_least(const std::string& version, const std::string& wanted);

class ScenarioRun {
 public:
  ScenarioRun(const Scenario& scenario, const RunSettings& settings, Fleet& fleet);

  void run();
  // Lines not compared with the oracle because they are marked.
  [[nodiscard]] int lines_skipped() const { return static_cast<int>(lines_skipped_.size()); }

 private:
  struct Peer {  // one named connection
    std::unique_ptr<Connection> connection;
    std::string server;  // name of the server or proxy it leads to
    int receive_buffer = 0;
    int server_start = 0;           // the start of the server it was opened in
    int outstanding = 0;            // commands whose reply has not been expected yet
    std::string queued;             // a pipeline being collected
    std::string last;               // the last bytes sent, for a server that is still loading
    std::vector<std::string> sent;  // what the next failure shows
  };
  using Handler = void (ScenarioRun::*)(const Statement&);

  // flow
  void run_block(const std::vector<Statement>& statements);
  void execute(const Statement& statement, const Statement* next);
  void run_let(const Statement& statement);
  void run_let_reply(const Statement& statement);
  void run_for(const Statement& statement);
  void run_for_in(const Statement& statement);
  void run_eventually(const Statement& statement);
  void run_probe(const Statement& statement);
  static Handler handler(Op op);
  bool skipped_by_mark(const Statement& statement);
  void explain(Failure& failure, bool lost_connection);
  std::vector<std::string> expand(const std::vector<Word>& words, std::size_t from = 0);
  milliseconds duration(const Word& word);
  std::optional<std::string> lookup(const std::string& name, const std::string& argument);
  [[nodiscard]] Deadline deadline() const { return Clock::now() + settings_.timeout; }

  // connections
  void run_send(const Statement& statement);
  void run_inline(const Statement& statement);
  void run_raw(const Statement& statement);
  void run_expect(const Statement& statement);
  void run_expect_unordered(const Statement& statement);
  void run_expect_raw(const Statement& statement);
  void run_no_reply(const Statement& statement);
  void run_closed(const Statement& statement);
  void run_connect(const Statement& statement);
  void run_split(const Statement& statement);
  void run_connection_word(const Statement& statement);
  Peer& peer(const std::string& name, bool to_send);
  void open(Peer& peer, const std::string& name);
  void queue(Peer& peer, const std::string& bytes);
  void flush(Peer& peer);
  void flush_all();
  resp::Reply next_reply(Peer& peer, const std::string& expected,
                         const std::optional<std::string>& wire);
  bool still_loading(Peer& peer, const resp::Reply& reply, Deadline until);
  void refuse_unwritten(Peer& peer, std::string_view error);
  void refuse_extra_bytes(Peer& peer, const std::string& name);
  void finish_connections();
  [[noreturn]] void fail_reply(Peer& peer, Failure failure);
  [[noreturn]] void fail_bytes(Peer& peer, const std::string& expected, std::string_view received,
                               const std::string& reason);
  [[noreturn]] void fail_arrival(Peer& peer, Arrival arrival, const std::string& expected,
                                 const std::optional<std::string>& wire);

  // servers
  void run_start(const Statement& statement);
  void run_server(const Statement& statement);
  void run_proxy(const Statement& statement);
  void run_kill(const Statement& statement);
  void run_term(const Statement& statement);
  void run_restart(const Statement& statement);
  void run_power_cut(const Statement& statement);
  void run_exit(const Statement& statement);
  void run_log(const Statement& statement);
  void run_cut(const Statement& statement);
  void run_heal(const Statement& statement);
  void run_order(const Statement& statement);
  void prepare_shim(ServerProcess& server);
  DurableState& durable(ServerProcess& server);
  void start(ServerProcess& server, const std::vector<std::string>& flags);
  ServerProcess& running_server(const std::string& name);  // starts the default one at first use
  ServerProcess& addressed(const Statement& statement);
  std::string log_of(ServerProcess& server);
  std::string last_words();

  // files
  void run_file(const Statement& statement);
  void check_file(const Statement& statement, const std::string& path);
  std::string path_of(const Statement& statement, bool must_exist);
  std::string log_file_of(ServerProcess& server);

  const Scenario& scenario_;
  const RunSettings& settings_;
  Fleet& fleet_;
  Environment environment_;
  std::map<std::string, Peer> peers_;
  std::map<std::string, int> spare_;  // sockets opened while waiting for a server, by its name
  std::map<std::string, std::size_t>
      log_from_;  // where a shared server's log began for this scenario
  std::map<std::string, std::unique_ptr<DurableState>>
      durable_;                 // by server, with powercut or order
  std::size_t order_from_ = 0;  // notes before the last send don't count for order
  bool exit_follows_ = false;   // the next statement expects the server's end
  bool lost_connection_ = false;
  std::set<int> lines_skipped_;
};

}  // namespace transcript

// SPDX-License-Identifier: MIT
//
// One server process: its command, port, data folder and log. The log (standard output and error of
// every start) lies beside the data folder, never in it. The destructor kills and reaps; a process
// never outlives its owner.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/testing/transcript/connection.h"

namespace transcript {

// {port} and {dir} are replaced; without {port} the flags --port N --dir PATH are appended.
std::vector<std::string> server_command(const std::string& line, int port, const std::string& dir);

int free_port();

// How a process ended, in words: "exit status 1", "signal 11 (Segmentation fault)".
std::string describe_status(int status);

class ServerProcess {
 public:
  // `home` gets data/ and log. `line` is the command as the user wrote it.
  ServerProcess(std::string name, std::string line, const std::string& home);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  void start(const std::vector<std::string>& flags);
  // Connects as soon as the server listens. -1: it has ended, or the deadline has passed.
  int wait_until_listening(Deadline deadline);

  [[nodiscard]] bool running();  // reaps
  void signal(int number);
  // The wait status once the process has ended.
  std::optional<int> wait_for_exit(Deadline deadline);
  void kill();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] const std::string& dir() const { return dir_; }
  [[nodiscard]] bool started() const { return starts_ > 0; }
  [[nodiscard]] int starts() const { return starts_; }
  [[nodiscard]] std::optional<int> status() const { return status_; }
  [[nodiscard]] const std::vector<std::string>& flags() const { return flags_; }
  [[nodiscard]] std::string log() const;

  // Its end is part of the scenario (kill, term, exit): not a crash.
  void expect_end() { end_expected_ = true; }
  [[nodiscard]] bool end_expected() const { return end_expected_; }

  // KEY=VALUE pairs added to the environment of the next start.
  void set_environment(std::vector<std::string> variables) { environment_ = std::move(variables); }

 private:
  [[noreturn]] void run_child(const std::vector<std::string>& command, int log) const;

  std::string name_;
  std::string line_;
  std::string dir_;
  std::string log_path_;
  int port_;
  pid_t pid_ = -1;
  int starts_ = 0;
  bool end_expected_ = false;
  std::optional<int> status_;
  std::vector<std::string> flags_;
  std::vector<std::string> environment_;
};

}  // namespace transcript

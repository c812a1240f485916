// SPDX-License-Identifier: MIT
//
// fork and exec without a shell, so that signals reach the server itself.
#include "shared/testing/transcript/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

std::vector<std::string> server_command(const std::string& line, int port, const std::string& dir) {
  std::vector<std::string> words = split_command_line(line);
  const bool placed = line.find("{port}") != std::string::npos;
  for (std::string& word : words) {
    replace_all(word, "{port}", std::to_string(port));
    replace_all(word, "{dir}", dir);
  }
  if (!placed) words.insert(words.end(), {"--port", std::to_string(port), "--dir", dir});
  return words;
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  const bool bound =
      socket >= 0 && ::bind(socket, raw, size) == 0 && ::getsockname(socket, raw, &size) == 0;
  if (socket >= 0) ::close(socket);
  if (!bound) fail("no free TCP port: " + std::string(std::strerror(errno)));
  return ntohs(address.sin_port);
}

std::string describe_status(int status) {
  if (WIFEXITED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  return "signal " + std::to_string(number) + " (" + strsignal(number) + ")";
}

ServerProcess::ServerProcess(std::string name, std::string line, const std::string& home)
    : name_(std::move(name)),
      line_(std::move(line)),
      dir_(home + "/data"),
      log_path_(home + "/log"),
      port_(free_port()) {
  std::filesystem::create_directories(dir_);
}

ServerProcess::~ServerProcess() { kill(); }

void ServerProcess::start(const std::vector<std::string>& flags) {
  flags_ = flags;
  std::vector<std::string> command = server_command(line_, port_, dir_);
  command.insert(command.end(), flags.begin(), flags.end());
  const int log = ::open(log_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) fail("cannot write " + log_path_);
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) run_child(command, log);
  ::close(log);
  if (pid_ < 0) fail("cannot fork: " + std::string(std::strerror(errno)));
  ++starts_;
  status_.reset();
  end_expected_ = false;
}

void ServerProcess::run_child(const std::vector<std::string>& command, int log) const {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::dup2(log, 1);
  ::dup2(log, 2);
  // Freed memory that AddressSanitizer keeps back would hide what a memory probe measures.
  ::setenv("ASAN_OPTIONS", "quarantine_size_mb=8:print_legend=0", 0);
  for (const std::string& variable : environment_) ::putenv(const_cast<char*>(variable.c_str()));
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  std::fprintf(stderr, "cannot run %s: %s\n", argv[0], std::strerror(errno));
  ::_exit(127);
}

int ServerProcess::wait_until_listening(Deadline deadline) {
  while (running()) {
    const int socket = Connection::open_socket(port_, 0);
    if (socket >= 0) return socket;
    if (Clock::now() >= deadline) return -1;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return -1;
}

bool ServerProcess::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = status;
  pid_ = -1;
  return false;
}

void ServerProcess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

std::optional<int> ServerProcess::wait_for_exit(Deadline deadline) {
  while (running()) {
    if (Clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  return status_;
}

void ServerProcess::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  status_ = status;
  pid_ = -1;
}

std::string ServerProcess::log() const { return read_file(log_path_).value_or(""); }

}  // namespace transcript

// SPDX-License-Identifier: MIT
#include "shared/server/child_process.h"

#include <fcntl.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "shared/keyspace/keyspace.h"
#include "shared/net/descriptor_watch.h"
#include "shared/util/clock.h"
#include "shared/util/todo.h"

namespace server {

constexpr size_t kMaxReport = 64 * 1024;

ChildProcess::ChildProcess(net::EventLoop& loop, keyspace::Environment& environment)
    : loop_(loop), environment_(environment) {}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  finished_ = nullptr;
  ::kill(pid_, SIGKILL);
  reap();
}

// Small writes to a pipe that nobody else writes to; the parent reads until the end.
static void send_all(int pipe, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(pipe, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

// A child outlives no parent: it holds copies of the listening sockets, which would keep the port from a new server.
static void end_with_parent() {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

// An exception ends the child: it must not travel up into a loop that belongs to the parent.
[[noreturn]] static void be_child(int pipe, const ChildProcess::Work& work) noexcept {
  end_with_parent();
  std::signal(SIGINT, SIG_IGN);  // the terminal's Ctrl-C is the parent's business
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGUSR1, SIG_DFL);
  std::string report;
  // [06.5a begin] work, tell the parent, and leave by the side door
  //quiet: (void)pipe, (void)work, (void)send_all, (void)private_dirty_bytes, (void)kMaxReport;
  //quiet: _exit(1);
  const int status = work(report);
  const uint64_t copied = private_dirty_bytes();
  send_all(pipe, {reinterpret_cast<const char*>(&copied), sizeof copied});
  send_all(pipe, std::string_view(report).substr(0, kMaxReport));
  // Not exit(): destructors and atexit handlers are the parent's, and so are the buffers that they would write out twice.
  _exit(status);
  // [06.5a end]
}

util::Result<> ChildProcess::start(std::string_view name, Work work, std::function<void(const Outcome&)> finished) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return util::Failure{std::strerror(errno)};
  progress_.begin(key_count ? key_count() : 0);
  const int64_t started = util::Clock::system().monotonic_us();
  work = [this, own = std::move(work)](std::string& report) {
    if (in_child) in_child();
    progress_.enter_child();
    return own(report);
  };
  pid_t pid = -1;
  // [06.5b begin] two processes from here on; the child never comes back from be_child()
  //quiet: (void)be_child, (void)work;
  pid = fork();
  if (pid == 0) {
    close(ends[0]);
    fcntl(ends[1], F_SETFL, 0);  // the child may wait for its parent
    be_child(ends[1], work);
  }
  // [06.5b end]
  if (pid < 0) {
    const int reason = errno;
    close(ends[0]);
    close(ends[1]);
    return util::Failure{std::strerror(reason)};
  }
  last_fork_us_ = util::Clock::system().monotonic_us() - started;
  ++forks_;
  if (on_fork) on_fork(last_fork_us_);
  close(ends[1]);
  pid_ = pid;
  pipe_ = ends[0];
  name_ = name;
  report_.clear();
  finished_ = std::move(finished);
  environment_.touch = false;
  watch_ = std::make_unique<net::DescriptorWatch>(loop_, pipe_, [this] { on_readable(); });
  return {};
}

void ChildProcess::kill() {
  if (running()) ::kill(pid_, SIGUSR1);
}

// The pipe ends when the child does, whatever ended it.
void ChildProcess::on_readable() {
  char bytes[4096];
  ssize_t count;
  while ((count = read(pipe_, bytes, sizeof bytes)) > 0) report_.append(bytes, static_cast<size_t>(count));
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  reap();
}

void ChildProcess::reap() {
  Outcome outcome;
  // [06.5c begin] take it off the process table, and see how it ended
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  // [06.5c end]
  watch_.reset();
  close(pipe_);
  pid_ = 0;
  pipe_ = -1;
  environment_.touch = true;
  progress_.end();
  if (report_.size() >= sizeof outcome.copied_bytes) {
    std::memcpy(&outcome.copied_bytes, report_.data(), sizeof outcome.copied_bytes);
    outcome.report = report_.substr(sizeof outcome.copied_bytes);
  }
  if (const auto finished = std::exchange(finished_, nullptr)) finished(outcome);
}

}  // namespace server

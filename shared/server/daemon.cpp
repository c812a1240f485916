// SPDX-License-Identifier: MIT
#include "shared/server/daemon.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace server {

util::Result<> become_daemon() {
  const pid_t child = fork();
  if (child < 0) return util::Failure{std::string("can't fork: ") + std::strerror(errno)};
  if (child > 0) _exit(0);
  setsid();
  const int nowhere = open("/dev/null", O_RDWR);
  if (nowhere < 0) return {};
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, descriptor);
  if (nowhere > STDERR_FILENO) close(nowhere);
  return {};
}

util::Result<> PidFile::write(const std::string& path) {
  std::ofstream file(path, std::ios::trunc);
  file << getpid() << '\n';
  if (!file.flush()) return util::Failure{std::string("can't write the pid file ") + path + ": " + std::strerror(errno)};
  path_ = path;
  return {};
}

void PidFile::remove() {
  if (!path_.empty()) unlink(std::exchange(path_, {}).c_str());
}

}  // namespace server

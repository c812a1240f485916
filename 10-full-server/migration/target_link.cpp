// SPDX-License-Identifier: MIT
#include "10-full-server/migration/target_link.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace migration {

namespace {

constexpr size_t kMostKept = 64;
constexpr util::UnixMs kIdleMs = 10'000;
constexpr size_t kLongestLine = 64 * 1024;

bool ready(int descriptor, short events, int timeout_ms) {
  pollfd wait{.fd = descriptor, .events = events, .revents = 0};
  int count;
  do {
    count = ::poll(&wait, 1, timeout_ms);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

// -1: not there, or not in time.
int open_connection(const addrinfo& address, int timeout_ms) {
  const int descriptor = ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol);
  if (descriptor < 0) return -1;
  int error = 0;
  socklen_t size = sizeof error;
  const bool started = ::connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 || errno == EINPROGRESS;
  const bool connected = started && ready(descriptor, POLLOUT, timeout_ms) &&
                         ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
  if (!connected) {
    ::close(descriptor);
    return -1;
  }
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

}  // namespace

std::unique_ptr<TargetLink> TargetLink::connect(const std::string& host, const std::string& port, int timeout_ms) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return nullptr;
  int descriptor = -1;
  for (const addrinfo* each = found; each != nullptr && descriptor < 0; each = each->ai_next) {
    descriptor = open_connection(*each, timeout_ms);
  }
  ::freeaddrinfo(found);
  return descriptor < 0 ? nullptr : std::unique_ptr<TargetLink>(new TargetLink(descriptor));
}

TargetLink::~TargetLink() { ::close(descriptor_); }

bool TargetLink::wait_for(short events, int timeout_ms) {
  timed_out_ = !ready(descriptor_, events, timeout_ms);
  return !timed_out_;
}

bool TargetLink::write(std::string_view bytes, int timeout_ms) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (!wait_for(POLLOUT, timeout_ms)) return false;
    } else {
      return false;
    }
  }
  return true;
}

std::optional<std::string> TargetLink::read_line(int timeout_ms) {
  timed_out_ = false;
  size_t end;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (received_.size() > kLongestLine || !wait_for(POLLIN, timeout_ms)) return std::nullopt;
    char bytes[4096];
    const ssize_t count = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (count > 0) {
      received_.append(bytes, static_cast<size_t>(count));
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      return std::nullopt;
    }
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

TargetLink* TargetLinks::get(const std::string& host, const std::string& port, int timeout_ms, util::UnixMs now) {
  auto found = links_.find({host, port});
  if (found == links_.end()) {
    auto made = TargetLink::connect(host, port, timeout_ms);
    if (made == nullptr) return nullptr;
    if (links_.size() >= kMostKept) links_.erase(links_.begin());
    found = links_.emplace(std::pair(host, port), std::move(made)).first;
  }
  found->second->last_use = now;
  return found->second.get();
}

void TargetLinks::drop_idle(util::UnixMs now) {
  std::erase_if(links_, [now](const auto& each) { return now - each.second->last_use > kIdleMs; });
}

}  // namespace migration

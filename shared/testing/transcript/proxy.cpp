// SPDX-License-Identifier: MIT
//
// One poll loop over pairs of sockets. A pair reads from one side only while the other side's queue
// is short.
#include "shared/testing/transcript/proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "shared/testing/transcript/connection.h"
#include "shared/testing/transcript/failure.h"

namespace transcript {
namespace {

constexpr std::size_t kQueue = 256 * 1024;
constexpr int kTickMilliseconds = 2;  // how late a cut or heal may be noticed
constexpr int kGraceMilliseconds = 100;

struct Side {
  int socket = -1;
  std::string queue;   // bytes on their way to this side
  bool ended = false;  // this side sends no more
};

void close_hard(int socket) {
  const linger hard{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(socket);
}

struct Pair {
  Side client;
  Side server;

  Pair(int client_socket, int server_socket) {
    client.socket = client_socket;
    server.socket = server_socket;
  }
  ~Pair() {
    close_hard(client.socket);
    close_hard(server.socket);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
};

// False when the pair is broken.
bool read_side(Side& from, Side& to, std::int64_t most) {
  static thread_local std::array<char, 64 * 1024> buffer;
  const auto room = static_cast<std::size_t>(
      std::min<std::int64_t>(static_cast<std::int64_t>(buffer.size()), most));
  if (room == 0) return true;
  const ssize_t got = ::recv(from.socket, buffer.data(), room, 0);
  if (got > 0)
    to.queue.append(buffer.data(), static_cast<std::size_t>(got));
  else if (got == 0)
    from.ended = true;
  else
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return true;
}

bool write_side(Side& from, Side& to) {
  if (!to.queue.empty()) {
    const ssize_t sent = ::send(to.socket, to.queue.data(), to.queue.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    to.queue.erase(0, static_cast<std::size_t>(sent));
  }
  if (from.ended && to.queue.empty()) ::shutdown(to.socket, SHUT_WR);
  return true;
}

bool serve(Pair& pair, std::atomic<std::int64_t>& limit) {
  Side& client = pair.client;
  Side& server = pair.server;
  if (!client.ended && server.queue.size() < kQueue && !read_side(client, server, kQueue))
    return false;
  const std::size_t before = client.queue.size();
  if (!server.ended && before < kQueue && !read_side(server, client, limit)) return false;
  if (limit != std::numeric_limits<std::int64_t>::max()) {
    limit -= std::min<std::int64_t>(limit, static_cast<std::int64_t>(client.queue.size() - before));
  }
  if (!write_side(client, server) || !write_side(server, client)) return false;
  return !(client.ended && server.ended && client.queue.empty() && server.queue.empty());
}

}  // namespace

Proxy::Proxy(int target_port) : target_(target_port), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, raw, &size) != 0) {
    fail("the proxy finds no port");
  }
  fcntl(listener_, F_SETFL, O_NONBLOCK);
  fcntl(listener_, F_SETFD, FD_CLOEXEC);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Proxy::~Proxy() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

void Proxy::run() {
  std::vector<std::unique_ptr<Pair>> pairs;
  while (!stop_) {
    std::vector<pollfd> entries{{listener_, POLLIN, 0}};
    for (const auto& pair : pairs) {
      const auto events = [](const Side& side) {
        return static_cast<short>((side.ended ? 0 : POLLIN) | (side.queue.empty() ? 0 : POLLOUT));
      };
      if (stalled_) break;
      entries.push_back({pair->client.socket, events(pair->client), 0});
      entries.push_back({pair->server.socket, events(pair->server), 0});
    }
    ::poll(entries.data(), entries.size(), kTickMilliseconds);
    if (const int client = ::accept(listener_, nullptr, nullptr); client >= 0) {
      const int server = limit_ > 0 ? Connection::open_socket(target_, 0) : -1;
      if (server < 0) {
        close_hard(client);
      } else {
        fcntl(client, F_SETFL, O_NONBLOCK);
        fcntl(client, F_SETFD, FD_CLOEXEC);
        pairs.push_back(std::make_unique<Pair>(client, server));
      }
    }
    if (stalled_) continue;
    std::erase_if(pairs, [this](const auto& pair) { return !serve(*pair, limit_); });
    if (limit_ == 0) {
      if (gently_.exchange(false)) ::poll(nullptr, 0, kGraceMilliseconds);
      pairs.clear();
    }
  }
}

}  // namespace transcript

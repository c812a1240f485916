// SPDX-License-Identifier: MIT
#include "shared/net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <asio/basic_socket_acceptor.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/local/stream_protocol.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "shared/net/asio_loop.h"
#include "shared/net/asio_session.h"

namespace net {

using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, asio::io_context::executor_type>;
using Endpoint = asio::generic::stream_protocol::endpoint;

// After "too many open files": the connection stays in the queue, and trying again at once would spin.
constexpr std::chrono::milliseconds kPauseAfterFailure{50};
// Connections accepted in one go, so that a flood does not keep the others waiting.
constexpr int kAcceptsPerTurn = 1000;

struct Listener::Impl : std::enable_shared_from_this<Impl> {
  Impl(EventLoop& event_loop, Options given, Accepted on_accepted)
      : loop(event_loop), options(std::move(given)), accepted(std::move(on_accepted)),
        acceptor(event_loop.impl().io), pause(event_loop) {}

  bool is_unix() const { return !options.unix_path.empty(); }
  void open(const Endpoint& endpoint, asio::error_code& error);
  void wait();
  void accept_all();
  bool accept_one();
  void prepare(Socket& socket) const;

  EventLoop& loop;
  Options options;
  Accepted accepted;
  Acceptor acceptor;
  Timer pause;
};

// "127.0.0.1:6379", "[::1]:6379"; both ends of a connection through a file are called "path:0", as in Redis.
static std::string text_of(const Endpoint& endpoint, const std::string& unix_path) {
  if (!unix_path.empty()) return unix_path + ":0";
  tcp::endpoint address;
  if (endpoint.size() > address.capacity()) return "?:0";
  address.resize(endpoint.size());
  std::memcpy(address.data(), endpoint.data(), endpoint.size());
  const std::string name = address.address().to_string();
  const std::string port = std::to_string(address.port());
  return address.address().is_v6() ? "[" + name + "]:" + port : name + ":" + port;
}

void Listener::Impl::wait() {
  if (!acceptor.is_open()) return;
  acceptor.async_wait(Acceptor::wait_read, [self = shared_from_this()](asio::error_code error) {
    if (error || !self->acceptor.is_open()) return;
    self->loop.begin();
    self->accept_all();
  });
}

void Listener::Impl::accept_all() {
  for (int i = 0; i < kAcceptsPerTurn && acceptor.is_open(); ++i) {
    if (!accept_one()) return;
  }
  wait();
}

static void set_number(Socket& socket, int level, int option, int value) {
  (void)setsockopt(socket.native_handle(), level, option, &value, sizeof value);
}

void Listener::Impl::prepare(Socket& socket) const {
  asio::error_code ignored;
  socket.non_blocking(true, ignored);
  if (is_unix()) return;
  socket.set_option(tcp::no_delay(true), ignored);
  const int seconds = options.keepalive_seconds;
  if (seconds <= 0) return;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
#ifdef TCP_KEEPIDLE
  // Silent for so long: three probes within as much again, then the peer is gone.
  set_number(socket, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
  set_number(socket, IPPROTO_TCP, TCP_KEEPINTVL, std::max(seconds / 3, 1));
  set_number(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
#endif
}

// False: nobody waits, or none can be accepted now; the next wait is arranged.
bool Listener::Impl::accept_one() {
  asio::error_code error;
  Endpoint peer;
  Socket socket(loop.impl().io.get_executor());
  acceptor.accept(socket, peer, error);
  if (error == asio::error::would_block) {
    wait();
    return false;
  }
  if (error == asio::error::connection_aborted || error == asio::error::interrupted) return true;
  if (error) {
    pause.start(kPauseAfterFailure, [self = shared_from_this()] { self->accept_all(); });
    return false;
  }
  asio::error_code ignored;
  prepare(socket);
  const std::string local = text_of(socket.local_endpoint(ignored), options.unix_path);
  accepted(std::make_unique<Session>(
      std::make_unique<Session::Impl>(loop, std::move(socket), text_of(peer, options.unix_path), local)));
  return true;
}

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() { close(); }

void Listener::close() {
  if (!impl_->acceptor.is_open()) return;
  asio::error_code ignored;
  impl_->pause.cancel();
  impl_->acceptor.close(ignored);
  if (impl_->is_unix()) unlink(impl_->options.unix_path.c_str());
}

void Listener::set_keepalive(int seconds) { impl_->options.keepalive_seconds = seconds; }

uint16_t Listener::port() const {
  asio::error_code ignored;
  const Endpoint endpoint = impl_->acceptor.local_endpoint(ignored);
  sockaddr_storage address{};
  std::memcpy(&address, endpoint.data(), std::min(sizeof address, endpoint.size()));
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return address.ss_family == AF_INET ? ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port) : uint16_t{0};
}

void Listener::Impl::open(const Endpoint& endpoint, asio::error_code& error) {
  acceptor.open(endpoint.protocol(), error);
  if (!error && !is_unix()) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && endpoint.protocol().family() == AF_INET6) acceptor.set_option(asio::ip::v6_only(true), error);
#ifdef SO_MARK
  if (options.mark != 0) {
    (void)setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_MARK, &options.mark, sizeof options.mark);
  }
#endif
  if (!error) acceptor.bind(endpoint, error);
  if (!error && options.permissions != 0) chmod(options.unix_path.c_str(), options.permissions);
  if (!error) acceptor.listen(options.backlog, error);
  if (!error) acceptor.non_blocking(true, error);
}

static util::Result<Endpoint> endpoint_of(const Listener::Options& options) {
  if (!options.unix_path.empty()) {
    if (options.unix_path.size() >= sizeof sockaddr_un{}.sun_path) return util::Failure{"unix socket path too long"};
    unlink(options.unix_path.c_str());
    return Endpoint(asio::local::stream_protocol::endpoint(options.unix_path));
  }
  std::string text = options.address;
  if (text == "*") text = "0.0.0.0";
  if (text == "::*") text = "::";
  asio::error_code error;
  const asio::ip::address address = asio::ip::make_address(text, error);
  if (error) return util::Failure{"not an IP address: " + options.address};
  return Endpoint(tcp::endpoint(address, options.port));
}

util::Result<std::unique_ptr<Listener>> Listener::open(EventLoop& loop, const Options& options, Accepted accepted) {
  const auto endpoint = endpoint_of(options);
  if (!endpoint) return util::Failure{endpoint.error()};
  auto impl = std::make_shared<Impl>(loop, options, std::move(accepted));
  asio::error_code error;
  impl->open(endpoint.value(), error);
  const bool unavailable = error.value() == EADDRNOTAVAIL || error.value() == EAFNOSUPPORT;
  if (unavailable && options.optional) return std::unique_ptr<Listener>();
  if (error) return util::Failure{error.message()};
  impl->wait();
  return std::unique_ptr<Listener>(new Listener(std::move(impl)));
}

uint64_t raise_file_limit(uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < wanted) {
    rlimit raised = limit;
    raised.rlim_cur = wanted;
    if (raised.rlim_max < wanted) raised.rlim_max = wanted;  // allowed for root
    if (setrlimit(RLIMIT_NOFILE, &raised) != 0) {
      limit.rlim_cur = limit.rlim_max;
      setrlimit(RLIMIT_NOFILE, &limit);
    }
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

}  // namespace net

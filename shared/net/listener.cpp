// SPDX-License-Identifier: MIT
#include "shared/net/listener.h"

#include <sys/resource.h>

#include <asio/basic_socket_acceptor.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <chrono>

#include "shared/net/asio_loop.h"
#include "shared/net/asio_session.h"

namespace net {

using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

// After "too many open files": the connection stays in the queue, and trying again at once would spin.
constexpr std::chrono::milliseconds kPauseAfterFailure{50};
// Connections accepted in one go, so that a flood does not keep the others waiting.
constexpr int kAcceptsPerTurn = 1000;

struct Listener::Impl : std::enable_shared_from_this<Impl> {
  Impl(EventLoop& event_loop, Options given, Accepted on_accepted)
      : loop(event_loop), options(std::move(given)), accepted(std::move(on_accepted)),
        acceptor(event_loop.impl().io), pause(event_loop) {}

  void wait();
  void accept_all();
  bool accept_one();

  EventLoop& loop;
  Options options;
  Accepted accepted;
  Acceptor acceptor;
  Timer pause;
};

static std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
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

// False: nobody waits, or none can be accepted now; the next wait is arranged.
bool Listener::Impl::accept_one() {
  asio::error_code error;
  tcp::endpoint peer;
  asio::basic_stream_socket<tcp, asio::io_context::executor_type> socket(loop.impl().io);
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
  socket.non_blocking(true, ignored);
  socket.set_option(tcp::no_delay(true), ignored);
  if (options.keepalive_seconds > 0) socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const std::string local = text_of(socket.local_endpoint(ignored));
  const auto protocol = asio::generic::stream_protocol(peer.protocol());
  Socket generic(loop.impl().io.get_executor(), protocol, socket.release());
  generic.non_blocking(true, ignored);
  accepted(std::make_unique<Session>(
      std::make_unique<Session::Impl>(loop, std::move(generic), text_of(peer), local)));
  return true;
}

Listener::Listener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Listener::~Listener() { close(); }

void Listener::close() {
  asio::error_code ignored;
  impl_->pause.cancel();
  impl_->acceptor.close(ignored);
}

uint16_t Listener::port() const { return impl_->acceptor.local_endpoint().port(); }

util::Result<std::unique_ptr<Listener>> Listener::open(EventLoop& loop, const Options& options, Accepted accepted) {
  asio::error_code error;
  std::string text = options.address;
  if (text == "*") text = "0.0.0.0";
  if (text == "::*") text = "::";
  const asio::ip::address address = asio::ip::make_address(text, error);
  if (error) return util::Failure{"not an IP address: " + options.address};
  auto impl = std::make_shared<Impl>(loop, options, std::move(accepted));
  Acceptor& acceptor = impl->acceptor;
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(options.backlog, error);
  if (!error) acceptor.non_blocking(true, error);
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

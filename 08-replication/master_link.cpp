// SPDX-License-Identifier: MIT
#include "08-replication/master_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <span>
#include <stdexcept>
#include <vector>

#include "08-replication/payload_receiver.h"
#include "shared/net/asio_loop.h"
#include "shared/resp/request_writer.h"
#include "shared/util/todo.h"

namespace replication {

using asio::use_awaitable;
using asio::ip::tcp;

constexpr size_t kReadBuffer = 64 * 1024;
constexpr size_t kLongestLine = 1024;

// The link is of no use any more; the text is for the log.
struct LinkFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Shared with the coroutine and with writes on their way. `listener` is null once the owner has let
// go of it.
class MasterLink::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(net::EventLoop& event_loop, LinkRequest asked, LinkListener& hears)
      : loop(event_loop),
        request(std::move(asked)),
        listener(&hears),
        socket(loop.impl().io),
        loaded(loop.impl().io) {
    loaded.expires_at(std::chrono::steady_clock::time_point::max());
  }

  void start();
  void close();
  void send(std::string_view bytes);
  void write_more();

  asio::awaitable<void> run();
  asio::awaitable<void> connect();
  asio::awaitable<void> connect_from(const tcp::resolver::results_type& places, asio::error_code& error);
  asio::awaitable<SyncAnswer> handshake();
  asio::awaitable<void> receive_snapshot();
  asio::awaitable<void> receive_pieces(PayloadReceiver& receiver);
  asio::awaitable<void> receive_stream();
  // Sends one request; what is awaited is the answer's line. No coroutine: the words need not
  // outlive a suspension.
  template <class... Words>
  asio::awaitable<std::string> ask(const Words&... words) {
    const std::string_view request_words[] = {words..., "FAILOVER"};
    const bool hands_over = request.hands_over && request_words[0] == "PSYNC";
    util::ByteBuffer bytes;
    resp::append_request(bytes, std::span(request_words).first(sizeof...(words) + (hands_over ? 1 : 0)));
    send(bytes.view());
    return read_line();
  }
  asio::awaitable<std::string> read_line();
  asio::awaitable<void> read_more();
  void say(std::string_view text) {
    if (listener != nullptr) listener->on_log(text);
  }
  // Behind each wait: whoever owned the link may be gone, and a turn begins.
  void resumed() {
    if (listener == nullptr) throw LinkFailure("closed");
    loop.begin();
    heard = std::chrono::steady_clock::now();
  }

  net::EventLoop& loop;
  const LinkRequest request;
  LinkListener* listener;
  tcp::socket socket;
  asio::steady_timer loaded;  // never fires; cancelled when the snapshot is loaded
  bool go = false;
  std::chrono::steady_clock::time_point heard = std::chrono::steady_clock::now();
  std::vector<char> buffer = std::vector<char>(kReadBuffer);
  std::string_view arrived;  // in the buffer, not used yet
  std::string waiting;       // to be sent
  std::string leaving;       // being sent
};

void MasterLink::Impl::start() {
  asio::co_spawn(loop.impl().io, run(), [self = shared_from_this()](std::exception_ptr failure) {
    LinkListener* const told = self->listener;
    self->close();
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const util::NotWritten&) {
      throw;  // ends the process, and says which task is not written
    } catch (const std::exception& why) {
      self->loop.begin();
      if (told != nullptr) told->on_down(why.what());
    }
  });
}

void MasterLink::Impl::close() {
  listener = nullptr;
  asio::error_code ignored;
  socket.close(ignored);
  loaded.cancel();
}

void MasterLink::Impl::send(std::string_view bytes) {
  waiting.append(bytes);
  if (leaving.empty()) write_more();
}

void MasterLink::Impl::write_more() {
  std::swap(leaving, waiting);
  asio::async_write(socket, asio::buffer(leaving),
                    [self = shared_from_this()](asio::error_code error, size_t) {
                      self->leaving.clear();
                      if (!error && !self->waiting.empty()) self->write_more();
                    });
}

asio::awaitable<void> MasterLink::Impl::run() {
  co_await connect();
  const SyncAnswer answer = co_await handshake();
  listener->on_answer(answer);
  if (answer.kind == SyncAnswer::Kind::FullCopy) {
    co_await receive_snapshot();
  } else if (answer.kind != SyncAnswer::Kind::Continue) {
    throw LinkFailure("no synchronization with the master now");
  }
  co_await receive_stream();
}

// As async_connect(), but from an address of ours. `error` is that of the last place that was tried.
asio::awaitable<void> MasterLink::Impl::connect_from(const tcp::resolver::results_type& places,
                                                     asio::error_code& error) {
  const asio::ip::address source = asio::ip::make_address(request.from_address, error);
  if (error) co_return;
  for (const auto& place : places) {
    asio::error_code ignored;
    socket.close(ignored);
    socket.open(place.endpoint().protocol(), error);
    if (!error) socket.bind(tcp::endpoint(source, 0), error);
    if (error) continue;
    co_await socket.async_connect(place.endpoint(), asio::redirect_error(use_awaitable, error));
    resumed();
    if (!error) co_return;
  }
}

asio::awaitable<void> MasterLink::Impl::connect() {
  tcp::resolver resolver(loop.impl().io);
  const auto places =
      co_await resolver.async_resolve(request.host, std::to_string(request.port), use_awaitable);
  resumed();
  asio::error_code error;
  if (request.from_address.empty()) {
    co_await asio::async_connect(socket, places, asio::redirect_error(use_awaitable, error));
  } else {
    co_await connect_from(places, error);
  }
  if (error) throw LinkFailure("Error condition on socket for SYNC: " + error.message());
  resumed();
  socket.set_option(tcp::no_delay(true), error);
  listener->on_connected();
}

// Reads once into the buffer, whose content has been used up.
asio::awaitable<void> MasterLink::Impl::read_more() {
  const size_t count = co_await socket.async_read_some(asio::buffer(buffer), use_awaitable);
  resumed();
  arrived = {buffer.data(), count};
}

// One line without its end. An empty one says that the master is still there, and is passed over.
asio::awaitable<std::string> MasterLink::Impl::read_line() {
  std::string line;
  while (true) {
    if (arrived.empty()) co_await read_more();
    const char byte = arrived.front();
    arrived.remove_prefix(1);
    if (byte == '\r' || (byte == '\n' && line.empty())) continue;
    if (byte == '\n') co_return line;
    line.push_back(byte);
    if (line.size() > kLongestLine) throw LinkFailure("the master's answer is too long");
  }
}

// Says who we are, asks for the stream. LinkFailure ("Unable to AUTH to MASTER: …"): not wanted.
// Each co_await is a statement of its own: g++ 12 evaluates one behind && even when it must not.
asio::awaitable<SyncAnswer> MasterLink::Impl::handshake() {
  // [08.1 begin] PING, AUTH, REPLCONF listening-port, ip-address and capa, PSYNC: one question after the other
  //stub: todo("08.1");
  //stub: co_return SyncAnswer{};
  std::string answer = co_await ask("PING");
  if (answer.starts_with('-') && !answer.starts_with("-NOAUTH") && !answer.starts_with("-NOPERM")) {
    throw LinkFailure(fmt::format("Error reply to PING from master: '{}'", answer));
  }
  say("Master replied to PING, replication can continue...");
  if (!request.password.empty()) {
    if (request.user.empty()) {
      answer = co_await ask("AUTH", request.password);
    } else {
      answer = co_await ask("AUTH", request.user, request.password);
    }
    if (answer.starts_with('-')) throw LinkFailure("Unable to AUTH to MASTER: " + answer);
  }
  const std::string port = std::to_string(request.own_port);
  answer = co_await ask("REPLCONF", "listening-port", port);
  if (answer.starts_with('-'))
    say("(Non critical) Master does not understand REPLCONF listening-port: " + answer);
  if (!request.announce_ip.empty())
    answer = co_await ask("REPLCONF", "ip-address", request.announce_ip);
  answer = co_await ask("REPLCONF", "capa", "eof", "capa", "psync2");
  if (answer.starts_with('-'))
    say("(Non critical) Master does not understand REPLCONF capa: " + answer);
  const std::string wanted = std::to_string(request.wanted);
  answer = co_await ask("PSYNC", request.id, wanted);
  co_return read_sync_answer(answer);
  // [08.1 end]
}

asio::awaitable<void> MasterLink::Impl::receive_pieces(PayloadReceiver& receiver) {
  bool kept = true;
  auto status = PayloadReceiver::Status::More;
  while (status == PayloadReceiver::Status::More) {
    if (arrived.empty()) co_await read_more();
    status = receiver.feed(arrived, [&](std::string_view piece) {
      kept = kept && listener->on_snapshot_piece(piece);
    });
    if (!kept) throw LinkFailure("the snapshot cannot be written to the disk");
  }
  if (status == PayloadReceiver::Status::Failed) throw LinkFailure(receiver.error());
  listener->on_snapshot_complete();
}

asio::awaitable<void> MasterLink::Impl::receive_snapshot() {
  PayloadReceiver receiver;
  auto status = PayloadReceiver::Status::More;
  while (status == PayloadReceiver::Status::More) {
    if (arrived.empty()) co_await read_more();
    status = receiver.begin(arrived);
  }
  if (status == PayloadReceiver::Status::Failed) throw LinkFailure(receiver.error());
  // Behind a counted snapshot the stream may have begun to arrive.
  const size_t mine = receiver.length_known()
                          ? static_cast<size_t>(std::min<uint64_t>(arrived.size(), receiver.total()))
                          : arrived.size();
  if (listener->on_snapshot_begins({socket.native_handle(), receiver, arrived.substr(0, mine)})) {
    arrived.remove_prefix(mine);
  } else {
    co_await receive_pieces(receiver);
  }
  if (!go) {
    asio::error_code woken;
    co_await loaded.async_wait(asio::redirect_error(use_awaitable, woken));
    resumed();
  }
}

asio::awaitable<void> MasterLink::Impl::receive_stream() {
  while (true) {
    if (!arrived.empty() && !listener->on_stream(arrived))
      throw LinkFailure("Protocol error from master");
    co_await read_more();
  }
}

MasterLink::MasterLink(net::EventLoop& loop, LinkRequest request, LinkListener& listener)
    : impl_(std::make_shared<Impl>(loop, std::move(request), listener)) {
  impl_->start();
}

MasterLink::~MasterLink() { impl_->close(); }

void MasterLink::send(std::string_view bytes) { impl_->send(bytes); }

void MasterLink::go_on() {
  impl_->go = true;
  impl_->loaded.cancel();
}

int64_t MasterLink::silent_ms() const {
  const auto silence = std::chrono::steady_clock::now() - impl_->heard;
  return std::chrono::duration_cast<std::chrono::milliseconds>(silence).count();
}

void MasterLink::give_up(std::string_view why) {
  LinkListener* const told = impl_->listener;
  impl_->close();
  if (told != nullptr) told->on_down(why);
}

}  // namespace replication

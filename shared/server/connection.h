// SPDX-License-Identifier: MIT
//
// A client on a socket: bytes in, parser, executor, bytes out.
//
//   readable ─► read once ─► parse up to 32 requests ─► run them ─► … ─► one write, behind the turn's steps
//
// Reading uses a buffer that all connections share; only the start of an unfinished request is copied out, into a buffer
// of the connection's own that grows with what has arrived. A client that does not read its replies is not read from
// while more than kUnreadLimit bytes wait for it.
// Owned by the ClientRegistry. The loop thread's alone.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shared/command/client.h"
#include "shared/command/executor.h"
#include "shared/net/session.h"
#include "shared/resp/request_parser.h"
#include "shared/server/output_guard.h"
#include "shared/server/turn.h"
#include "shared/util/byte_buffer.h"

namespace server {

class ClientRegistry;

struct NetworkStats {
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;
  uint64_t reads = 0;
  uint64_t writes = 0;
  uint64_t connections = 0;
  uint64_t rejected = 0;
};

// What all connections share: the buffers of the turn among it.
struct ConnectionFrame {
  command::Executor& executor;
  Turn& turn;
  ClientRegistry& registry;
  const resp::ParserLimits& limits;
  OutputGuard* output_guard = nullptr;
  MemoryGuard* memory_guard = nullptr;
  bool strangers_come = false;  // a new client has to authenticate before it is one of us
  // Bytes that may have come without being an argument yet. Whoever sends more is closed, behind a call of the listener
  // with the first of them.
  uint64_t input_limit = UINT64_MAX;
  std::function<void(Connection&, std::string_view first_bytes)> on_input_limit = {};
  NetworkStats stats = {};
  std::vector<char> read_buffer = std::vector<char>(64 * 1024);
  resp::Batch batch = {};
  resp::OutputBuffer discarded = {};
  resp::ParserLimits stranger_limits = {.authenticated = false};
};

class Connection final : public net::SessionHandler, public command::ClientOwner {
 public:
  static constexpr size_t kUnreadLimit = 256 * 1024 * 1024;
  // A blocked client is read from until so much has come, so that its end is noticed.
  static constexpr size_t kPostponedLimit = 64 * 1024;

  Connection(ConnectionFrame& frame, std::unique_ptr<net::Session> session, uint64_t id);
  ~Connection() override;

  void start();
  command::Client& client() { return client_; }
  const net::Session& session() const { return *session_; }

  // Sends what is there, as far as the socket takes it; called at the end of a turn.
  void flush();
  // Something was appended to the client's output, or it is to be closed: flush() at the end of this turn.
  void touch();
  // Runs what arrived while the client was blocked.
  void resume();
  // At once: what was not sent is lost. The object lives on until the registry frees it.
  void close();
  bool closed() const { return !session_->is_open(); }
  bool freeable() const { return session_->idle(); }

  bool doomed() const { return doomed_; }

  // Bytes that were received and belong to an argument whose end is missing.
  size_t pending_input() const { return filled_ - std::min(filled_, parser_.settled()) + parser_.large_received(); }
  // Of an unfinished request: what has come whole.
  size_t argument_bytes() const { return parser_.argument_bytes(); }
  // What was received and not run yet, the running request included; the room behind it.
  size_t unread_input() const { return (processing_ != 0 ? processing_ : pending_input()) + postponed_.size(); }
  size_t free_input() const { return pending_.size() - filled_; }
  size_t memory_size() const;
  size_t guarded_memory = 0;  // memory_size() as the memory guard last saw it

  std::span<char> read_window() override;
  void on_read(size_t count) override;
  void on_writable() override { touch(); }  // never before the turn's end: the log comes first
  void on_peer_closed() override { close(); }

  void output_added() override;
  void close_later() override;
  void unblocked() override;
  std::string peer_address() const override { return session_->peer_address(); }

 private:
  void process(std::string_view input);
  void run(resp::Batch& batch);
  void postpone(const resp::Batch& batch, size_t from);
  void execute(resp::Args args);
  void keep(std::string_view rest);
  bool over_input_limit();
  void refuse(std::string_view error);
  void memory_changed() {
    if (frame_.memory_guard != nullptr) [[unlikely]] frame_.memory_guard->memory_changed(*this);
  }
  void finish_turn();  // sends, now or at the end of the turn

  ConnectionFrame& frame_;
  std::unique_ptr<net::Session> session_;
  command::Client client_;
  resp::RequestParser parser_;
  std::vector<char> pending_;       // the unfinished request; filled_ bytes of it
  size_t filled_ = 0;
  size_t processing_ = 0;           // bytes of the input that is being parsed and run
  util::ByteBuffer postponed_;      // whole requests that came while the client was blocked
  enum class Window : uint8_t { Shared, Pending, Large } window_ = Window::Shared;
  bool flush_queued_ = false;
  bool doomed_ = false;             // close_later() was called
  bool reading_stopped_ = false;
};

}  // namespace server

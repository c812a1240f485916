// SPDX-License-Identifier: MIT
#include "02-resp-parser/session.h"

#include <cstring>
#include <string>

#include "01-tcp-echo/session.h"
#include "shared/util/todo.h"

namespace resp_parser {

using resp::RequestParser;

constexpr size_t kFirstBuffer = 16 * 1024;

Session::Session(asio::ip::tcp::socket socket)
    : socket_(std::move(socket)), input_(kFirstBuffer), parser_(limits_), reply_(out_) {}

// Each co_await is a statement of its own: g++ 12 evaluates one behind && even when it must not.
asio::awaitable<void> Session::run() {
  while (co_await read()) {
    batch_.clear();
    const RequestParser::Status status = parse();
    if (!co_await answer(status)) co_return;
    if (leaving_) co_return;
    consume();
  }
}

// Fills batch_ with the complete requests of the input.
RequestParser::Status Session::parse() {
  try {
    return parser_.parse({input_.data(), filled_}, batch_);
  } catch (const util::NotWritten& missing) {
    reply_.error(std::string("ERR TODO ").append(missing.task));
    leaving_ = true;
    return RequestParser::Status::NeedInput;
  }
}

// Reads once, behind what is kept. The buffer doubles only when it is full of bytes that have
// arrived; a large argument is received where it will stay.
asio::awaitable<bool> Session::read() {
  std::span<char> free = parser_.large_window();
  const bool large = !free.empty();
  if (!large) {
    if (filled_ == input_.size()) input_.resize(2 * input_.size());
    free = std::span(input_).subspan(filled_);
  }
  const size_t count = co_await tcp_echo::receive(socket_, free);
  if (count == 0) co_return false;
  if (large) {
    parser_.large_filled(count);
  } else {
    filled_ += count;
  }
  counters_.received += count;
  ++counters_.reads;
  co_return true;
}

// Drops the requests that were answered; the start of an unfinished one moves to the front.
void Session::consume() {
  const size_t end = batch_.size() > 0 ? batch_[batch_.size() - 1].end : 0;
  filled_ = parser_.keep_end() - end;
  std::memmove(input_.data(), input_.data() + end, filled_);
}

// Writes the answer to one request into out_; sends nothing. QUIT sets leaving_.
void Session::execute(resp::Args args) {
  counters_.examined = parser_.bytes_examined();
  counters_.buffer = input_.size();
  try {
    if (!resp_parser::execute(args, counters_, reply_)) leaving_ = true;
  } catch (const util::NotWritten& missing) {
    reply_.error(std::string("ERR TODO ").append(missing.task));
  }
}

// Answers the requests in batch_ and then, after a protocol error, says what is wrong and leaves.
// False: the peer has gone.
asio::awaitable<bool> Session::answer(RequestParser::Status status) {
  // [02.5a begin] every request of this turn, in order; then the error; then one flush
  //stub: if (batch_.size() > 0) execute(batch_.args(0));  // one read is one request, or is it?
  //stub: if (batch_.size() > 1) reply_.error("ERR TODO 02.5");
  //stub: if (status == RequestParser::Status::Error) {
  //stub:   reply_.error(std::string("ERR ").append(parser_.error()));
  //stub:   leaving_ = true;
  //stub: }
  //stub: co_return co_await flush();
  for (size_t i = 0; i < batch_.size() && !leaving_; ++i) execute(batch_.args(i));
  if (status == RequestParser::Status::Error && !leaving_) {
    reply_.error(std::string("ERR ").append(parser_.error()));
    leaving_ = true;
  }
  co_return co_await flush();
  // [02.5a end]
}

// Sends what is in out_, all of it. False: the peer has gone.
asio::awaitable<bool> Session::flush() {
  // [02.5b begin] piece after piece, until nothing is left
  //stub: std::string_view piece[1];
  //stub: out_.pieces(piece);
  //stub: const bool there = co_await send(piece[0]);
  //stub: out_.clear();  // and the pieces behind the first?
  //stub: co_return there;
  while (!out_.empty()) {
    std::string_view piece[1];
    out_.pieces(piece);
    if (!co_await send(piece[0])) co_return false;
    out_.consume(piece[0].size());
  }
  co_return true;
  // [02.5b end]
}

// Returns when the kernel has taken the last byte: while the socket is full, this connection waits
// here and reads nothing.
asio::awaitable<bool> Session::send(std::string_view bytes) {
  ++counters_.writes;
  co_return co_await tcp_echo::send(socket_, bytes);
}

asio::awaitable<void> serve_client(asio::ip::tcp::socket socket) {
  Session session(std::move(socket));
  co_await session.run();
}

}  // namespace resp_parser

// SPDX-License-Identifier: MIT
#include "02-resp-parser/session.h"

#include <cstring>

#include "01-tcp-echo/session.h"
#include "02-resp-parser/commands.h"
#include "shared/util/todo.h"

namespace resp_parser {

using resp::RequestParser;

constexpr size_t kFirstBuffer = 16 * 1024;

Session::Session(asio::ip::tcp::socket socket)
    : socket_(std::move(socket)), input_(kFirstBuffer), parser_(limits_), reply_(out_) {}

asio::awaitable<void> Session::run() {
  while (!leaving_ && co_await read()) {
    batch_.clear();
    RequestParser::Status status = RequestParser::Status::NeedInput;
    try {
      status = parser_.parse({input_.data(), filled_}, batch_);
    } catch (const util::NotWritten& missing) {
      reply_.error(std::string("ERR TODO ").append(missing.task));
      leaving_ = true;
    }
    if (!co_await answer(status)) co_return;
    consume();
  }
}

// Reads once, behind what is kept. The buffer doubles only when it is full of bytes that have arrived; a large argument
// is received where it will stay.
asio::awaitable<bool> Session::read() {
  if (const std::span<char> window = parser_.large_window(); !window.empty()) {
    const size_t count = co_await tcp_echo::receive(socket_, window);
    parser_.large_filled(count);
    co_return count > 0;
  }
  if (filled_ == input_.size()) input_.resize(2 * input_.size());
  const size_t count = co_await tcp_echo::receive(socket_, std::span(input_).subspan(filled_));
  filled_ += count;
  co_return count > 0;
}

// Drops the requests that were answered; the start of an unfinished one moves to the front.
void Session::consume() {
  const size_t end = batch_.size() > 0 ? batch_[batch_.size() - 1].end : 0;
  filled_ = parser_.keep_end() - end;
  std::memmove(input_.data(), input_.data() + end, filled_);
}

void Session::execute(resp::Args args) {
  try {
    if (!resp_parser::execute(args, reply_)) leaving_ = true;
  } catch (const util::NotWritten& missing) {
    reply_.error(std::string("ERR TODO ").append(missing.task));
  }
}

// Answers the requests in batch_ and, after a protocol error, says what is wrong and leaves. False: the peer has gone.
asio::awaitable<bool> Session::answer(RequestParser::Status status) {
  // [02.5 begin] every request of this turn, one write
  //stub: if (batch_.size() > 0) execute(batch_.args(0));  // the first one, and the others?
  for (size_t i = 0; i < batch_.size() && !leaving_; ++i) execute(batch_.args(i));
  if (status == RequestParser::Status::Error && !leaving_) {
    reply_.error(std::string("ERR ").append(parser_.error()));
    leaving_ = true;
  }
  while (!out_.empty()) {
    std::string_view piece[1];
    out_.pieces(piece);
    if (!co_await tcp_echo::send(socket_, piece[0])) co_return false;
    out_.consume(piece[0].size());
  }
  co_return true;
  // [02.5 end]
}

asio::awaitable<void> serve_client(asio::ip::tcp::socket socket) {
  Session session(std::move(socket));
  co_await session.run();
}

}  // namespace resp_parser

// SPDX-License-Identifier: MIT
//
// A connection that speaks RESP: stage 01's coroutine around a parser that resumes. Each read is
// one turn: parse what is there, answer every complete request, write once. Input kept: at most one
// unfinished request. Output kept: the answers of one turn, because nothing is read while they are
// being sent.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <vector>

#include "02-resp-parser/commands.h"
#include "shared/resp/output_buffer.h"
#include "shared/resp/reply_writer.h"
#include "shared/resp/request_parser.h"

namespace resp_parser {

class Session {
 public:
  explicit Session(asio::ip::tcp::socket socket);

  asio::awaitable<void> run();  // until the peer leaves, says QUIT or breaks the protocol

 private:
  asio::awaitable<bool> read();
  resp::RequestParser::Status parse();
  asio::awaitable<bool> answer(resp::RequestParser::Status status);
  asio::awaitable<bool> flush();
  asio::awaitable<bool> send(std::string_view bytes);
  void consume();
  void execute(resp::Args args);

  asio::ip::tcp::socket socket_;
  std::vector<char> input_;
  size_t filled_ = 0;  // bytes of input_ that hold data
  resp::ParserLimits limits_;
  resp::RequestParser parser_;
  resp::Batch batch_;
  resp::OutputBuffer out_;
  resp::ReplyWriter reply_;
  Counters counters_;
  bool leaving_ = false;
};

asio::awaitable<void> serve_client(asio::ip::tcp::socket socket);

}  // namespace resp_parser

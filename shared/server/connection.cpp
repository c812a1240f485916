// SPDX-License-Identifier: MIT
#include "shared/server/connection.h"

#include <algorithm>
#include <cstring>

#include "shared/resp/request_writer.h"
#include "shared/server/client_registry.h"
#include "shared/util/todo.h"

namespace server {

using resp::RequestParser;

// Requests parsed ahead, so that what they look up can be prefetched.
constexpr size_t kRequestsAhead = 32;
constexpr size_t kFirstPending = 1024;

Connection::Connection(ConnectionFrame& frame, std::unique_ptr<net::Session> session, uint64_t id)
    : frame_(frame), session_(std::move(session)), client_(id), parser_(frame.limits) {
  client_.authenticated = !frame.strangers_come;
  client_.owner = this;
  client_.reply.report_errors_to(frame.executor.errors());
  client_.created = client_.last_interaction = frame.executor.databases().environment().now;
}

Connection::~Connection() { frame_.turn.forget(*this); }

void Connection::start() { session_->start(*this); }

size_t Connection::memory_size() const {
  // Output counts as full chunks: exact, they would have to be walked each time.
  constexpr size_t kChunk = resp::OutputBuffer::kChunkSize;
  const size_t output = (client_.output.size() + kChunk - 1) / kChunk * kChunk;
  return sizeof *this + pending_.capacity() + postponed_.capacity() + parser_.memory_size() + output +
         client_.parts.memory_size();
}

void Connection::touch() {
  if (!std::exchange(flush_queued_, true)) frame_.turn.flush_later(*this);
}

void Connection::finish_turn() {
  // The steps have work even when nobody is answered (CLIENT REPLY OFF).
  if (frame_.turn.replies_wait()) frame_.turn.request_end();
  if (client_.output.empty() && !client_.close_after_reply) return;
  if (frame_.output_guard != nullptr) frame_.output_guard->output_grew(client_);
  if (frame_.turn.replies_wait()) return touch();
  if (!flush_queued_) flush();
}

void Connection::close() {
  if (closed()) return;
  if (frame_.memory_guard != nullptr) frame_.memory_guard->closed(*this);
  frame_.turn.forget(*this);
  session_->close();
  client_.parts.clear();
  client_.owner = nullptr;
  client_.output.clear();
  frame_.registry.retire(*this);
  frame_.turn.request_end();
}

std::span<char> Connection::read_window() {
  reading_stopped_ = client_.close_after_reply || client_.output.size() > kUnreadLimit ||
                     postponed_.size() > kPostponedLimit;
  if (reading_stopped_) return {};
  if (const std::span<char> large = parser_.large_window(); !large.empty()) {
    window_ = Window::Large;
    return large;
  }
  if (filled_ == 0) {
    window_ = Window::Shared;
    return frame_.read_buffer;
  }
  window_ = Window::Pending;
  if (filled_ == pending_.size()) pending_.resize(2 * pending_.size());
  return std::span(pending_).subspan(filled_);
}

void Connection::on_read(size_t count) {
  frame_.stats.bytes_in += count;
  ++frame_.stats.reads;
  client_.bytes_in += count;
  client_.last_interaction = frame_.executor.databases().environment().now;
  switch (window_) {
    case Window::Shared:
      process({frame_.read_buffer.data(), count});
      break;
    case Window::Pending:
      filled_ += count;
      process({pending_.data(), filled_});
      if (over_input_limit()) return;  // not before: what came may have made arguments whole
      break;
    case Window::Large:
      parser_.large_filled(count);
      if (over_input_limit()) return;
      if (parser_.large_window().empty()) process({pending_.data(), filled_});
  }
  memory_changed();
}

// A large argument is looked at before it is taken, as in Redis: its last bytes may be too many.
bool Connection::over_input_limit() {
  if (closed() || pending_input() <= frame_.input_limit) [[likely]] return closed();
  const std::string_view large = parser_.large_text();
  if (frame_.on_input_limit) {
    frame_.on_input_limit(*this, large.empty() ? std::string_view(pending_.data(), filled_).substr(parser_.settled()) : large);
  }
  close();
  return true;
}

// Runs every complete request of `input` and keeps the rest.
void Connection::process(std::string_view input) {
  resp::Batch& batch = frame_.batch;
  auto status = RequestParser::Status::BatchFull;
  while (status == RequestParser::Status::BatchFull && !client_.close_after_reply) {
    batch.clear();
    processing_ = input.size();
    try {
      // A stranger's next request may make it one of us, for what comes behind it.
      const bool stranger = !client_.authenticated;
      parser_.set_limits(stranger ? frame_.stranger_limits : frame_.limits);
      status = parser_.parse(input, batch, stranger ? 1 : kRequestsAhead);
    } catch (const util::NotWritten& missing) {
      return refuse(std::string("ERR TODO ").append(missing.task));
    }
    const size_t parsed = batch.size() > 0 ? batch[batch.size() - 1].end : 0;
    const size_t end = status == RequestParser::Status::NeedInput ? parser_.keep_end() : input.size();
    run(batch);
    if (closed()) return;
    input = input.substr(parsed, end - parsed);
  }
  if (status == RequestParser::Status::Error && !client_.close_after_reply) {
    return refuse(std::string("ERR ").append(parser_.error()));
  }
  keep(client_.close_after_reply ? std::string_view{} : input);
  finish_turn();
}

void Connection::run(resp::Batch& batch) {
  frame_.executor.prefetch(client_, batch);
  for (size_t done = 0; done < batch.size() && !client_.close_after_reply && !closed(); ++done) {
    if (client_.blocked || !postponed_.empty()) [[unlikely]]
      return postpone(batch, done);
    execute(batch.args(done));
  }
}

// The parser may be in the middle of the next request already: what is complete is kept as requests.
void Connection::postpone(const resp::Batch& batch, size_t from) {
  for (size_t i = from; i < batch.size(); ++i) {
    if (!batch.args(i).empty()) resp::append_request(postponed_, batch.args(i));
  }
}

void Connection::unblocked() { frame_.turn.resume_later(*this); }

void Connection::resume() {
  util::ByteBuffer requests = std::move(postponed_);
  resp::RequestParser parser(frame_.limits);
  resp::Batch batch;  // the frame's own may be in use
  std::string_view input = requests.view();
  while (!input.empty() && !client_.close_after_reply && !closed()) {
    batch.clear();
    if (client_.blocked) {
      postponed_.append(input);
      break;
    }
    parser.parse(input, batch, 1);
    execute(batch.args(0));
    input.remove_prefix(batch[0].end);
  }
  if (closed()) return;
  if (reading_stopped_ && postponed_.empty()) session_->resume_reading();
  touch();
}

void Connection::output_added() {
  touch();
  if (frame_.output_guard != nullptr) frame_.output_guard->output_grew(client_);
  memory_changed();
}

void Connection::close_later() {
  doomed_ = true;
  touch();
  memory_changed();
}

void Connection::execute(resp::Args args) {
  using Mode = command::Client::ReplyMode;
  if (client_.reply_mode == Mode::On) [[likely]] return frame_.executor.execute(client_, args, &frame_.batch);
  const bool skipped = client_.reply_mode == Mode::SkipThis;
  client_.reply.redirect(frame_.discarded);
  frame_.executor.execute(client_, args, &frame_.batch);
  client_.reply.redirect(client_.output);
  frame_.discarded.clear();
  if (skipped && client_.reply_mode == Mode::SkipThis) client_.reply_mode = Mode::On;
  if (client_.reply_mode == Mode::SkipNext) client_.reply_mode = Mode::SkipThis;
}

// The unfinished request moves to the front of the connection's own buffer, which is given back when it is not needed.
void Connection::keep(std::string_view rest) {
  processing_ = 0;
  if (rest.empty()) {
    filled_ = 0;
    if (!pending_.empty()) std::vector<char>().swap(pending_);
    return;
  }
  if (pending_.size() < rest.size()) {
    std::vector<char> larger(std::max(kFirstPending, rest.size()));
    std::memcpy(larger.data(), rest.data(), rest.size());
    pending_.swap(larger);
  } else {
    std::memmove(pending_.data(), rest.data(), rest.size());
  }
  filled_ = rest.size();
}

void Connection::refuse(std::string_view error) {
  client_.reply.error(error);
  client_.close_after_reply = true;
  keep({});
  finish_turn();
}

void Connection::flush() {
  flush_queued_ = false;
  if (doomed_) return close();
  while (!client_.output.empty()) {
    std::string_view pieces[64];
    const size_t count = client_.output.pieces(pieces);
    const long sent = session_->write_some(std::span(pieces, count));
    if (sent < 0) return close();
    const bool all = static_cast<size_t>(sent) == client_.output.size();
    client_.output.consume(static_cast<size_t>(sent));
    frame_.stats.bytes_out += static_cast<uint64_t>(sent);
    ++frame_.stats.writes;
    client_.bytes_out += static_cast<uint64_t>(sent);
    if (!all) {
      session_->wait_writable();
      break;
    }
  }
  if (client_.close_after_reply && client_.output.empty()) return close();
  memory_changed();
  if (reading_stopped_ && client_.output.size() <= kUnreadLimit / 2) {
    reading_stopped_ = false;
    session_->resume_reading();
  }
}

}  // namespace server

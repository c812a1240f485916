// SPDX-License-Identifier: MIT
#include "shared/testing/unit/in_process_server.h"

#include <utility>

namespace testing {

// Beyond the ids that the client registry gives to connections.
constexpr uint64_t kFirstClientId = 1'000'001;

InProcessServer::InProcessServer(const Compose& compose, std::string name)
    : server_(std::make_unique<server::Server>(std::move(name), clock_)) {
  server_->log.level = server::LogLevel::Nothing;
  if (compose) compose(*server_);
  server_->prepare();
  add_client();
}

command::Client& InProcessServer::add_client() {
  auto client = std::make_unique<command::Client>(kFirstClientId + clients_.size());
  client->created = client->last_interaction = clock_.wall_ms();
  return *clients_.emplace_back(std::move(client));
}

std::string InProcessServer::run_args(command::Client& from, resp::Args args) {
  server_->executor.refresh_time();
  from.last_interaction = clock_.wall_ms();
  server_->executor.execute(from, args);
  end_turn();
  return output(from);
}

std::string InProcessServer::output(command::Client& of) {
  std::string text;
  std::string_view piece;
  while (of.output.pieces({&piece, 1}) > 0) {
    text += piece;
    of.output.consume(piece.size());
  }
  return text;
}

void InProcessServer::advance_ms(int64_t ms) {
  clock_.advance_ms(ms);
  server_->executor.refresh_time();
}

}  // namespace testing

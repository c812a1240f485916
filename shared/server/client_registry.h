// SPDX-License-Identifier: MIT
//
// All connections of the server, by id. It owns them: a connection that closes is retired at once (nobody finds it any
// more) and freed at the end of a turn, when nothing refers to it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/server/connection.h"
#include "shared/util/function_ref.h"

namespace server {

class ClientRegistry {
 public:
  Connection& add(ConnectionFrame& frame, std::unique_ptr<net::Session> session);
  void retire(Connection& connection);
  void free_retired();  // at the end of a turn

  size_t size() const { return live_.size(); }
  Connection* find(uint64_t id);
  // In the order of their ids. `visit` may close connections.
  void for_each(util::FunctionRef<void(Connection&)> visit);
  void close_all();

  // A client's line of CLIENT LIST, without the line end. `argument_bytes`: of the command that it is running.
  static std::string describe(Connection& connection, util::UnixMs now, size_t argument_bytes = 0);

 private:
  uint64_t next_id_ = 1;
  std::map<uint64_t, std::unique_ptr<Connection>> live_;
  std::vector<std::unique_ptr<Connection>> retired_;
};

}  // namespace server

// SPDX-License-Identifier: MIT
//
// The values behind the frame's own parameters: what every server of the workshop has, whatever its stage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/resp/request_parser.h"
#include "shared/server/parameter_table.h"

namespace server {

struct Settings {
  uint16_t port = 6380;  // the workshop's; beside a Redis on 6379
  std::vector<std::string> bind = {"127.0.0.1", "-::1"};
  std::string unix_socket;               // a path, or empty
  uint32_t unix_socket_permissions = 0;  // 0: what the umask leaves
  uint32_t socket_mark = 0;              // of listening sockets (SO_MARK); 0: none
  std::string dir = ".";
  int databases = 16;
  uint32_t max_clients = 10000;
  int tcp_backlog = 511;
  int tcp_keepalive = 300;  // seconds; 0: off
  int hz = 10;              // runs of the periodic jobs per second
  int log_level = 2;        // LogLevel
  std::string log_file;
  bool daemonize = false;
  std::string pid_file;  // empty: none, or the usual one for a server in the background
  enum Who { kNobody, kEverybody, kLocalClients };
  int protected_configs = kNobody;  // who may change `dir` and its like at run time
  int debug_command = kNobody;      // who may use DEBUG
  resp::ParserLimits parser;

  std::string config_path;  // absolute, or empty; no parameter
};

void add_parameters(ParameterTable& table, Settings& settings);

// A peer of this machine: loopback ("127.0.0.1:5", "[::1]:5") or a unix socket ("/path:0").
bool is_local_address(std::string_view peer);

}  // namespace server

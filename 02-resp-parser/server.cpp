// SPDX-License-Identifier: MIT
// Stage 02: a server that redis-cli can talk to. It knows PING, ECHO and QUIT.
#include "01-tcp-echo/listener.h"
#include "02-resp-parser/session.h"
#include "shared/util/todo.h"

int main(int argc, char** argv) {
  util::install_todo_handler();
  return tcp_echo::serve(argc, argv, "02-resp-parser", resp_parser::serve_client);
}

// SPDX-License-Identifier: MIT
// Stage 01: every byte that a client sends comes back to it, for any number of clients, on one
// thread.
#include "01-tcp-echo/listener.h"
#include "01-tcp-echo/session.h"

int main(int argc, char** argv) {
  return tcp_echo::serve(argc, argv, "01-tcp-echo", tcp_echo::echo);
}

// SPDX-License-Identifier: MIT
//
// What every server of the first two stages needs from its process: two flags, and enough file
// descriptors. From stage 03 on shared/server does this with Redis' own configuration syntax.
#pragma once

#include <cstdint>
#include <string>

namespace tcp_echo {

struct Options {
  uint16_t port = 6380;
  std::string dir = ".";  // working directory; these servers keep no files
};

// Reads `--port N` and `--dir PATH`. Anything else ends the process: one line on standard error,
// status 1.
Options parse_options(int argc, char** argv);

// Raises the soft limit of open files to the hard one: a connection is a file descriptor.
void raise_file_limit();

}  // namespace tcp_echo

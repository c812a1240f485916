// SPDX-License-Identifier: MIT
//
// The command line of workshop-check.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace transcript {

struct Options {
  std::vector<std::string> files;
  std::string server;  // empty: $SERVER
  std::string task;
  std::string redis;  // empty: $REDIS, then the PATH
  std::string json;
  std::string junit;
  std::string link_base;
  std::string shim;
  std::uint64_t seed = 0;
  int repeat = 1;
  long long timeout = 5000;  // milliseconds
  bool verbose = false;
  bool keep_going = false;
  bool keep_folders = false;
  bool oracle = false;
};

class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws UsageError. Fills in the environment's values and a random seed.
Options parse_options(const std::vector<std::string>& arguments);

std::string usage();

// The first executable of that name in $PATH, or "".
std::string find_program(const std::string& name);

}  // namespace transcript

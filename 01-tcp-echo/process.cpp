// SPDX-License-Identifier: MIT
#include "01-tcp-echo/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace tcp_echo {

[[noreturn]] static void refuse(std::string_view what, std::string_view value) {
  std::fprintf(stderr, "%.*s: %.*s\nusage: server [--port N] [--dir PATH]\n",
               static_cast<int>(what.size()), what.data(), static_cast<int>(value.size()),
               value.data());
  std::exit(1);
}

static uint16_t parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) refuse("not a port", text);
  return port;
}

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view flag = argv[i];
    if (flag != "--port" && flag != "--dir") refuse("unknown flag", flag);
    if (i + 1 == argc) refuse("flag without a value", flag);
    if (flag == "--port") options.port = parse_port(argv[i + 1]);
    if (flag == "--dir") options.dir = argv[i + 1];
  }
  if (chdir(options.dir.c_str()) != 0) refuse("cannot enter directory", options.dir);
  return options;
}

void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace tcp_echo

// SPDX-License-Identifier: MIT
//
// Flags, then the environment, then defaults.
#include "shared/testing/transcript/options.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <random>
#include <sstream>

namespace transcript {
namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

template <typename Integer>
Integer number(const std::string& flag, const std::string& text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw UsageError(flag + " needs a number, not '" + text + "'");
  return value;
}

std::uint64_t random_seed() {
  std::random_device device;
  return device() % 1'000'000'000U;
}

// True when `flag` takes a value, which is then stored.
bool take_value(Options& options, const std::string& flag, const std::string& value) {
  if (flag == "--server")
    options.server = value;
  else if (flag == "--task")
    options.task = value;
  else if (flag == "--redis")
    options.redis = value;
  else if (flag == "--json")
    options.json = value;
  else if (flag == "--junit")
    options.junit = value;
  else if (flag == "--link-base")
    options.link_base = value;
  else if (flag == "--shim")
    options.shim = value;
  else if (flag == "--seed")
    options.seed = number<std::uint64_t>(flag, value);
  else if (flag == "--repeat")
    options.repeat = number<int>(flag, value);
  else if (flag == "--timeout")
    options.timeout = number<long long>(flag, value);
  else
    return false;
  return true;
}

bool take_switch(Options& options, const std::string& flag) {
  if (flag == "--verbose")
    options.verbose = true;
  else if (flag == "--keep-going")
    options.keep_going = true;
  else if (flag == "--keep-folders")
    options.keep_folders = true;
  else if (flag == "--oracle")
    options.oracle = true;
  else
    return false;
  return true;
}

}  // namespace

std::string usage() {
  return "usage: workshop-check [options] FILE.chk…\n"
         "  --server CMD     the server's command; {port} and {dir} are filled in, without {port}\n"
         "                   --port N --dir PATH is appended (default: $SERVER)\n"
         "  --task 02.3      only the scenarios of one task\n"
         "  --seed N         repeat a run with its values (default: random)\n"
         "  --verbose        show the bytes both ways\n"
         "  --keep-going     run on after a failure\n"
         "  --keep-folders   leave the servers' folders in place\n"
         "  --oracle         run the files against redis-server instead\n"
         "  --redis PATH     the redis-server (default: $REDIS, then the PATH)\n"
         "  --json FILE, --junit FILE   write a report\n"
         "  --repeat N       run everything N times\n"
         "  --timeout MS     patience with one reply (default 5000)\n"
         "  --link-base URL  put before links into the guides\n"
         "  --shim FILE      the preload library of powercut and order (default: beside this "
         "program)\n"
         "exit status: 0 all passed, 1 failures, 2 wrong usage or a mistake in a file\n";
}

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  options.seed = random_seed();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("--")) {
      options.files.push_back(argument);
      continue;
    }
    if (take_switch(options, argument)) continue;
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    const bool separate = equals == std::string::npos;
    Options probe;
    if (!take_value(probe, flag, "0")) throw UsageError("unknown option " + argument);
    if (separate && i + 1 == arguments.size()) throw UsageError(argument + " needs a value");
    take_value(options, flag, separate ? arguments[++i] : argument.substr(equals + 1));
  }
  if (options.files.empty()) throw UsageError("no .chk file is named");
  if (options.repeat < 1 || options.timeout < 1)
    throw UsageError("--repeat and --timeout must be positive");
  if (options.server.empty()) options.server = from_environment("SERVER");
  if (options.redis.empty()) options.redis = from_environment("REDIS");
  if (options.redis.empty()) options.redis = find_program("redis-server");
  if (options.oracle && options.redis.empty())
    throw UsageError("--oracle finds no redis-server (set REDIS=PATH)");
  if (!options.oracle && options.server.empty())
    throw UsageError("no server is named: --server 'CMD' or SERVER=CMD");
  return options;
}

std::string find_program(const std::string& name) {
  std::istringstream folders(from_environment("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string path = folder;
    path += '/';
    path += name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

}  // namespace transcript

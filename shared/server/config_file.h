// SPDX-License-Identifier: MIT
//
// redis.conf and the command line: `name value…` lines, `--name value` flags, `include`. Rewriting keeps every comment and
// the order of the lines. Errors are one line that names the place.
#pragma once

#include <string>
#include <vector>

#include "shared/server/parameter_table.h"
#include "shared/util/result.h"

namespace server {

struct CommandLine {
  std::string config_path;      // empty: none
  bool from_stdin = false;      // a lone "-"
  std::vector<std::string> lines;  // the flags as lines of a configuration
  enum class Action { Run, Version, Help } action = Action::Run;
};

// `prog [path] [-] [--name value…]…`, -v, --version, -h, --help.
CommandLine parse_command_line(int argc, char** argv);

// Applies the file, standard input, then the flags.
util::Result<> load_configuration(const CommandLine& line, ParameterTable& parameters);
// Applies text in redis.conf's syntax; `where` is for errors ("redis.conf line 3: …").
util::Result<> load_text(std::string_view text, const std::string& where, ParameterTable& parameters);

// Writes the parameters' values into the file: known lines replaced in place, unknown to it and not default appended
// (`everything`: default or not), atomically (a new file, synced, renamed).
util::Result<> rewrite_configuration(const std::string& path, const ParameterTable& parameters, bool everything = false);

}  // namespace server

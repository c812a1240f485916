// SPDX-License-Identifier: MIT
// INFO and CONFIG GET, SET, RESETSTAT: what the server tells of itself and lets itself be told.
#include <fmt/format.h>

#include "03-get-set/commands.h"
#include "shared/command/context.h"
#include "shared/command/executor.h"
#include "shared/server/info.h"
#include "shared/server/parameter_table.h"
#include "shared/server/server.h"

namespace get_set {

using command::Context;

static void info(Context& c) {
  const resp::Args names = c.args(1);
  c.reply().verbatim("txt", c.get<server::Info>().render({names.begin(), names.end()}));
}

static void config_get(Context& c) {
  const resp::Args patterns = c.args(2);
  const auto found = c.get<server::ParameterTable>().get({patterns.begin(), patterns.end()});
  c.reply().map(found.size());
  for (const auto& [name, value] : found) {
    c.reply().bulk(name);
    c.reply().bulk(value);
  }
}

// Whether the client may set parameters that would let it write files anywhere.
static bool may_set_protected(const Context& c, const command::Client& client) {
  const int allowed = c.get<server::Settings>().protected_configs;
  if (allowed != server::Settings::kLocalClients) return allowed == server::Settings::kEverybody;
  server::Connection* connection = c.get<server::ClientRegistry>().find(client.id);
  if (connection == nullptr) return true;
  return server::is_local_address(connection->session().peer_address());
}

static void config_set(Context& c) {
  if (c.argc() % 2 != 0) return c.fail(util::errors::kSyntax);
  std::vector<server::ParameterTable::Assignment> assignments;
  auto& parameters = c.get<server::ParameterTable>();
  for (size_t i = 2; i < c.argc(); i += 2) {
    assignments.push_back({c.arg(i), c.arg(i + 1)});
    if (parameters.is_secret(c.arg(i))) c.redact(i + 1);
  }
  const auto result = parameters.set(assignments, {.protected_too = may_set_protected(c, c.client()),
                                                   .loading = c.get<server::Server>().loading.active()});
  if (!result) return c.reply().error(result.error());
  c.reply().ok();
}

static void config_resetstat(Context& c) {
  c.get<server::Server>().reset_statistics();
  c.reply().ok();
}

std::span<const command::CommandRow> server_commands() {
  using namespace command;
  constexpr Flags kPlain = kAdmin | kNoScript | kLoading | kStale;
  static constexpr std::string_view kInfoTips[] = {"nondeterministic_output", "request_policy:all_shards",
                                                   "response_policy:special"};
  static constexpr std::string_view kAllNodes[] = {"request_policy:all_nodes", "response_policy:all_succeeded"};
  static constexpr CommandRow kRows[] = {
      {"info", -1, kLoading | kStale, {}, kAclDangerous, info, kInfoTips},
      {"config", -2},
      {"config|get", -3, kPlain, {}, 0, config_get},
      {"config|set", -4, kPlain, {}, 0, config_set, kAllNodes},
      {"config|resetstat", 2, kPlain, {}, 0, config_resetstat, kAllNodes},
  };
  return kRows;
}

}  // namespace get_set

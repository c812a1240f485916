// SPDX-License-Identifier: MIT
// Where the server listens and whom it lets in: bind, port, unixsocket, protected-mode, maxclients, timeout,
// tcp-keepalive, client-query-buffer-limit; and how much active expiry may do.
#include <climits>
#include <string>
#include <utility>
#include <vector>

#include "04-expiry/expiry_sweep.h"
#include "07-pubsub/shared_handlers.h"
#include "10-full-server/commands/commands.h"
#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace full_server {

using server::Parameter;
using server::Server;
using util::Failure;
using util::Result;

namespace {

struct NetworkSettings {
  bool protected_mode = true;
  int timeout = 0;  // seconds that a client may be silent; 0: for ever
  int expire_effort = 1;
};

// Redis' words: whoever meets them looks them up.
constexpr std::string_view kDenied =
    "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the "
    "default user. In this mode connections are only accepted from the loopback interface. If you want to connect from "
    "external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode sending "
    "the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host "
    "the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG "
    "REWRITE to make this change permanent. 2) Alternatively you can just disable the protected mode by editing the "
    "Redis configuration file, and setting the protected mode option to 'no', and then restarting the server. 3) If you "
    "started the server manually just for testing, restart it with the '--protected-mode no' option. 4) Set up an "
    "authentication password for the default user. NOTE: You only need to do one of the above things in order for the "
    "server to start accepting connections from the outside.\r\n";

void guard_door(Server& server, const NetworkSettings& settings) {
  server.refusal_of = [&server, &settings](const net::Session& session) -> std::string_view {
    if (!settings.protected_mode || server::is_local_address(session.peer_address())) return {};
    return server.parts.get<pubsub::Credentials>().password.empty() ? kDenied : std::string_view{};
  };
}

void close_idle_clients(Server& server, const NetworkSettings& settings) {
  if (settings.timeout == 0) return;
  const util::UnixMs now = server.databases.environment().now;
  server.clients.for_each([&](server::Connection& connection) {
    const command::Client& client = connection.client();
    if (client.kind != command::Client::Kind::Normal || client.blocked) return;
    if ((now - client.last_interaction) / 1000 <= settings.timeout) return;
    server.log.verbose("Closing idle client");
    connection.close();
  });
}

// A request that is bigger than anything that anybody needs, or never ends.
void limit_input(Server& server) {
  constexpr size_t kShown = 64;
  server.frame.input_limit = 1024 * 1024 * 1024;
  server.frame.on_input_limit = [&server](server::Connection& connection, std::string_view first_bytes) {
    const std::string client = server::ClientRegistry::describe(connection, server.databases.environment().now);
    server.log.warning("Closing client that reached max query buffer length: " + client +
                       " (qbuf initial bytes: " + util::quoted(first_bytes.substr(0, kShown)) + ")");
  };
}

// Each step of active-expire-effort gives active expiry 2 percent more of all time than stage 04's quarter.
void sweep_more(Server& server, const NetworkSettings& settings) {
  auto& sweep = server.parts.get<expiry::ExpirySweep>();
  if (settings.expire_effort == 1 || !sweep.enabled()) return;
  sweep.run(1'000'000 / server.settings.hz * 2 * (settings.expire_effort - 1) / 100);
}

// Octal, as chmod takes it.
Parameter permissions(uint32_t& value) {
  return {.name = "unixsocketperm",
          .get =
              [&value] {
                char digits[16];
                std::snprintf(digits, sizeof digits, "%o", value);
                return std::string(digits);
              },
          .set = [&value](std::string_view given) -> Result<> {
            uint32_t read = 0;
            for (const char digit : given) {
              if (digit < '0' || digit > '7') return Failure{"argument couldn't be parsed into an integer"};
              read = read * 8 + static_cast<uint32_t>(digit - '0');
              if (read > 0777) return Failure{"argument must be between 0 and 777 inclusive"};
            }
            value = read;
            return {};
          },
          .immutable = true};
}

Parameter addresses(Server& server) {
  Parameter row = server::words("bind", server.settings.bind);
  row.set = [&server, read = row.set](std::string_view given) -> Result<> {
    constexpr size_t kMost = 16;
    std::vector<std::string> before = server.settings.bind;
    if (const auto done = read(given); !done) return done;
    std::vector<std::string>& bind = server.settings.bind;
    if (bind.size() == 1 && bind[0].empty()) bind.clear();
    if (bind.size() <= kMost) return {};
    bind = std::move(before);
    return Failure{"Too many bind addresses specified."};
  };
  return row.then([&server]() -> Result<> {
    if (server.listen_again()) return {};
    return Failure{"Failed to bind to specified addresses."};
  });
}

Parameter port(Server& server) {
  return server::integer("port", server.settings.port, 0, 65535).then([&server]() -> Result<> {
    if (server.listen_again()) return {};
    return Failure{"Unable to listen on this port. Check server logs."};
  });
}

Parameter most_clients(Server& server) {
  return server::integer("maxclients", server.settings.max_clients, 1, UINT_MAX).then([&server]() -> Result<> {
    const uint64_t possible = server.allow_clients(server.settings.max_clients);
    if (possible >= server.settings.max_clients) return {};
    return Failure{"The operating system is not able to handle the specified number of clients, try with " +
                   std::to_string(possible)};
  });
}

Parameter keepalive(Server& server) {
  return server::integer("tcp-keepalive", server.settings.tcp_keepalive, 0, INT_MAX).then([&server]() -> Result<> {
    server.set_keepalive(server.settings.tcp_keepalive);
    return {};
  });
}

void add_parameters(Server& server, NetworkSettings& settings) {
  server::ParameterTable& table = server.parameters;
  // Everywhere, as Redis does: protected mode keeps strangers out until there is a password.
  server.settings.bind = {"*", "-::*"};
  table.add(addresses(server));
  table.add(port(server));
  table.add(server::text("unixsocket", server.settings.unix_socket).fixed());
  table.add(permissions(server.settings.unix_socket_permissions));
  table.add(server::integer("socket-mark-id", server.settings.socket_mark, 0, UINT_MAX).fixed());
  table.add(server::boolean("protected-mode", settings.protected_mode));
  table.add(most_clients(server));
  table.add(keepalive(server));
  table.add(server::integer("timeout", settings.timeout, 0, INT_MAX));
  table.add(server::memory_size("client-query-buffer-limit", server.frame.input_limit, 1024 * 1024, LONG_MAX));
  table.add(server::integer("active-expire-effort", settings.expire_effort, 1, 10));
}

void write_listeners(const Server& server, server::InfoWriter& out) {
  int number = 0;
  const server::Settings& settings = server.settings;
  if (settings.port != 0 && !settings.bind.empty()) {
    std::string text = "name=tcp";
    for (const std::string& address : settings.bind) text.append(",bind=").append(address);
    out.field("listener" + std::to_string(number++), text + ",port=" + std::to_string(settings.port));
  }
  if (!settings.unix_socket.empty()) {
    out.field("listener" + std::to_string(number), "name=unix,bind=" + settings.unix_socket);
  }
}

}  // namespace

void compose_networking(Server& server) {
  auto& settings = server.own<NetworkSettings>();
  limit_input(server);
  add_parameters(server, settings);
  guard_door(server, settings);
  server.cron.add("idle clients", 1000, [&server, &settings] { close_idle_clients(server, settings); });
  server.info.extend("server", [&server](server::InfoWriter& out) { write_listeners(server, out); });
  server.cron.add("expiry effort", 0, [&server, &settings] { sweep_more(server, settings); });
}

}  // namespace full_server

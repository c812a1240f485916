// SPDX-License-Identifier: MIT
// What stage 07 adds to a server: two families of commands, subscriber mode, limits of the output.
#include <fmt/format.h>

#include <memory>

#include "07-pubsub/commands.h"
#include "07-pubsub/output_limits.h"
#include "07-pubsub/pubsub.h"
#include "07-pubsub/shared_handlers.h"
#include "07-pubsub/subscriber_gate.h"
#include "shared/server/server.h"

namespace pubsub {

static void report_overflow(server::Server& server, const command::Client& client) {
  server::Connection* connection = server.clients.find(client.id);
  if (connection == nullptr) return;
  server.log.warning(fmt::format(
      "Client {} scheduled to be closed ASAP for overcoming of output buffer limits.",
      server::ClientRegistry::describe(*connection, server.databases.environment().now)));
}

static void add_limits(server::Server& server, OutputLimits& limits) {
  server.parameters.add(limits.parameter());
  server.frame.output_guard = &limits;
  server.cron.add("soft output limits", 1000, [&limits] { limits.check_soft_limits(); });
}

// Held by the INFO section, so that it outlives the clients, who leave when they are destroyed.
struct PubSubParts {
  explicit PubSubParts(server::Server& server)
      : gate(server.executor),
        limits(server.databases.environment().now,
               [&server](const command::Client& client) { report_overflow(server, client); }) {}
  PubSub pubsub;
  Greeting greeting;
  Credentials credentials;
  SubscriberGate gate;
  OutputLimits limits;
};

void compose(server::Server& server) {
  const auto parts = std::make_shared<PubSubParts>(server);
  server.add_commands(pubsub_commands());
  server.add_commands(connection_commands());
  server.parts.provide(parts->pubsub);
  server.parts.provide(parts->greeting);
  server.parts.provide(parts->credentials);
  server.parts.provide(parts->limits);
  server.on_start([parts, &server] { parts->gate.find_commands(server.table); });
  add_limits(server, parts->limits);
  server.info.extend("stats", [parts](server::InfoWriter& out) {
    out.field("pubsub_channels", parts->pubsub.channels.size());
    out.field("pubsub_patterns", parts->pubsub.patterns.size());
  });
}

}  // namespace pubsub

// SPDX-License-Identifier: MIT
// notify-keyspace-events: what subscribers hear of changes to keys.
#include "10-full-server/commands/commands.h"
#include "10-full-server/notifications/keyspace_notifications.h"
#include "shared/server/server.h"

namespace full_server {

using notifications::EventClasses;
using notifications::KeyspaceNotifications;

void compose_notifications(server::Server& server) {
  auto& notifications =
      server.own<KeyspaceNotifications>(server.executor, server.parts.get<pubsub::PubSub>());
  server.executor.changes().listen(notifications);
  server.parameters.add({.name = "notify-keyspace-events",
                         .get = [&notifications] { return notifications.classes().text(); },
                         .set = [&notifications](std::string_view letters) -> util::Result<> {
                           const auto classes = EventClasses::parse(letters);
                           if (!classes) {
                             return util::Failure{
                                 "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."};
                           }
                           notifications.set_classes(*classes);
                           return {};
                         }});
}

}  // namespace full_server

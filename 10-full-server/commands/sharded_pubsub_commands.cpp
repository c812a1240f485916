// SPDX-License-Identifier: MIT
// SSUBSCRIBE SUNSUBSCRIBE SPUBLISH, PUBSUB SHARDCHANNELS SHARDNUMSUB HELP: channels that, in a
// cluster, belong to one node. Here there is one node, and they are a third kind of channel.
// PUBLISH again: in a transaction a message to the publisher itself waits for EXEC's reply.
#include "07-pubsub/pubsub.h"
#include "07-pubsub/shared_handlers.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "shared/command/context.h"
#include "shared/command/own_messages.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using pubsub::PubSub;
using pubsub::Subscriptions;

static constexpr pubsub::Family kShardChannels{&PubSub::shard_channels,
                                               &Subscriptions::shard_channels, "ssubscribe",
                                               "sunsubscribe", &Subscriptions::shard_count};

// Its replies would be taken for the answers that EXEC owes.
static void ssubscribe(Context& c) {
  if (!c.client().may_block) {
    return c.reply().error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
  }
  pubsub::join(c, kShardChannels);
}

static void sunsubscribe(Context& c) { pubsub::leave(c, kShardChannels); }

static void publish(Context& c) {
  PubSub& pubsub = c.get<PubSub>();
  const PubSub::Audience audience = pubsub.audience(c.arg(1));
  c.reply().integer(static_cast<int64_t>(audience.receivers));
  const command::OwnMessages behind_its_reply(c.get<server::Server>().executor);
  pubsub.deliver(audience, c.arg(1), c.arg(2));
  c.propagate().to_replicas(c.args());
}

static void spublish(Context& c) {
  PubSub& pubsub = c.get<PubSub>();
  const auto* subscribers = pubsub.shard_channels.subscribers(c.arg(1));
  c.reply().integer(subscribers == nullptr ? 0 : static_cast<int64_t>(subscribers->size()));
  const command::OwnMessages behind_its_reply(c.get<server::Server>().executor);
  pubsub.deliver_in_shard(c.arg(1), c.arg(2));
  c.propagate().to_replicas(c.args());
}

static void shardchannels(Context& c) { pubsub::reply_channels(c, c.get<PubSub>().shard_channels); }

static void shardnumsub(Context& c) {
  pubsub::reply_subscriber_counts(c, c.get<PubSub>().shard_channels);
}

static constexpr std::string_view kHelp[] = {
    "CHANNELS [<pattern>]",
    "    Return the currently active channels matching a <pattern> (default: '*').",
    "NUMPAT",
    "    Return number of subscriptions to patterns.",
    "NUMSUB [<channel> ...]",
    "    Return the number of subscribers for the specified channels, excluding",
    "    pattern subscriptions(default: no channels).",
    "SHARDCHANNELS [<pattern>]",
    "    Return the currently active shard level channels matching a <pattern> (default: '*').",
    "SHARDNUMSUB [<shardchannel> ...]",
    "    Return the number of subscribers for the specified shard level channel(s)",
};

static void help(Context& c) { reply_help(c, kHelp); }

static std::span<const command::CommandRow> sharded_pubsub_commands() {
  using namespace command;
  constexpr Flags kListen = kPubSub | kNoScript | kLoading | kStale;
  constexpr Flags kAsk = kPubSub | kLoading | kStale;
  static constexpr CommandRow kRows[] = {
      {"ssubscribe", -2, kListen, kKeys<kKeyNotKey, 1, -1>, 0, ssubscribe},
      {"sunsubscribe", -1, kListen, kKeys<kKeyNotKey, 1, -1>, 0, sunsubscribe},
      {"publish", 3, kAsk | kFast | kMayReplicate, {}, 0, publish},
      {"spublish", 3, kAsk | kFast | kMayReplicate, kKeys<kKeyNotKey>, 0, spublish},
      {"pubsub|shardchannels", -2, kAsk, {}, 0, shardchannels},
      {"pubsub|shardnumsub", -2, kAsk, {}, 0, shardnumsub},
      {"pubsub|help", 2, kLoading | kStale, {}, 0, help},
  };
  return kRows;
}

void compose_sharded_pubsub(server::Server& server) {
  server.add_commands(sharded_pubsub_commands());
  auto& pubsub = server.parts.get<PubSub>();
  server.info.extend("stats", [&pubsub](server::InfoWriter& out) {
    out.field("pubsubshard_channels", pubsub.shard_channels.size());
  });
}

}  // namespace full_server

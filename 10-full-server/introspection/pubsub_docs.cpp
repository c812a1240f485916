// SPDX-License-Identifier: MIT
// Documentation lines of the commands for messages. In alphabetical order; the columns:
// command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr CommandDoc kDocs[] = {
    {"psubscribe", "2.0.0", "pubsub", "O(N) where N is the number of patterns to subscribe to",
     "Receives what is published to channels that match the patterns.", "pattern [pattern ...]"},
    {"publish", "2.0.0", "pubsub",
     "O(N+M) where N is the number of the channel's subscribers and M the number of all patterns",
     "Sends a message to a channel.", "channel message"},
    {"pubsub", "2.8.0", "pubsub", "Depends on the subcommand.", "What is listened to."},
    {"pubsub|channels", "2.8.0", "pubsub", "O(N) where N is the number of channels",
     "Lists the channels that have subscribers.", "[pattern]"},
    {"pubsub|help", "6.2.0", "pubsub", "O(1)", "Lists the subcommands."},
    {"pubsub|numpat", "2.8.0", "pubsub", "O(1)",
     "Counts the different patterns that are subscribed to."},
    {"pubsub|numsub", "2.8.0", "pubsub", "O(N) where N is the number of channels asked for",
     "Counts the subscribers of channels.", "[channel [channel ...]]"},
    {"pubsub|shardchannels", "7.0.0", "pubsub", "O(N) where N is the number of shard channels",
     "Lists the shard channels that have subscribers.", "[pattern]"},
    {"pubsub|shardnumsub", "7.0.0", "pubsub", "O(N) where N is the number of shard channels asked for",
     "Counts the subscribers of shard channels.", "[shardchannel [shardchannel ...]]"},
    {"punsubscribe", "2.0.0", "pubsub", "O(N) where N is the number of patterns to leave",
     "Stops listening by these patterns, or by all.", "[pattern [pattern ...]]"},
    {"spublish", "7.0.0", "pubsub", "O(N) where N is the number of the shard channel's subscribers",
     "Sends a message to a shard channel.", "shardchannel message"},
    {"ssubscribe", "7.0.0", "pubsub", "O(N) where N is the number of shard channels to subscribe to",
     "Receives what is published to the shard channels.", "shardchannel [shardchannel ...]"},
    {"subscribe", "2.0.0", "pubsub", "O(N) where N is the number of channels to subscribe to",
     "Receives what is published to the channels.", "channel [channel ...]"},
    {"sunsubscribe", "7.0.0", "pubsub", "O(N) where N is the number of shard channels to leave",
     "Stops listening to these shard channels, or to all.", "[shardchannel [shardchannel ...]]"},
    {"unsubscribe", "2.0.0", "pubsub", "O(N) where N is the number of channels to leave",
     "Stops listening to these channels, or to all.", "[channel [channel ...]]"},
};

std::span<const CommandDoc> pubsub_docs() { return kDocs; }

}  // namespace introspection

// SPDX-License-Identifier: MIT
// SUBSCRIBE and its kin, PUBLISH, PUBSUB. A subscription is answered by a push for each name.
#include <fmt/format.h>

#include "07-pubsub/commands.h"
#include "07-pubsub/pubsub.h"
#include "07-pubsub/shared_handlers.h"
#include "shared/command/context.h"
#include "shared/util/text.h"

namespace pubsub {

using command::Context;

static constexpr Family kChannels{&PubSub::channels, &Subscriptions::channels, "subscribe",
                                  "unsubscribe", &Subscriptions::count};
static constexpr Family kPatterns{&PubSub::patterns, &Subscriptions::patterns, "psubscribe",
                                  "punsubscribe", &Subscriptions::count};

// Pushes reach the client even when it has turned its replies off.
class DirectReply {
 public:
  explicit DirectReply(command::Client& client)
      : reply_(client.reply), before_(client.reply.output()) {
    reply_.redirect(client.output);
  }
  ~DirectReply() { reply_.redirect(before_); }

 private:
  resp::ReplyWriter& reply_;
  resp::OutputBuffer& before_;
};

static void confirm(resp::ReplyWriter& reply, std::string_view what,
                    std::optional<std::string_view> name, size_t count) {
  reply.push(3);
  reply.bulk(what);
  name ? reply.bulk(*name) : reply.null();
  reply.integer(static_cast<int64_t>(count));
}

void join(Context& c, const Family& family) {
  PubSub& pubsub = c.get<PubSub>();
  Subscriptions& own = pubsub.open(c.client());
  const DirectReply direct(c.client());
  for (const std::string_view name : c.args(1)) {
    (pubsub.*family.registry).join(own.*family.own, c.client(), name);
    confirm(c.reply(), family.joined, name, (own.*family.count)());
  }
  PubSub::settle(c.client());
}

static std::vector<std::string> names_of(const ChannelRegistry::Memberships& memberships) {
  std::vector<std::string> names;
  for (const auto& [name, place] : memberships) names.emplace_back(name);
  return names;
}

// Without names: everything. Whoever has joined nothing is answered too.
void leave(Context& c, const Family& family) {
  PubSub& pubsub = c.get<PubSub>();
  Subscriptions& own = pubsub.open(c.client());
  const DirectReply direct(c.client());
  std::vector<std::string> names(c.args(1).begin(), c.args(1).end());
  if (names.empty()) names = names_of(own.*family.own);
  for (const std::string& name : names) {
    (pubsub.*family.registry).leave(own.*family.own, name);
    confirm(c.reply(), family.left, name, (own.*family.count)());
  }
  if (names.empty()) confirm(c.reply(), family.left, {}, (own.*family.count)());
  PubSub::settle(c.client());
}

static void subscribe(Context& c) { join(c, kChannels); }
static void psubscribe(Context& c) { join(c, kPatterns); }
static void unsubscribe(Context& c) { leave(c, kChannels); }
static void punsubscribe(Context& c) { leave(c, kPatterns); }

static void publish(Context& c) {
  PubSub& pubsub = c.get<PubSub>();
  const PubSub::Audience audience = pubsub.audience(c.arg(1));
  // The reply first: the publisher may be a subscriber too.
  c.reply().integer(static_cast<int64_t>(audience.receivers));
  pubsub.deliver(audience, c.arg(1), c.arg(2));
  c.propagate().to_replicas(c.args());
}

// CHANNELS [pattern]
static void channels(Context& c) { reply_channels(c, c.get<PubSub>().channels); }

void reply_channels(Context& c, const ChannelRegistry& registry) {
  if (c.argc() > 3) {
    return c.reply().error(
        fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try {} HELP.",
                    c.arg(1).substr(0, 128), util::upper(c.arg(0))));
  }
  auto list = c.reply().open_array();
  size_t count = 0;
  for (const auto& [name, subscribers] : registry.all()) {
    if (c.argc() == 3 && !util::glob_match(c.arg(2), name)) continue;
    c.reply().bulk(name);
    ++count;
  }
  list.close(count);
}

// NUMSUB [channel …]: those who asked for it by a pattern are not counted.
static void numsub(Context& c) { reply_subscriber_counts(c, c.get<PubSub>().channels); }

void reply_subscriber_counts(Context& c, const ChannelRegistry& registry) {
  c.reply().array(2 * (c.argc() - 2));
  for (const std::string_view name : c.args(2)) {
    const auto* subscribers = registry.subscribers(name);
    c.reply().bulk(name);
    c.reply().integer(subscribers == nullptr ? 0 : static_cast<int64_t>(subscribers->size()));
  }
}

// NUMPAT: different patterns, however many listen by each.
static void numpat(Context& c) {
  c.reply().integer(static_cast<int64_t>(c.get<PubSub>().patterns.size()));
}

static void help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
      "CHANNELS [<pattern>]",
      "    Return the currently active channels matching a <pattern> (default: '*').",
      "NUMPAT",
      "    Return number of subscriptions to patterns.",
      "NUMSUB [<channel> ...]",
      "    Return the number of subscribers for the specified channels, excluding",
      "    pattern subscriptions(default: no channels).",
      "HELP",
      "    Print this help."};
  c.reply().array(std::size(kLines));
  for (const std::string_view line : kLines) c.reply().simple(line);
}

std::span<const command::CommandRow> pubsub_commands() {
  using namespace command;
  constexpr Flags kListen = kPubSub | kNoScript | kLoading | kStale;
  constexpr Flags kAsk = kPubSub | kLoading | kStale;
  static constexpr CommandRow kRows[] = {
      {"subscribe", -2, kListen, {}, 0, subscribe},
      {"unsubscribe", -1, kListen, {}, 0, unsubscribe},
      {"psubscribe", -2, kListen, {}, 0, psubscribe},
      {"punsubscribe", -1, kListen, {}, 0, punsubscribe},
      {"publish", 3, kAsk | kFast | kMayReplicate, {}, 0, publish},
      {"pubsub", -2},
      {"pubsub|channels", -2, kAsk, {}, 0, channels},
      {"pubsub|numsub", -2, kAsk, {}, 0, numsub},
      {"pubsub|numpat", 2, kAsk, {}, 0, numpat},
      {"pubsub|help", 2, kLoading | kStale, {}, 0, help},
  };
  return kRows;
}

}  // namespace pubsub

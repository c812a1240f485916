// SPDX-License-Identifier: MIT
// OBJECT ENCODING, FREQ, IDLETIME, REFCOUNT, HELP: how a value is kept. Looking at it is no use of
// it: nothing is touched.
#include <limits>

#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "10-full-server/eviction/limits.h"
#include "shared/command/context.h"
#include "shared/keyspace/type_descriptor.h"

namespace full_server {

using command::Context;
using keyspace::Entry;

// The entry, or null, and a null reply. A miss is counted, but nobody is told of it.
static const Entry* find(Context& c) {
  const Entry* entry = c.db().find(c.arg(2), keyspace::LookupFlags::Peek);
  keyspace::Environment& environment = c.db().environment();
  ++(entry == nullptr ? environment.misses : environment.hits);
  if (entry == nullptr) c.reply().null();
  return entry;
}

static void encoding(Context& c) {
  if (const Entry* entry = find(c))
    c.reply().bulk(keyspace::descriptor_of(*entry).encoding_name(*entry));
}

static void freq(Context& c) {
  const Entry* entry = find(c);
  if (entry == nullptr) return;
  const keyspace::Environment& environment = c.db().environment();
  if (environment.usage.frequency)
    return c.reply().integer(environment.usage.counter(entry->clock(), environment.now));
  c.reply().error(
      "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that "
      "when switching "
      "between policies at runtime LRU and LFU data will take some time to adjust.");
}

static void idletime(Context& c) {
  const Entry* entry = find(c);
  if (entry == nullptr) return;
  const keyspace::Environment& environment = c.db().environment();
  if (environment.usage.frequency)
    return c.reply().error(
        "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when "
        "switching between policies at runtime LRU and LFU data will take some time to adjust.");
  // The clock is 24 bits of seconds and begins anew.
  c.reply().integer((environment.clock - entry->clock()) & keyspace::UsageClock::kMask);
}

// Values are not shared here. Redis shares the integers below 10,000 and says so with this number.
static void refcount(Context& c) {
  const Entry* entry = find(c);
  if (entry == nullptr) return;
  constexpr uint64_t kSharedIntegers = 10000;
  const bool shared = c.get<eviction::Limits>().shares_integers() &&
                      entry->type() == keyspace::TypeId::String &&
                      is_integer(*entry) && entry->word() < kSharedIntegers;
  c.reply().integer(shared ? std::numeric_limits<int>::max() : 1);
}

static void help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "ENCODING <key>",
      "    Return the kind of internal representation used in order to store the value",
      "    associated with a <key>.",
      "FREQ <key>",
      "    Return the access frequency index of the <key>. The returned integer is",
      "    proportional to the logarithm of the recent access frequency of the key.",
      "IDLETIME <key>",
      "    Return the idle time of the <key>, that is the approximated number of",
      "    seconds elapsed since the last access to the key.",
      "REFCOUNT <key>",
      "    Return the number of references of the value associated with the specified",
      "    <key>.",
  };
  reply_help(c, kLines);
}

std::span<const command::CommandRow> object_commands() {
  using namespace command;
  static constexpr auto& kKey = kKeys<kKeyRO, 2>;
  static constexpr std::string_view kTips[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"object", -2},
      {"object|encoding", 3, kReadOnly, kKey, kAclKeyspace, encoding, kTips},
      {"object|freq", 3, kReadOnly, kKey, kAclKeyspace, freq, kTips},
      {"object|idletime", 3, kReadOnly, kKey, kAclKeyspace, idletime, kTips},
      {"object|refcount", 3, kReadOnly, kKey, kAclKeyspace, refcount, kTips},
      {"object|help", 2, kLoading | kStale, {}, kAclKeyspace, help},
  };
  return kRows;
}

}  // namespace full_server

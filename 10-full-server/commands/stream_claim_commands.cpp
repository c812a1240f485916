// SPDX-License-Identifier: MIT
// XCLAIM and XAUTOCLAIM: pending entries go from one consumer to another. An entry that the stream does not have any more
// is not pending any more either. Whatever was changed is passed on entry by entry (propagate_pending), never the command.
#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "10-full-server/commands/stream_arguments.h"

namespace full_server {

using command::Context;
using keyspace::Edit;
using types::PendingEntry;
using types::Stream;
using types::StreamConsumer;
using types::StreamGroup;
using types::StreamId;

namespace {

struct ClaimOptions {
  int64_t min_idle = 0;
  int64_t delivered_at = 0;
  std::optional<int64_t> deliveries = {};
  bool force = false;
  bool just_id = false;
  StreamId last_delivered = {};
};

// A time that cannot be is now: clients reckon it from their own clocks.
int64_t sensible_time(int64_t asked, util::UnixMs now) {
  return asked < 0 || asked > now ? now : asked;
}

std::optional<ClaimOptions> read_claim_options(Context& c, size_t from, int64_t min_idle) {
  ClaimOptions out{.min_idle = min_idle, .delivered_at = c.now()};
  command::ArgReader reader = c.reader(from);
  while (reader.more()) {
    if (reader.take("FORCE")) {
      out.force = true;
    } else if (reader.take("JUSTID")) {
      out.just_id = true;
    } else if (reader.take_with("IDLE", 1)) {
      const int64_t idle = reader.integer({"ERR Invalid IDLE option argument for XCLAIM"});
      int64_t at = -1;
      if (__builtin_sub_overflow(int64_t{c.now()}, idle, &at)) at = -1;
      out.delivered_at = sensible_time(at, c.now());
    } else if (reader.take_with("TIME", 1)) {
      out.delivered_at =
          sensible_time(reader.integer({"ERR Invalid TIME option argument for XCLAIM"}), c.now());
    } else if (reader.take_with("RETRYCOUNT", 1)) {
      out.deliveries = reader.integer({"ERR Invalid RETRYCOUNT option argument for XCLAIM"});
    } else if (reader.take_with("LASTID", 1)) {
      const auto id = types::parse_stream_id(reader.next(), 0);
      if (!id) reader.fail(kInvalidStreamId);
      out.last_delivered = id.value_or(StreamId{});
    } else {
      const std::string text =
          "ERR Unrecognized XCLAIM option '" + std::string(c.arg(reader.position())) + "'";
      return c.reply().error(text), std::nullopt;
    }
  }
  if (!reader.ok()) return c.fail(reader.error()), std::nullopt;
  return out;
}

// Gone from the stream: others are told who had it, and will find the same.
void forget(Context& c, const NamedGroup& of, const PendingEntry& entry) {
  propagate_pending(c, of, entry);
  of.group.acknowledge(entry.id);
}

// The entry becomes the consumer's, unless it has not been idle for long enough.
bool take_over(Context& c, const NamedGroup& of, PendingEntry& entry, StreamConsumer& consumer,
               const ClaimOptions& options) {
  if (entry.consumer != nullptr && options.min_idle != 0 &&
      c.now() - entry.delivered_at < options.min_idle) {
    return false;
  }
  of.group.assign(entry, consumer);
  entry.delivered_at = options.delivered_at;
  if (options.deliveries && *options.deliveries >= 0) {
    entry.deliveries = static_cast<uint64_t>(*options.deliveries);
  } else if (!options.just_id) {
    ++entry.deliveries;
  }
  consumer.active_at = c.now();
  propagate_pending(c, of, entry);
  return true;
}

void reply_claimed(Context& c, const Stream& stream, StreamId id, bool just_id) {
  if (just_id) return reply_stream_id(c, id);
  reply_stream_entry(c, stream, id);
}

// How many changes were made; what was claimed is answered.
int64_t claim(Context& c, const Stream& stream, const NamedGroup& of, StreamConsumer& consumer,
              std::span<const StreamId> ids, const ClaimOptions& options) {
  int64_t changes = 0;
  size_t claimed = 0;
  auto reply = c.reply().open_array();
  for (const StreamId id : ids) {
    PendingEntry* entry = of.group.find_pending(id);
    if (!stream.contains(id)) {
      if (entry == nullptr) continue;
      forget(c, of, *entry);
      ++changes;
      continue;
    }
    if (entry == nullptr && options.force) entry = of.group.add_pending({.id = id});
    if (entry == nullptr || !take_over(c, of, *entry, consumer, options)) continue;
    reply_claimed(c, stream, id, options.just_id);
    ++claimed;
    ++changes;
  }
  reply.close(claimed);
  return changes;
}

// The ids before the first argument that is none.
std::span<const StreamId> leading_ids(Context& c, size_t from) {
  auto* const ids =
      reinterpret_cast<StreamId*>(c.scratch().allocate((c.argc() - from) * sizeof(StreamId)));
  size_t count = 0;
  for (; from + count < c.argc(); ++count) {
    const auto id = types::parse_stream_id(c.arg(from + count), 0);
    if (!id) break;
    std::construct_at(ids + count, *id);
  }
  return {ids, count};
}

void xclaim(Context& c) {
  constexpr size_t kFirstId = 5;
  bool found = false;
  Edit<Stream> stream = edit_as_reader(c, c.arg(1), found);
  if (found && !stream) return;
  if (!found || stream.read().find_group(c.arg(2)) == nullptr)
    return fail_no_group(c, c.arg(1), c.arg(2));
  const auto min_idle = read_integer(c, 4, "ERR Invalid min-idle-time argument for XCLAIM");
  if (!min_idle) return;
  const std::span<const StreamId> ids = leading_ids(c, kFirstId);
  const auto options =
      read_claim_options(c, kFirstId + ids.size(), std::max<int64_t>(*min_idle, 0));
  if (!options) return;

  c.propagate().nothing();
  const NamedGroup of{c.arg(1), c.arg(2), *stream->find_group(c.arg(2))};
  const bool advanced = options->last_delivered > of.group.last_delivered;
  if (advanced) of.group.last_delivered = options->last_delivered;
  const auto [consumer, created] = consumer_for(c, stream, of, c.arg(3));
  const int64_t changes = claim(c, stream.read(), of, consumer, ids, *options);
  if (advanced && changes == 0)
    propagate_last_delivered(c, of);  // otherwise each XCLAIM has said it
  stream.changed_beside(keyspace::Event::Stream, "", changes + (advanced ? 1 : 0));
}

struct AutoClaim {
  ClaimOptions options;
  StreamId from;
  int64_t count = 100;
};

std::optional<AutoClaim> read_autoclaim(Context& c) {
  // What Redis could allocate the answer's ids for.
  constexpr int64_t kMostEntries = std::numeric_limits<int64_t>::max() / 16;
  AutoClaim out;
  const auto min_idle = read_integer(c, 4, "ERR Invalid min-idle-time argument for XAUTOCLAIM");
  if (!min_idle) return std::nullopt;
  const auto from = read_range_start(c, 5);
  if (!from) return std::nullopt;
  out.options = {.min_idle = std::max<int64_t>(*min_idle, 0), .delivered_at = c.now()};
  out.from = *from;
  command::ArgReader reader = c.reader(6);
  while (reader.more()) {
    if (reader.take_with("COUNT", 1)) {
      out.count = reader.integer_between(1, kMostEntries, {"ERR COUNT must be > 0"});
    } else if (reader.take("JUSTID")) {
      out.options.just_id = true;
    } else {
      reader.fail(util::errors::kSyntax);
    }
  }
  if (!reader.ok()) return c.fail(reader.error()), std::nullopt;
  return out;
}

struct Claimed {
  StreamId next;  // where to go on; 0-0 at the end
  std::vector<StreamId> ids = {};
  std::vector<StreamId> deleted = {};
};

// Looks at ten times as many entries as are wanted, at most: a call's time is bounded.
Claimed claim_from(Context& c, const Stream& stream, const NamedGroup& of, StreamConsumer& consumer,
                   const AutoClaim& asked) {
  constexpr int64_t kAttemptsPerEntry = 10;
  Claimed out;
  const StreamGroup::Pending& pending = of.group.pending();
  int64_t wanted = asked.count;
  int64_t attempts = asked.count * kAttemptsPerEntry;
  auto at = pending.lower_bound(asked.from);
  for (; at != pending.end() && attempts > 0 && wanted > 0; --attempts) {
    PendingEntry& entry = *of.group.find_pending(at->id);
    const StreamId id = entry.id;
    if (!stream.contains(id)) {
      forget(c, of, entry);
      out.deleted.push_back(id);
      --wanted;
      at = pending.lower_bound(id);
      continue;
    }
    if (take_over(c, of, entry, consumer, asked.options)) {
      out.ids.push_back(id);
      --wanted;
    }
    ++at;
  }
  out.next = at == pending.end() ? StreamId{} : at->id;
  return out;
}

void xautoclaim(Context& c) {
  c.db().find(c.arg(1), c.read_flags());  // counted even when an argument is wrong
  const auto asked = read_autoclaim(c);
  if (!asked) return;
  bool found = false;
  Edit<Stream> stream = c.edit_existing<Stream>(c.arg(1), found);
  if (found && !stream) return;
  if (!found || stream.read().find_group(c.arg(2)) == nullptr)
    return fail_no_group(c, c.arg(1), c.arg(2));

  c.propagate().nothing();
  const NamedGroup of{c.arg(1), c.arg(2), *stream->find_group(c.arg(2))};
  const auto [consumer, created] = consumer_for(c, stream, of, c.arg(3));
  const Claimed claimed = claim_from(c, stream.read(), of, consumer, *asked);
  c.reply().array(3);
  reply_stream_id(c, claimed.next);
  c.reply().array(claimed.ids.size());
  for (const StreamId id : claimed.ids) reply_claimed(c, stream.read(), id, asked->options.just_id);
  c.reply().array(claimed.deleted.size());
  for (const StreamId id : claimed.deleted) reply_stream_id(c, id);
  stream.changed_beside(keyspace::Event::Stream, "",
                        static_cast<int64_t>(claimed.ids.size() + claimed.deleted.size()));
}

}  // namespace

std::span<const command::CommandRow> stream_claim_commands() {
  using namespace command;
  static constexpr std::string_view kVaries[] = {"nondeterministic_output"};
  static constexpr CommandRow kRows[] = {
      {"xclaim", -6, kWrite | kFast, kKeys<kKeyRW | kKeyUpdate>, kAclStream, xclaim, kVaries},
      {"xautoclaim", -6, kWrite | kFast, kKeys<kKeyRW | kKeyDelete>, kAclStream, xautoclaim,
       kVaries},
  };
  return kRows;
}

}  // namespace full_server

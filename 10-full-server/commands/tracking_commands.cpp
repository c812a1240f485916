// SPDX-License-Identifier: MIT
// CLIENT TRACKING CACHING GETREDIR TRACKINGINFO: what a client caches, and who is told when it changes.
#include <fmt/format.h>

#include <vector>

#include "10-full-server/commands/client_commands.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/tracking/tracking.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using tracking::Mode;
using tracking::TrackedClient;
using tracking::Tracking;
namespace errors = util::errors;

struct TrackingOptions {
  Mode mode;
  std::vector<std::string_view> prefixes;
};

static bool fail(Context& c, std::string_view text) {
  c.reply().error(text);
  return false;
}

// REDIRECT id. False: the error has been answered.
static bool read_redirect(Context& c, command::ArgReader& reader, Mode& mode) {
  if (mode.redirect != 0) return fail(c, "ERR A client can only redirect to a single other client");
  const int64_t id = reader.integer();
  if (!reader.ok()) {
    c.fail(reader.error());
    return false;
  }
  mode.redirect = static_cast<uint64_t>(id);
  if (!c.get<Tracking>().exists(mode.redirect)) {
    return fail(c, "ERR The client ID you want redirect to does not exist");
  }
  return true;
}

static bool read_options(Context& c, TrackingOptions& options) {
  command::ArgReader reader = c.reader(3);
  while (reader.more()) {
    if (reader.take_with("redirect", 1)) {
      if (!read_redirect(c, reader, options.mode)) return false;
    } else if (reader.take("bcast")) {
      options.mode.broadcast = true;
    } else if (reader.take("optin")) {
      options.mode.opt_in = true;
    } else if (reader.take("optout")) {
      options.mode.opt_out = true;
    } else if (reader.take("noloop")) {
      options.mode.no_loop = true;
    } else if (reader.take_with("prefix", 1)) {
      options.prefixes.push_back(reader.next());
    } else {
      c.fail(errors::kSyntax);
      return false;
    }
  }
  return true;
}

static bool overlap(std::string_view a, std::string_view b) {
  return a.starts_with(b) || b.starts_with(a);
}

// A key below two prefixes of one client would be told twice.
static bool check_prefixes(Context& c, const TrackingOptions& options) {
  const TrackedClient* own = Tracking::find(c.client());
  for (size_t i = 0; i < options.prefixes.size(); ++i) {
    const std::string_view prefix = options.prefixes[i];
    if (own != nullptr) {
      for (const std::string& existing : own->prefixes) {
        if (!overlap(existing, prefix)) continue;
        return fail(c, fmt::format("ERR Prefix '{}' overlaps with an existing prefix '{}'. "
                                   "Prefixes for a single client must not overlap.",
                                   prefix, existing));
      }
    }
    for (size_t j = i + 1; j < options.prefixes.size(); ++j) {
      if (!overlap(prefix, options.prefixes[j])) continue;
      return fail(c, fmt::format("ERR Prefix '{}' overlaps with another provided prefix '{}'. "
                                 "Prefixes for a single client must not overlap.",
                                 prefix, options.prefixes[j]));
    }
  }
  return true;
}

// The options go together, and with what the client has chosen before.
static bool check_options(Context& c, const TrackingOptions& options) {
  const Mode& mode = options.mode;
  const TrackedClient* own = Tracking::find(c.client());
  if (!mode.broadcast && !options.prefixes.empty()) {
    return fail(c, "ERR PREFIX option requires BCAST mode to be enabled");
  }
  if (own != nullptr && own->mode.broadcast != mode.broadcast) {
    return fail(c,
                "ERR You can't switch BCAST mode on/off before disabling tracking for this client, "
                "and then re-enabling it with a different mode.");
  }
  if (mode.broadcast && (mode.opt_in || mode.opt_out)) {
    return fail(c, "ERR OPTIN and OPTOUT are not compatible with BCAST");
  }
  if (mode.opt_in && mode.opt_out) {
    return fail(c, "ERR You can't specify both OPTIN mode and OPTOUT mode");
  }
  if (own != nullptr &&
      ((mode.opt_in && own->mode.opt_out) || (mode.opt_out && own->mode.opt_in))) {
    return fail(c,
                "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, "
                "and then re-enabling it with a different mode.");
  }
  return !mode.broadcast || check_prefixes(c, options);
}

static void tracking_switch(Context& c) {
  TrackingOptions options;
  if (!read_options(c, options)) return;
  if (util::equal_ignoring_case(c.arg(2), "on")) {
    if (!check_options(c, options)) return;
    c.get<Tracking>().turn_on(c.client(), options.mode, options.prefixes);
  } else if (util::equal_ignoring_case(c.arg(2), "off")) {
    Tracking::turn_off(c.client());
  } else {
    return c.fail(errors::kSyntax);
  }
  c.reply().ok();
}

static void caching(Context& c) {
  TrackedClient* own = Tracking::find(c.client());
  if (own == nullptr) {
    return c.reply().error(
        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or "
        "OPTOUT mode enabled");
  }
  const bool yes = util::equal_ignoring_case(c.arg(2), "yes");
  if (!yes && !util::equal_ignoring_case(c.arg(2), "no")) return c.fail(errors::kSyntax);
  if (yes && !own->mode.opt_in) {
    return c.reply().error(
        "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
  }
  if (!yes && !own->mode.opt_out) {
    return c.reply().error(
        "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
  }
  own->caching = true;
  c.reply().ok();
}

static int64_t redirection_of(const TrackedClient* client) {
  return client == nullptr ? -1 : static_cast<int64_t>(client->mode.redirect);
}

static void getredir(Context& c) { c.reply().integer(redirection_of(Tracking::find(c.client()))); }

static std::vector<std::string_view> flags_of(const TrackedClient* client) {
  if (client == nullptr) return {"off"};
  std::vector<std::string_view> flags = {"on"};
  if (client->mode.broadcast) flags.push_back("bcast");
  if (client->mode.opt_in) flags.push_back("optin");
  if (client->mode.opt_in && client->caching) flags.push_back("caching-yes");
  if (client->mode.opt_out) flags.push_back("optout");
  if (client->mode.opt_out && client->caching) flags.push_back("caching-no");
  if (client->mode.no_loop) flags.push_back("noloop");
  if (client->redirect_broken) flags.push_back("broken_redirect");
  return flags;
}

static void trackinginfo(Context& c) {
  const TrackedClient* own = Tracking::find(c.client());
  resp::ReplyWriter& reply = c.reply();
  reply.map(3);
  reply.bulk("flags");
  const auto flags = flags_of(own);
  reply.set(flags.size());
  for (const std::string_view flag : flags) reply.bulk(flag);
  reply.bulk("redirect");
  reply.integer(redirection_of(own));
  reply.bulk("prefixes");
  reply.array(own == nullptr ? 0 : own->prefixes.size());
  if (own == nullptr) return;
  for (const std::string& prefix : own->prefixes) reply.bulk(prefix);
}

static std::span<const command::CommandRow> tracking_commands() {
  using namespace command;
  constexpr Flags kPlain = kNoScript | kLoading | kStale;
  static constexpr CommandRow kRows[] = {
      {"client|tracking", -3, kPlain, {}, kAclConnection, tracking_switch},
      {"client|caching", 3, kPlain, {}, kAclConnection, caching},
      {"client|getredir", 2, kPlain, {}, kAclConnection, getredir},
      {"client|trackinginfo", 2, kPlain, {}, kAclConnection, trackinginfo},
  };
  return kRows;
}

static void add_tracking_info(server::Server& server, const Tracking& tracking) {
  server.info.extend("clients", [&tracking](server::InfoWriter& out) {
    out.field("tracking_clients", tracking.client_count());
  });
  server.info.extend("stats", [&tracking](server::InfoWriter& out) {
    out.field("tracking_total_keys", tracking.keys().keys());
    out.field("tracking_total_items", tracking.keys().items());
    out.field("tracking_total_prefixes", tracking.prefixes().size());
  });
}

void compose_tracking(server::Server& server) {
  auto& tracking = server.own<Tracking>(server.executor, server.turn, [&server](uint64_t id) {
    server::Connection* connection = server.clients.find(id);
    return connection == nullptr ? nullptr : &connection->client();
  });
  server.parts.provide(tracking);
  server.add_commands(tracking_commands());
  server.executor.changes().listen(tracking);
  server.turn.add_step([&tracking] { tracking.broadcast(); });
  server.cron.add("tracking table", 0, [&tracking] { tracking.limit(); });
  server.parameters.add(server::integer("tracking-table-max-keys", tracking.max_keys, 0,
                                        std::numeric_limits<int64_t>::max())
                            .then([&tracking] {
                              tracking.limit();
                              return util::Result<>{};
                            }));
  add_tracking_info(server, tracking);
  compose_client_pause(server);
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
// DEBUG: the table of its subcommands, who may use it, and the subcommands that concern no data.
#include "10-full-server/commands/debug_commands.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <limits>

#include "04-expiry/expiry_sweep.h"
#include "05-aof/append_only.h"
#include "06-rdb/value_codec.h"
#include "08-replication/replication.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/help_reply.h"
#include "10-full-server/types/list_limits.h"
#include "shared/command/context.h"
#include "shared/server/config_file.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace full_server::debug {

namespace {

bool on(std::string_view text) { return util::parse_int64(text).value_or(0) != 0; }

void sleep(Context& c) {
  const double seconds = util::parse_double(c.arg(2)).value_or(0);
  if (seconds > 0) ::usleep(static_cast<useconds_t>(seconds * 1e6));
  c.reply().ok();
}

void set_active_expire(Context& c) {
  c.get<expiry::ExpirySweep>().set_enabled(on(c.arg(2)));
  c.reply().ok();
}

void packed_threshold(Context& c) {
  constexpr uint64_t kDefault = 1 << 30, kMost = (uint64_t{1} << 32) - (1 << 20);
  const auto size = util::parse_memory_size(c.arg(2));
  if (!size || *size > kMost) {
    return c.reply().error("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
  }
  types::list_settings.packed_threshold = *size == 0 ? kDefault : *size;
  c.reply().ok();
}

void skip_checksum(Context& c) {
  c.get<rdb::CodecTable>().skip_checksums = on(c.arg(2));
  c.reply().ok();
}

// CONFIG REWRITE of every parameter, default or not.
void rewrite_all_parameters(Context& c) {
  auto& server = c.get<server::Server>();
  const auto written = server::rewrite_configuration(server.settings.config_path, server.parameters, true);
  if (!written) return c.reply().error("ERR CONFIG-REWRITE-FORCE-ALL failed");
  c.reply().ok();
}

void replicate(Context& c) {
  c.propagate().to_replicas(c.args(2));
  c.reply().ok();
}

void error(Context& c) { c.reply().error(c.arg(2)); }

void change_replication_id(Context& c) {
  c.get<server::Server>().log.notice("Changing replication IDs after receiving DEBUG change-repl-id");
  c.get<replication::Replication>().state().history.start_over();
  c.reply().ok();
}

// Every pattern of a few letters against every text of a few letters: it must come to an end.
void match_everything(Context& c) {
  auto& random = c.db().environment().random;
  constexpr std::string_view kLetters = "*?[]^-\\abc";
  for (int i = 0; i < 100000; ++i) {
    std::string pattern, text;
    for (size_t n = random.below(32); n > 0; --n) pattern += kLetters[random.below(kLetters.size())];
    for (size_t n = random.below(32); n > 0; --n) text += kLetters[random.below(kLetters.size())];
    util::glob_match(pattern, text);
  }
  c.reply().simple("Apparently Redis did not crash: test passed");
}

void pause_cron(Context& c) {
  c.get<server::Server>().cron.pause(on(c.arg(2)));
  c.reply().ok();
}

// The buffers that these settings govern in Redis are the thread's here; there is nothing to set.
void reply_buffer(Context& c) {
  const bool known = util::equal_ignoring_case(c.arg(2), "peak-reset-time") || util::equal_ignoring_case(c.arg(2), "resizing");
  if (!known) return c.reply().error("ERR unknown subcommand or wrong number of arguments for 'replybuffer'. Try DEBUG HELP.");
  c.reply().ok();
}

void pause_log_writes(Context& c) {
  c.get<aof::AppendOnly>().log().pause_before_writes(util::parse_int64(c.arg(2)).value_or(0));
  c.reply().ok();
}

void write_log(Context& c) {
  c.get<server::Server>().log.warning(std::string("DEBUG LOG: ").append(c.arg(2)));
  c.reply().ok();
}

void structure_sizes(Context& c) {
  c.reply().bulk(std::string("bits:64 entry:").append(std::to_string(sizeof(keyspace::Entry))) +
                 " bucket:" + std::to_string(sizeof(keyspace::Bucket)) + " client:" + std::to_string(sizeof(command::Client)));
}

// A real one: a page that may only be read is written to.
void crash(Context& c) {
  c.get<server::Server>().log.warning("DEBUG asked for a crash");
  void* page = mmap(nullptr, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED) *static_cast<volatile char*>(page) = 'x';
  std::raise(SIGSEGV);
}

void panic(Context& c) {
  c.get<server::Server>().log.warning("DEBUG asked for a panic");
  std::abort();
}

void help(Context& c);

struct Subcommand {
  std::string_view name;
  size_t least;  // arguments, with DEBUG and the name
  size_t most;
  command::Handler run;
};
constexpr size_t kAny = std::numeric_limits<size_t>::max();

constexpr auto kSubcommands = std::to_array<Subcommand>({
    {"help", 2, 2, help},
    {"aof-flush-sleep", 3, 3, pause_log_writes},
    {"assert", 2, 2, panic},
    {"change-repl-id", 2, 2, change_replication_id},
    {"config-rewrite-force-all", 2, 2, rewrite_all_parameters},
    {"digest", 2, 2, digest},
    {"digest-value", 2, kAny, digest_value},
    {"error", 3, 3, error},
    {"htstats", 3, 4, table_statistics},
    {"htstats-key", 3, 4, key_table_statistics},
    {"listpack", 3, 3, listpack},
    {"loadaof", 2, 2, load_log},
    {"log", 3, 3, write_log},
    {"object", 3, 3, object},
    {"panic", 2, 2, panic},
    {"pause-cron", 3, 3, pause_cron},
    {"populate", 3, 5, populate},
    {"protocol", 3, 3, protocol},
    {"quicklist-packed-threshold", 3, 3, packed_threshold},
    {"reload", 2, kAny, reload},
    {"replicate", 3, kAny, replicate},
    {"replybuffer", 4, 4, reply_buffer},
    {"segfault", 2, 2, crash},
    {"set-active-expire", 3, 3, set_active_expire},
    {"set-skip-checksum-validation", 3, 3, skip_checksum},
    {"sleep", 3, 3, sleep},
    {"stringmatch-test", 2, 2, match_everything},
    {"structsize", 2, 2, structure_sizes},
});

void help(Context& c) {
  static constexpr std::string_view kLines[] = {
      "AOF-FLUSH-SLEEP <microsec>",
      "    Server will sleep before flushing the AOF, this is used for testing.",
      "CHANGE-REPL-ID",
      "    Change the replication IDs of the instance.",
      "CONFIG-REWRITE-FORCE-ALL",
      "    Like CONFIG REWRITE but writes all configuration options, including",
      "    keywords not listed in original configuration file or default values.",
      "DIGEST",
      "    Output a hex signature representing the current DB content.",
      "DIGEST-VALUE <key> [<key> ...]",
      "    Output a hex signature of the values of all the specified keys.",
      "ERROR <string>",
      "    Return a Redis protocol error with <string> as message.",
      "HTSTATS <dbid> [full]",
      "    Return hash table statistics of the specified database.",
      "HTSTATS-KEY <key> [full]",
      "    Like HTSTATS but for the hash table stored at <key>'s value.",
      "LISTPACK <key>",
      "    Print the serialized value of a listpack on standard output.",
      "LOADAOF",
      "    Flush the AOF buffers on disk and reload the AOF in memory.",
      "LOG <message>",
      "    Write <message> to the server log.",
      "OBJECT <key>",
      "    Show low level info about `key` and associated value.",
      "PANIC | ASSERT | SEGFAULT",
      "    End the process at once.",
      "PAUSE-CRON <0|1>",
      "    Stop periodic cron job processing.",
      "POPULATE <count> [<prefix>] [<size>]",
      "    Create <count> string keys named key:<num>, or <prefix>:<num>. Not propagated.",
      "PROTOCOL <type>",
      "    Reply with a test value of the specified type.",
      "QUICKLIST-PACKED-THRESHOLD <size>",
      "    From which size on an element of a list has a node of its own. 0: the default, 1 GB.",
      "RELOAD [MERGE] [NOFLUSH] [NOSAVE]",
      "    Save the RDB on disk and reload it back to memory.",
      "REPLICATE <string>",
      "    Replicates the provided command to replicas, allowing data divergence.",
      "REPLYBUFFER PEAK-RESET-TIME <NEVER|RESET|time> | RESIZING <0|1>",
      "    Accepted: buffers here belong to the thread, not to a client.",
      "SET-ACTIVE-EXPIRE <0|1>",
      "    0: keys that nobody asks for stay when their time is over.",
      "SET-SKIP-CHECKSUM-VALIDATION <0|1>",
      "    1: RESTORE does not look at its payload's checksum.",
      "SLEEP <seconds>",
      "    Stop the server for <seconds>. Decimals allowed.",
      "STRINGMATCH-TEST",
      "    Match random patterns against random strings.",
      "STRUCTSIZE",
      "    Return the size of some of the server's structures.",
  };
  reply_help(c, kLines);
}

bool permitted(Context& c) {
  const int allowed = c.get<server::Settings>().debug_command;
  if (allowed != server::Settings::kLocalClients) return allowed == server::Settings::kEverybody;
  return c.client().owner == nullptr || server::is_local_address(c.client().owner->peer_address());
}

void run(Context& c) {
  if (!permitted(c)) {
    return c.reply().error(
        "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a "
        "local connection, otherwise you need to set this option in the configuration file, and then restart the server.");
  }
  for (const Subcommand& each : kSubcommands) {
    if (util::equal_ignoring_case(each.name, c.arg(1)) && c.argc() >= each.least && c.argc() <= each.most) return each.run(c);
  }
  c.reply().error(std::string("ERR unknown subcommand or wrong number of arguments for '")
                      .append(c.arg(1).substr(0, 128))
                      .append("'. Try DEBUG HELP."));
}

std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr CommandRow kRows[] = {{"debug", -2, kAdmin | kNoScript | kLoading | kStale, {}, 0, run}};
  return kRows;
}

}  // namespace

}  // namespace full_server::debug

namespace full_server {

void compose_debug(server::Server& server) { server.add_commands(debug::rows()); }

}  // namespace full_server

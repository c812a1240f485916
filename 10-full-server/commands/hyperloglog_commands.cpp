// SPDX-License-Identifier: MIT
// PFADD, PFCOUNT, PFMERGE: counting different elements without keeping them. A sketch is a string.
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/hyperloglog_value.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using hyperloglog::Pattern;
using hyperloglog::Registers;
using hyperloglog::Sketch;
using hyperloglog::SketchView;
using keyspace::Event;
using keyspace::StringEdit;
using keyspace::StringView;

static void pfadd(Context& c) {
  StringEdit value = c.edit_string(c.arg(1));
  if (!value || !check_sketch(c, value.exists(), value.text())) return;
  int64_t changes = value.exists() ? 0 : 1;
  StringStorage storage(value);
  Sketch sketch(storage);
  bool damaged = false;
  for (const std::string_view element : c.args(2)) {
    const Sketch::Outcome outcome = sketch.add(element);
    damaged = outcome == Sketch::Outcome::Damaged;
    if (damaged) break;
    changes += outcome == Sketch::Outcome::Changed ? 1 : 0;
  }
  if (changes > 0) sketch.forget_count();
  value.unchanged();  // reported here, with the number of changes
  if (changes > 0) c.changed(Event::String, "pfadd", c.arg(1), changes);
  if (damaged) return c.fail(kDamagedSketch);
  c.reply().integer(changes > 0 ? 1 : 0);
}

// False, and answered, when one of the keys from the argument at `first` on is no sketch, or a damaged one. Missing ones are
// empty. `any_dense` tells whether one of them is dense.
static bool merge_keys(Context& c, size_t first, Registers& registers, bool& any_dense) {
  for (const std::string_view key : c.args(first)) {
    const StringView value = c.string(key);
    if (!value || !check_sketch(c, value.exists(), value.text())) return false;
    if (!value.exists()) continue;
    const SketchView sketch(value.text());
    any_dense = any_dense || sketch.is_dense();
    if (sketch.merge_into(registers)) continue;
    c.fail(kDamagedSketch);
    return false;
  }
  return true;
}

static void count_union(Context& c) {
  Registers registers{};
  bool any_dense = false;
  if (!merge_keys(c, 1, registers, any_dense)) return;
  const auto histogram = hyperloglog::histogram_of(registers);
  c.reply().integer(static_cast<int64_t>(hyperloglog::estimate(histogram)));
}

// The count is kept in the sketch: a change, of which replicas and the log hear too, though no notification tells of it.
static void pfcount(Context& c) {
  if (c.argc() > 2) return count_union(c);
  const StringView held = c.string(c.arg(1));
  if (!held || !check_sketch(c, held.exists(), held.text())) return;
  if (!held.exists()) return c.reply().integer(0);
  const SketchView view(held.text());
  if (const auto cached = view.cached_count())
    return c.reply().integer(static_cast<int64_t>(*cached));
  const auto count = view.count();
  if (!count) return c.fail(kDamagedSketch);
  StringEdit value(c.db(), c.arg(1), held.entry());
  StringStorage storage(value);
  Sketch(storage).keep_count(*count);
  value.changed({});
  c.reply().integer(static_cast<int64_t>(*count));
}

static void pfmerge(Context& c) {
  Registers registers{};
  bool any_dense = false;
  if (!merge_keys(c, 1, registers, any_dense)) return;
  StringEdit value = c.edit_string(c.arg(1));
  if (!value) return;
  StringStorage storage(value);
  Sketch sketch(storage);
  if (any_dense) sketch.become_dense();
  for (uint32_t i = 0; i < registers.size(); ++i) {
    if (registers[i] > 0) sketch.raise({i, registers[i]});
  }
  sketch.forget_count();
  value.changed("pfadd");  // in a way, many elements were added
  c.reply().ok();
}

static std::span<const command::CommandRow> hyperloglog_commands() {
  using namespace command;
  static constexpr auto& kInsert = kKeys<kKeyRW | kKeyInsert>;
  static constexpr KeySpec kCounted[] = {{.flags = kKeyRW | kKeyAccess,
                                          .last = -1,
                                          .notes = "RW because it may change the internal "
                                                   "representation of the key, and propagate to "
                                                   "replicas"}};
  static constexpr KeySpec kMerged[] = {{.flags = kKeyRW | kKeyAccess | kKeyInsert},
                                        {.flags = kKeyRO | kKeyAccess, .index = 2, .last = -1}};
  static constexpr auto& kDebugged = kKeys<kKeyRW | kKeyAccess, 2>;
  static constexpr CommandRow kRows[] = {
      {"pfadd", -2, kWrite | kDenyOom | kFast, kInsert, kAclHyperLogLog, pfadd},
      {"pfcount", -2, kReadOnly | kMayReplicate, kCounted, kAclHyperLogLog, pfcount},
      {"pfmerge", -2, kWrite | kDenyOom, kMerged, kAclHyperLogLog, pfmerge},
      {"pfdebug", 3, kWrite | kDenyOom | kAdmin, kDebugged, kAclHyperLogLog, pfdebug},
      {"pfselftest", 1, kAdmin, {}, kAclHyperLogLog, pfselftest},
  };
  return kRows;
}

void compose_hyperloglogs(server::Server& server) {
  server.add_commands(hyperloglog_commands());
  server.parameters.add(
      server::memory_size("hll-sparse-max-bytes", hyperloglog::settings.sparse_max_bytes));
}

}  // namespace full_server

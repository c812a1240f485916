// SPDX-License-Identifier: MIT
#include "shared/command/context.h"

#include "shared/command/executor.h"

namespace command {

keyspace::Keyspace& Context::db() { return executor_.databases()[client_.db]; }
keyspace::Databases& Context::databases() { return executor_.databases(); }
const CommandTable& Context::table() const { return executor_.table(); }
util::UnixMs Context::now() const { return executor_.databases().environment().now; }
util::Arena& Context::scratch() { return executor_.scratch(); }
const Parts& Context::parts() const { return executor_.parts(); }

bool Context::has_type(const keyspace::Entry* entry, keyspace::TypeId type) {
  if (entry == nullptr || entry->type() == type) return true;
  fail(util::errors::kWrongType);
  return false;
}

keyspace::StringView Context::string(std::string_view key) {
  keyspace::Entry* entry = db().find(key, read_flags());
  if (!has_type(entry, keyspace::TypeId::String)) return {};
  return keyspace::StringView(entry);
}

keyspace::StringEdit Context::edit_string(std::string_view key) {
  keyspace::Entry* entry = db().find(key, keyspace::LookupFlags::Write);
  if (!has_type(entry, keyspace::TypeId::String)) return {};
  return {db(), key, entry};
}

void Context::changed(keyspace::Event event, std::string_view name, std::string_view key, int64_t count) {
  executor_.changes().on_change({client_.db, key, event, name, count});
}

void Context::block_on(WaitQueue& queue, util::UnixMs deadline) {
  executor_.blocking().block(client_, command_, args_, queue, deadline);
}

Propagation Context::propagate() { return {executor_.propagation_sink(), client_.db, explicit_propagation_}; }

}  // namespace command

// SPDX-License-Identifier: MIT
#include "shared/server/client_registry.h"

#include <fmt/format.h>

namespace server {

Connection& ClientRegistry::add(ConnectionFrame& frame, std::unique_ptr<net::Session> session) {
  const uint64_t id = next_id_++;
  auto connection = std::make_unique<Connection>(frame, std::move(session), id);
  return *live_.emplace_hint(live_.end(), id, std::move(connection))->second;
}

void ClientRegistry::retire(Connection& connection) {
  const auto found = live_.find(connection.client().id);
  if (found == live_.end()) return;
  retired_.push_back(std::move(found->second));
  live_.erase(found);
}

void ClientRegistry::free_retired() {
  if (!retired_.empty()) std::erase_if(retired_, [](const auto& connection) { return connection->freeable(); });
}

Connection* ClientRegistry::find(uint64_t id) {
  const auto found = live_.find(id);
  return found == live_.end() ? nullptr : found->second.get();
}

void ClientRegistry::for_each(util::FunctionRef<void(Connection&)> visit) {
  for (auto next = live_.begin(); next != live_.end();) {
    Connection& connection = *next->second;
    ++next;
    visit(connection);
  }
}

void ClientRegistry::close_all() {
  for_each([](Connection& connection) { connection.close(); });
}

// The letters of `flags=`, in Redis' order.
static std::string flags_of(Connection& connection, const command::ClientTraits& traits) {
  const command::Client& client = connection.client();
  std::string set = traits.flags;
  using Kind = command::Client::Kind;
  if (client.kind == Kind::Replica) set += 'S';
  if (client.kind == Kind::Master) set += 'M';
  if (client.kind == Kind::PubSub) set += 'P';
  if (client.blocked) set += 'b';
  if (client.close_after_reply) set += 'c';
  if (connection.doomed()) set += 'A';
  if (client.no_evict) set += 'e';
  if (client.no_touch) set += 'T';
  std::string flags;
  for (const char letter : std::string_view("OSMPxbtRBdcuAUreT")) {
    if (set.find(letter) != std::string::npos) flags += letter;
  }
  return flags.empty() ? "N" : flags;
}

std::string ClientRegistry::describe(Connection& connection, util::UnixMs now, size_t argument_bytes) {
  command::Client& client = connection.client();
  const command::Client::Details& details = client.details();
  const std::string_view last = client.last_command == nullptr ? "NULL" : client.last_command->name;
  const command::ClientTraits traits = client.parts.traits();
  const resp::OutputBuffer::Layout output = client.output.layout();
  std::string line = fmt::format(
      "id={} addr={} laddr={} fd={} name={} age={} idle={} flags={} db={} sub={} psub={} ssub={} multi={} ", client.id,
      connection.session().peer_address(), connection.session().local_address(), connection.session().descriptor(),
      details.name, (now - client.created) / 1000, (now - client.last_interaction) / 1000,
      flags_of(connection, traits), client.db, traits.channels, traits.patterns, traits.shard_channels, traits.queued);
  // A reply buffer of its own a client has only while something waits to be sent: the first chunk.
  line += fmt::format("qbuf={} qbuf-free={} argv-mem={} multi-mem={} rbs={} rbp={} obl={} oll={} omem={} tot-mem={} ",
                      connection.unread_input(), connection.free_input(),
                      argument_bytes + connection.argument_bytes() + traits.argument_bytes, traits.queued_bytes,
                      output.first_size, output.first_peak, output.first_bytes, output.behind, output.behind_size,
                      connection.memory_size());
  line += fmt::format("events={} cmd={} user=default redir={} resp={} lib-name={} lib-ver={}",
                      client.output.empty() ? "r" : "rw", last, traits.redirect, client.reply.protocol(),
                      details.library_name, details.library_version);
  return line;
}

}  // namespace server

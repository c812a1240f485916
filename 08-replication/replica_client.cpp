// SPDX-License-Identifier: MIT
#include "08-replication/replica_client.h"

#include <algorithm>

#include "08-replication/master.h"

namespace replication {

ReplicaClient::~ReplicaClient() { master_.forget(*this); }

void ReplicaClient::describe(command::ClientTraits& traits) const {
  if (state != State::Handshake) traits.flags += 'S';
}

std::string ReplicaClient::address() const {
  if (!announced_address.empty()) return announced_address;
  if (client.owner == nullptr) return "?";
  std::string peer = client.owner->peer_address();  // "127.0.0.1:51234", "[::1]:51234"
  peer.resize(std::min(peer.size(), peer.rfind(':')));
  if (peer.starts_with('[')) peer = peer.substr(1, peer.size() - 2);
  return peer;
}

std::string ReplicaClient::name() const {
  if (listening_port != 0) return address() + ":" + std::to_string(listening_port);
  return client.owner == nullptr ? "client id #" + std::to_string(client.id)
                                 : client.owner->peer_address();
}

std::string_view ReplicaClient::state_name() const {
  switch (state) {
    case State::Handshake:
      return "";
    case State::WaitStart:
    case State::WaitEnd:
    case State::Piped:
      return "wait_bgsave";
    case State::SendSnapshot:
      return "send_bulk";
    case State::Online:
      return "online";
  }
  return "";
}

}  // namespace replication

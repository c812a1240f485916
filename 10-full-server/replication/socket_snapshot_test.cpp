// SPDX-License-Identifier: MIT
// A snapshot that comes through a socket, in any pieces, with either framing: exactly its bytes are read, and what stands
// behind a counted one stays in the socket.
#include "10-full-server/replication/socket_snapshot.h"

#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <string>
#include <thread>

#include "shared/testing/catch.h"

using replication::ArrivingSnapshot;
using replication::PayloadReceiver;

namespace {

struct Pair {
  Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0); }
  ~Pair() {
    for (int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  void close_far() { ::close(std::exchange(ends[1], -1)); }
  int ends[2];
};

std::string random_bytes(std::mt19937& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

void send_in_pieces(int socket, std::string_view bytes, unsigned seed) {
  std::mt19937 random(seed);
  while (!bytes.empty()) {
    const size_t size = std::min<size_t>(1 + random() % 5000, bytes.size());
    if (::send(socket, bytes.data(), size, MSG_NOSIGNAL) != static_cast<ssize_t>(size)) return;
    bytes.remove_prefix(size);
  }
}

std::string read_all(replication::DirectSnapshot& snapshot, size_t at_once) {
  std::string all, piece(at_once, '\0');
  while (true) {
    const auto count = snapshot.read({piece.data(), piece.size()});
    REQUIRE(count.ok());
    if (count.value() == 0) return all;
    all.append(piece, 0, count.value());
  }
}

const int kPatience = 5;

}  // namespace

TEST_CASE("a snapshot is read from the socket, byte for byte") {
  const bool counted = GENERATE(true, false);
  for (unsigned round = 0; round < 20; ++round) {
    std::mt19937 random(round);
    const std::string content = random_bytes(random, 1 + random() % 300000);
    const std::string mark(PayloadReceiver::kMarkLength, 'm');
    std::string wire = counted ? "$" + std::to_string(content.size()) + "\r\n" : "$EOF:" + mark + "\r\n";
    PayloadReceiver receiver;
    std::string_view header = wire;
    REQUIRE(receiver.begin(header) == PayloadReceiver::Status::Done);
    wire = content + (counted ? "" : mark);
    const size_t early = random() % std::min<size_t>(wire.size(), 60000);
    Pair pair;
    const auto snapshot =
        socket_snapshot::open({pair.ends[0], receiver, std::string_view(wire).substr(0, early)}, kPatience);
    REQUIRE(snapshot != nullptr);
    std::thread sender([&] { send_in_pieces(pair.ends[1], wire.substr(early) + (counted ? "*1" : ""), round); });
    const std::string read = read_all(*snapshot, 1 + random() % 70000);
    sender.join();
    REQUIRE(read == content);
    CHECK(snapshot->delivered() == content.size());
    CHECK(snapshot->finish().ok());
    if (!counted) continue;
    char behind[3];
    CHECK(::recv(pair.ends[0], behind, sizeof behind, 0) == 2);  // the stream's beginning
  }
}

TEST_CASE("a master that goes, and a link that is closed, are failures") {
  PayloadReceiver receiver;
  std::string_view header = "$100\r\n";
  REQUIRE(receiver.begin(header) == PayloadReceiver::Status::Done);
  Pair pair;
  const auto snapshot = socket_snapshot::open({pair.ends[0], receiver, "some"}, kPatience);
  char bytes[100];
  CHECK(snapshot->ready());
  CHECK(snapshot->read(bytes).value() == 4);
  CHECK(!snapshot->ready());
  pair.close_far();
  CHECK(snapshot->ready());
  CHECK(!snapshot->read(bytes).ok());
  CHECK(!snapshot->finish().ok());
  snapshot->cancel();
  CHECK(!snapshot->read(bytes).ok());
}

// SPDX-License-Identifier: MIT
#include "10-full-server/replication/socket_snapshot.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace socket_snapshot {

using replication::ArrivingSnapshot;
using replication::PayloadReceiver;
using util::Failure;
using util::Result;

constexpr size_t kPiece = 64 * 1024;
constexpr int kPatienceMs = 5;  // of ready()

namespace {

class SocketSnapshot final : public replication::DirectSnapshot {
 public:
  SocketSnapshot(int descriptor, const ArrivingSnapshot& snapshot, const int& timeout_seconds)
      : descriptor_(descriptor), receiver_(snapshot.receiver), timeout_seconds_(timeout_seconds) {
    (void)take(snapshot.arrived);  // what is wrong with it, the next piece tells too
  }
  ~SocketSnapshot() override { ::close(descriptor_); }
  SocketSnapshot(const SocketSnapshot&) = delete;

  Result<size_t> read(std::span<char> into) override;
  bool ready() override { return !buffer_.empty() || done_ || cancelled_ || wait(kPatienceMs); }
  uint64_t delivered() const override { return delivered_; }
  void cancel() override { cancelled_ = true; }
  Result<> finish() override;

 private:
  Result<> receive();
  Result<> take(std::string_view bytes);
  bool wait(int ms) const {
    pollfd watched{.fd = descriptor_, .events = POLLIN, .revents = 0};
    return ::poll(&watched, 1, ms) > 0;
  }
  // Of a counted snapshot, what is missing; behind it stands what is not ours.
  size_t wanted() const {
    if (!receiver_.length_known()) return piece_.size();
    return static_cast<size_t>(std::min<uint64_t>(piece_.size(), receiver_.total() - receiver_.received()));
  }

  const int descriptor_;
  PayloadReceiver receiver_;
  const int& timeout_seconds_;
  std::vector<char> piece_ = std::vector<char>(kPiece);
  std::string buffer_;  // of the snapshot, not delivered yet
  size_t used_ = 0;     // of the buffer
  uint64_t delivered_ = 0;
  bool done_ = false;
  bool cancelled_ = false;
};

Result<> SocketSnapshot::take(std::string_view bytes) {
  const auto status = receiver_.feed(bytes, [this](std::string_view piece) { buffer_.append(piece); });
  done_ = status == PayloadReceiver::Status::Done;
  if (status == PayloadReceiver::Status::Failed) return Failure{receiver_.error()};
  return {};
}

// More of it, or the reason why there is none.
Result<> SocketSnapshot::receive() {
  while (!cancelled_) {
    const ssize_t count = ::recv(descriptor_, piece_.data(), wanted(), MSG_DONTWAIT);
    if (count > 0) return take({piece_.data(), static_cast<size_t>(count)});
    if (count == 0) return Failure{"the master closed the connection in the middle of its snapshot"};
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return Failure{std::strerror(errno)};
    if (!wait(timeout_seconds_ * 1000)) return Failure{"the master is silent in the middle of its snapshot"};
  }
  return Failure{"the link to the master was closed"};
}

Result<size_t> SocketSnapshot::read(std::span<char> into) {
  if (cancelled_) return Failure{"the link to the master was closed"};
  while (buffer_.empty() && !done_) {
    if (const auto received = receive(); !received) return Failure{received.error()};
  }
  const size_t count = buffer_.copy(into.data(), std::min(into.size(), buffer_.size() - used_), used_);
  used_ += count;
  delivered_ += count;
  if (used_ == buffer_.size()) {
    buffer_.clear();
    used_ = 0;
  }
  return count;
}

Result<> SocketSnapshot::finish() {
  while (!done_) {
    if (auto received = receive(); !received) return received;
  }
  return {};
}

}  // namespace

std::shared_ptr<replication::DirectSnapshot> open(const ArrivingSnapshot& snapshot, const int& timeout_seconds) {
  const int descriptor = fcntl(snapshot.descriptor, F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) return nullptr;
  return std::make_shared<SocketSnapshot>(descriptor, snapshot, timeout_seconds);
}

}  // namespace socket_snapshot

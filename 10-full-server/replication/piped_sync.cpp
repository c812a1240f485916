// SPDX-License-Identifier: MIT
#include "10-full-server/replication/piped_sync.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "07-pubsub/output_limits.h"
#include "shared/server/server.h"

namespace piped_sync {

using replication::History;
using replication::ReplicaClient;
using Phase = ReplicaClient::State;

constexpr size_t kPiece = 64 * 1024;    // what a pipe holds
constexpr size_t kWindow = 256 * 1024;
constexpr size_t kLeastWindow = 4 * 1024;
constexpr int kPiecesAtOnce = 16;       // then others have their turn

namespace {

// The child's end of the pipe; it waits for whoever reads.
class PipeSink final : public rdb::Sink {
 public:
  explicit PipeSink(int pipe) : pipe_(pipe) {}
  util::Result<> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = ::write(pipe_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return util::Failure{std::strerror(errno)};
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return {};
  }

 private:
  int pipe_;
};

void close_later(const ReplicaClient& replica) {
  if (replica.client.owner != nullptr) replica.client.owner->close_later();
}

}  // namespace

PipedSync::PipedSync(server::Server& server, replication::Replication& replication, rdb::SnapshotSaver& saver)
    : server_(server), state_(replication.state()), master_(replication.master()), saver_(saver) {}

PipedSync::~PipedSync() { close_pipe(); }

void PipedSync::close_pipe() {
  watch_.reset();
  for (int* end : {&read_end_, &write_end_}) {
    if (*end >= 0) ::close(std::exchange(*end, -1));
  }
}

bool PipedSync::waits_for_more(const Replicas& replicas) {
  const replication::Settings& settings = state_.settings;
  if (!settings.diskless_sync) return false;
  util::UnixMs first = server_.clock.wall_ms();
  int waiting = 0;
  for (const ReplicaClient* replica : replicas) {
    if (replica->state != Phase::WaitStart) continue;
    if (!replica->understands_mark) return false;
    first = std::min(first, replica->asked_at);
    ++waiting;
  }
  const int enough = settings.diskless_sync_max_replicas;
  const bool over = server_.clock.wall_ms() - first >= int64_t{1000} * settings.diskless_sync_delay;
  const bool waits = !over && (enough == 0 || waiting < enough);
  if (waits && !std::exchange(told_delay_, true)) server_.log.notice("Delay next BGSAVE for diskless SYNC");
  return waits;
}

bool PipedSync::take(const Replicas& replicas) {
  told_delay_ = false;
  const bool all = std::all_of(replicas.begin(), replicas.end(), [](const ReplicaClient* replica) {
    return replica->state != Phase::WaitStart || replica->understands_mark;
  });
  if (!state_.settings.diskless_sync || !all) return false;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  close_pipe();
  read_end_ = ends[0];
  write_end_ = ends[1];
  fcntl(read_end_, F_SETFL, O_NONBLOCK);
  mark_ = History::new_id();
  return true;
}

util::Result<uint64_t> PipedSync::write_in_child() {
  ::close(read_end_);  // or the child would never learn that nobody reads
  PipeSink sink(write_end_);
  if (const auto begun = sink.write("$EOF:" + mark_ + "\r\n"); !begun) return util::Failure{begun.error()};
  const auto written = saver_.write(sink);
  if (!written) return written;
  if (const auto ended = sink.write(mark_); !ended) return util::Failure{ended.error()};
  return written;
}

void PipedSync::begin(const Replicas& replicas) {
  ::close(std::exchange(write_end_, -1));
  receivers_.clear();
  for (ReplicaClient* replica : replicas) {
    if (replica->state != Phase::WaitEnd) continue;
    replica->state = Phase::Piped;
    replica->stream_on_ack = true;
    receivers_.push_back({replica, replica->client.bytes_out, server_.clock.wall_ms()});
  }
  choose_window();
  watch();
}

// The limits of outputs are meant for the stream: a snapshot stays well below them.
void PipedSync::choose_window() {
  window_ = kWindow;
  const auto* limits = server_.parts.find<pubsub::OutputLimits>();
  if (limits == nullptr || receivers_.empty()) return;
  const auto limit = limits->of(receivers_.front().replica->client);
  for (const uint64_t most : {limit.hard, limit.soft}) {
    if (most != 0) window_ = std::max<size_t>(kLeastWindow, std::min<uint64_t>(window_, most / 4));
  }
#ifdef F_SETPIPE_SZ
  // What is in it when the child ends goes out at once.
  if (window_ < kPiece) (void)fcntl(read_end_, F_SETPIPE_SZ, static_cast<int>(window_));
#endif
}

void PipedSync::watch() {
  watch_ = std::make_unique<net::DescriptorWatch>(server_.loop, read_end_, [this] { on_readable(); });
}

bool PipedSync::room() const {
  return std::all_of(receivers_.begin(), receivers_.end(), [this](const Receiver& receiver) {
    return receiver.replica->client.output.size() < window_;
  });
}

void PipedSync::give(const util::Blob& piece) {
  for (const Receiver& receiver : receivers_) {
    receiver.replica->client.output.append_shared(piece);
    if (receiver.replica->client.owner != nullptr) receiver.replica->client.owner->output_added();
  }
}

// False: there is nothing now, or nothing any more.
bool PipedSync::read_piece() {
  util::Blob piece(std::min(kPiece, window_));
  const ssize_t count = ::read(read_end_, piece.data(), std::min(kPiece, window_));
  if (count < 0 && errno == EINTR) return true;
  if (count < 0 && errno == EAGAIN) return false;
  if (count <= 0) {
    ended();
    return false;
  }
  piece.set_size(static_cast<size_t>(count));
  give(piece);
  return true;
}

void PipedSync::ended() {
  server_.log.notice(fmt::format("Diskless rdb transfer, done reading from pipe, {} replicas still up.",
                                 receivers_.size()));
  close_pipe();
}

void PipedSync::on_readable() {
  for (int i = 0; i < kPiecesAtOnce && room(); ++i) {
    if (!read_piece()) break;
  }
  if (!room()) watch_.reset();  // go_on() looks again
  server_.turn.request_end();
}

void PipedSync::go_on() {
  if (read_end_ >= 0 && write_end_ < 0 && watch_ == nullptr && room()) watch();
}

void PipedSync::left(ReplicaClient& replica) {
  const size_t erased =
      std::erase_if(receivers_, [&](const Receiver& receiver) { return receiver.replica == &replica; });
  if (erased == 0 || !receivers_.empty()) return;
  if (read_end_ < 0) return;
  server_.log.warning("Diskless rdb transfer, last replica dropped, killing fork child.");
  close_pipe();  // FullSync ends the child
}

// The child has ended, so what is left of its snapshot is in the pipe: less than a piece or two.
void PipedSync::finished(bool ok) {
  while (ok && read_end_ >= 0 && read_piece()) {
  }
  close_pipe();
  for (const Receiver& receiver : std::exchange(receivers_, {})) {
    if (ok) {
      put_online(*receiver.replica);
    } else {
      server_.log.warning("SYNC failed. BGSAVE child returned an error");
      close_later(*receiver.replica);
    }
  }
}

void PipedSync::put_online(ReplicaClient& replica) {
  server_.log.notice(
      fmt::format("Streamed RDB transfer with replica {} succeeded (socket). Waiting for REPLCONF ACK "
                  "from replica to enable streaming",
                  replica.name()));
  replica.state = Phase::Online;
  replica.acknowledged_at = server_.clock.wall_ms();
  if (!replica.snapshot_only) {
    if (!replica.stream_on_ack) master_.begin_stream(replica);  // it was faster than the child's end
    return;
  }
  server_.log.notice(fmt::format(
      "RDB transfer completed, rdb only replica ({}) should be disconnected asap", replica.name()));
  replica.client.close_after_reply = true;
  replica.client.owner->output_added();
}

void PipedSync::every_second() {
  const util::UnixMs now = server_.clock.wall_ms();
  for (Receiver& receiver : receivers_) {
    const command::Client& client = receiver.replica->client;
    if (client.output.empty() || client.bytes_out != receiver.taken) {
      receiver.taken = client.bytes_out;
      receiver.taken_at = now;
    } else if (now - receiver.taken_at > int64_t{1000} * state_.settings.timeout) {
      server_.log.warning(
          fmt::format("Disconnecting timedout replica (full sync): {}", receiver.replica->name()));
      close_later(*receiver.replica);
    }
  }
}

void PipedSync::look_at_waiting(const Replicas& replicas) {
  const bool waiting = std::any_of(replicas.begin(), replicas.end(), [](const ReplicaClient* replica) {
    return replica->state == Phase::WaitStart;
  });
  if (waiting) server_.turn.request_end();
}

}  // namespace piped_sync

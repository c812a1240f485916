// SPDX-License-Identifier: MIT
#include "06-rdb/snapshot_loader.h"

#include <fmt/format.h>
#include <unistd.h>

#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace rdb {

using server::Loading;
using util::Failure;
using util::Result;

constexpr int64_t kSliceUs = 10'000;
constexpr size_t kRecordsBetweenLooksAtTheClock = 512;

struct SnapshotLoad::State {
  State(std::unique_ptr<util::File> opened, bool checksum)
      : file(std::move(opened)),
        own(std::make_unique<FileSource>(*file)),
        decoder(*own, checksum) {}
  State(LiveSource& live, bool checksum) : decoder(live, checksum) {}

  std::unique_ptr<util::File> file;
  std::unique_ptr<FileSource> own;
  Decoder decoder;
  keyspace::Databases staged;
  std::unique_ptr<RdbReader> reader;
};

SnapshotLoad::SnapshotLoad(server::Server& server, const CodecTable& codecs, std::string path,
                           LoadOptions options)
    : server_(server), codecs_(codecs), path_(std::move(path)), options_(std::move(options)) {}

SnapshotLoad::~SnapshotLoad() = default;

Result<> SnapshotLoad::open(Loading::Progress& progress) {
  if (options_.live) {
    state_ = std::make_unique<State>(*options_.live, options_.checksum);
  } else {
    auto file = server_.files->open(path_, util::OpenMode::Read);
    if (!file) return Failure{file.error()};
    const auto size = file.value()->size();
    if (size) progress.total_bytes += size.value();
    state_ = std::make_unique<State>(std::move(file.value()), options_.checksum);
  }
  state_->staged.open(server_.databases.count());
  const ReadOptions options{.checksum = options_.checksum,
                            .drop_expired = options_.drop_expired,
                            .now = server_.clock.wall_ms(),
                            .clock = server_.databases.environment().clock};
  state_->reader = std::make_unique<RdbReader>(state_->decoder, codecs_, state_->staged, options);
  state_->reader->on_notice([this](std::string_view text) { server_.log.notice(text); });
  state_->reader->on_expired(options_.on_expired);
  state_->reader->on_aux(
      [this](std::string_view name, std::string_view value) { tell(name, value); });
  return {};
}

void SnapshotLoad::tell(std::string_view name, std::string_view value) const {
  const int64_t number = util::parse_int64(value).value_or(0);
  if (name == "redis-ver") {
    server_.log.notice(fmt::format("Loading RDB produced by version {}", value));
  } else if (name == "ctime") {
    server_.log.notice(fmt::format("RDB age {} seconds",
                                   std::max<int64_t>(server_.clock.wall_ms() / 1000 - number, 0)));
  } else if (name == "used-mem") {
    server_.log.notice(fmt::format("RDB memory usage when created {:.2f} Mb",
                                   static_cast<double>(number) / (1 << 20)));
  }
  if (options_.on_aux) options_.on_aux(name, value);
}

static void pause(int us) {
  static int skipped = 0;
  if (us > 0) ::usleep(static_cast<useconds_t>(us));
  if (us < 0 && ++skipped % -static_cast<int64_t>(us) == 0) ::usleep(1);
}

Result<bool> SnapshotLoad::run_slice(Loading::Progress& progress) {
  if (state_ == nullptr) {
    if (const auto opened = open(progress); !opened) return Failure{opened.error()};
  }
  RdbReader& reader = *state_->reader;
  const int64_t until = server_.clock.monotonic_us() + kSliceUs;
  const uint64_t bytes_before = state_->decoder.offset();
  const uint64_t keys_before = reader.counts().loaded;
  bool more = true;
  const int pause_us = options_.pause_us == nullptr ? 0 : *options_.pause_us;
  LiveSource* const live = options_.live.get();
  const bool one_by_one = pause_us != 0 || live != nullptr;
  while (more && server_.clock.monotonic_us() < until) {
    if (live != nullptr && live->delivered() == state_->decoder.offset() && !live->ready()) break;
    more = reader.read_some(one_by_one ? 1 : kRecordsBetweenLooksAtTheClock);
    if (pause_us != 0) pause(pause_us);
  }
  progress.loaded_bytes += state_->decoder.offset() - bytes_before;
  progress.loaded_keys += reader.counts().loaded - keys_before;
  if (reader.failed()) return Failure{reader.failure()};
  if (!more) finish();
  return more;
}

void SnapshotLoad::finish() {
  if (options_.lazily) state_->staged.environment().lazy.disposal = server_.databases.environment().lazy.disposal;
  for (int i = 0; i < server_.databases.count(); ++i) {
    server_.databases[i].swap(state_->staged[i]);
    state_->staged[i].clear(keyspace::Lazily{options_.lazily});
  }
  const RdbReader::Counts& counts = state_->reader->counts();
  std::string text = fmt::format("Done loading RDB, keys loaded: {}, keys expired: {}",
                                 counts.loaded, counts.expired);
  if (counts.empty > 0) text += fmt::format(", empty keys skipped: {}", counts.empty);
  server_.log.notice(text + ".");
}

const RdbReader::Counts& SnapshotLoad::counts() const {
  static const RdbReader::Counts kNone;
  return state_ ? state_->reader->counts() : kNone;
}

uint64_t SnapshotLoad::end_offset() const { return state_ ? state_->decoder.offset() : 0; }

void SnapshotLoader::report(const std::string& path, int64_t started_us,
                            const Result<>& result) const {
  if (result) {
    const double seconds = static_cast<double>(server_.clock.monotonic_us() - started_us) / 1e6;
    server_.log.notice(fmt::format("DB loaded from disk: {:.3f} seconds", seconds));
  } else {
    server_.log.warning(fmt::format(
        "{} is damaged or unreadable: {}. Nothing of it was loaded, and the file is as it was "
        "(redis-check-rdb tells more).",
        path, result.error()));
  }
}

void SnapshotLoader::start(const std::string& path, LoadOptions options,
                           std::function<void(Result<>)> done) {
  const auto chosen = std::move(options.on_aux);
  options.on_aux = [this, chosen](std::string_view name, std::string_view value) {
    for (const auto& listener : listeners_) listener(name, value);
    if (chosen) chosen(name, value);
  };
  options.on_expired = expired_listener_;
  options.pause_us = pause_us_;
  auto load = std::make_shared<SnapshotLoad>(server_, codecs_, path, std::move(options));
  const int64_t started_us = server_.clock.monotonic_us();
  server_.loading.start(
      path, [load](Loading::Progress& progress) { return load->run_slice(progress); },
      [this, load, path, started_us, done = std::move(done)](Result<> result) {
        counts_ = load->counts();
        report(path, started_us, result);
        done(result);
      });
}

}  // namespace rdb

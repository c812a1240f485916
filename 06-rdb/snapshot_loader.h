// SPDX-License-Identifier: MIT
//
// A dump file into the server's databases, all of it or nothing: the file is read into databases of
// its own, a slice at a time, and when its last byte has proven right they change places with the
// server's. Of a damaged file nothing stays. The loop thread's alone.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "06-rdb/rdb_reader.h"
#include "shared/server/loading.h"
#include "shared/util/clock.h"
#include "shared/util/files.h"

namespace server {
class Server;
}

namespace rdb {

// Bytes that are still coming while they are read: a connection. One that has nothing may be waited for.
class LiveSource : public Source {
 public:
  virtual bool ready() = 0;  // something can be read; waits for it, some milliseconds at most
  virtual uint64_t delivered() const = 0;  // bytes that read() has given
};

struct LoadOptions {
  bool checksum = true;
  bool drop_expired = true;  // see ReadOptions
  bool lazily = false;       // what was there before is freed in the background, where somebody does that
  RdbReader::AuxListener on_aux = {};
  const int* pause_us = nullptr;  // behind each key, see SnapshotSettings::load_pause_us; outlives the load
  RdbReader::ExpiredListener on_expired = {};
  std::shared_ptr<LiveSource> live = {};  // the snapshot comes from here, and not from a file
};

// One file that is being loaded; whoever reads several kinds of files in one job (a log and its
// base) runs it by hand.
class SnapshotLoad {
 public:
  SnapshotLoad(server::Server& server, const CodecTable& codecs, std::string path,
               LoadOptions options);
  ~SnapshotLoad();

  // Some milliseconds' worth. False: it is done, and the databases hold what the file does. A
  // failure changes nothing.
  util::Result<bool> run_slice(server::Loading::Progress& progress);
  const RdbReader::Counts& counts() const;
  uint64_t end_offset() const;  // where the file's RDB part ends; behind it another part may follow

 private:
  struct State;
  util::Result<> open(server::Loading::Progress& progress);
  void finish();
  void tell(std::string_view name, std::string_view value) const;

  server::Server& server_;
  const CodecTable& codecs_;
  std::string path_;
  LoadOptions options_;
  std::unique_ptr<State> state_;
};

class SnapshotLoader {
 public:
  SnapshotLoader(server::Server& server, const CodecTable& codecs)
      : server_(server), codecs_(codecs) {}

  // As a job of server::Loading.
  void start(const std::string& path, LoadOptions options,
             std::function<void(util::Result<>)> done);
  // Fields of the file that somebody wants to know of, at every load: a replication offset.
  void on_aux(RdbReader::AuxListener listener) { listeners_.push_back(std::move(listener)); }

  // Keys that were left out because their time was over.
  void on_expired(RdbReader::ExpiredListener listener) { expired_listener_ = std::move(listener); }

  // Makes every load as slow as tests need it.
  void pause_behind_keys(const int& us) { pause_us_ = &us; }

  const RdbReader::Counts& last_counts() const { return counts_; }

 private:
  void report(const std::string& path, int64_t started_us, const util::Result<>& result) const;

  server::Server& server_;
  const CodecTable& codecs_;
  std::vector<RdbReader::AuxListener> listeners_;
  RdbReader::ExpiredListener expired_listener_;
  const int* pause_us_ = nullptr;
  RdbReader::Counts counts_;
};

}  // namespace rdb

// SPDX-License-Identifier: MIT
//
// The log into the server's databases at start-up, file by file, some milliseconds at a time.
// A file that ends within a command was being written when the power went: where it is the last
// one, and aof-load-truncated allows it, it is cut behind the last whole command. A byte that
// cannot stand where it stands is damage, and so is an end within any other file: nothing is
// guessed then, and the failure says where it is and what can be done. The loop thread's alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "05-aof/log_folder.h"
#include "05-aof/log_reader.h"
#include "05-aof/log_settings.h"
#include "05-aof/replay.h"
#include "shared/server/loading.h"

namespace server {
class Server;
}

namespace aof {

// Reads the snapshot that a file begins with. Stage 06 knows how; found among the server's parts.
struct PreambleReader {
  // One slice of work: whether there is more. At the end, `end` is the offset behind the snapshot.
  using Slice = std::function<util::Result<bool>(uint64_t& end)>;
  std::function<Slice(const std::string& path)> open;
};

class LogLoader {
 public:
  LogLoader(server::Server& server, const LogSettings& settings, LogFolder& folder)
      : server_(server), settings_(settings), folder_(folder) {}

  // Everything that the manifest names, as a job of server::Loading.
  void start(std::function<void(util::Result<>)> done);

 private:
  struct Current {
    std::string name;
    int64_t started_us = 0;
    PreambleReader::Slice preamble = nullptr;
    std::unique_ptr<LogReader> reader = nullptr;
    uint64_t transaction_at = 0;  // offset of the MULTI that waits for its EXEC
  };

  util::Result<uint64_t> total_size();
  util::Result<bool> run_slice(server::Loading::Progress& progress);
  util::Result<> open_next();
  util::Result<> read_preamble();
  util::Result<bool> read_commands();
  util::Result<> apply();
  util::Result<> end_of_file();
  util::Result<> torn(uint64_t offset);
  util::Result<> cut(uint64_t offset);
  util::Result<> shorten(uint64_t offset) const;
  util::Failure refuse_torn(uint64_t offset) const;
  util::Failure damaged(uint64_t offset, const std::string& what) const;
  void file_done();
  bool is_last() const { return next_ == names_.size(); }

  server::Server& server_;
  const LogSettings& settings_;
  LogFolder& folder_;
  std::optional<Replay> replay_;
  std::vector<std::string> names_;
  size_t next_ = 0;  // of the file to be opened
  std::optional<Current> current_;
  uint64_t bytes_before_ = 0;  // of the files that have been read
};

}  // namespace aof

// SPDX-License-Identifier: MIT
#include "06-rdb/log_preamble.h"

#include <memory>

namespace rdb {

// Expired keys stay: what the log says behind the snapshot may still need them.
aof::PreambleReader log_preamble_reader(server::Server& server, const CodecTable& codecs) {
  return {.open = [&server, &codecs](const std::string& path) -> aof::PreambleReader::Slice {
    auto load =
        std::make_shared<SnapshotLoad>(server, codecs, path, LoadOptions{.drop_expired = false});
    return [load](uint64_t& end) -> util::Result<bool> {
      server::Loading::Progress of_this_file;
      auto more = load->run_slice(of_this_file);
      if (more && !more.value()) end = load->end_offset();
      return more;
    };
  }};
}

}  // namespace rdb

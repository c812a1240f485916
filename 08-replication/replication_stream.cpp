// SPDX-License-Identifier: MIT
#include "08-replication/replication_stream.h"

#include <algorithm>
#include <cstring>

#include "shared/util/todo.h"

namespace replication {

// Fills the last block, then new ones. References to a block stay good: nothing that was written
// moves.
void ReplicationStream::append(std::string_view bytes) {
  while (!bytes.empty()) {
    if (blocks_.empty() || blocks_.back().bytes.size() == kBlockSize)
      blocks_.push_back({end_, util::Blob(kBlockSize)});
    util::Blob& block = blocks_.back().bytes;
    const size_t count = std::min(bytes.size(), kBlockSize - block.size());
    std::memcpy(block.data() + block.size(), bytes.data(), count);
    block.set_size(block.size() + count);
    end_ += static_cast<int64_t>(count);
    size_ += count;
    bytes.remove_prefix(count);
  }
  trim();
}

void ReplicationStream::trim() {
  // [08.4a begin] drop blocks from the front while nobody needs them
  //stub: (void)limit_;  // nothing is ever forgotten
  const int64_t wanted = end_ - static_cast<int64_t>(std::min(limit_, size_));
  const int64_t keep_from = holds_.empty() ? wanted : std::min(wanted, *holds_.begin());
  while (!blocks_.empty() && blocks_.front().end() <= keep_from) {
    size_ -= blocks_.front().bytes.size();
    blocks_.pop_front();
  }
  // [08.4a end]
}

void ReplicationStream::copy_to(resp::OutputBuffer& out, int64_t position) const {
  auto block = blocks_.end();
  while (block != blocks_.begin() && std::prev(block)->end() > position) --block;
  for (; block != blocks_.end(); ++block) {
    const size_t from = position > block->begin ? static_cast<size_t>(position - block->begin) : 0;
    out.append_slice(block->bytes, from, block->bytes.size());
  }
}

void ReplicationStream::restart(int64_t position) {
  blocks_.clear();
  size_ = 0;
  end_ = position;
}

}  // namespace replication

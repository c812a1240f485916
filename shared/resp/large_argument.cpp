// SPDX-License-Identifier: MIT
#include "shared/resp/large_argument.h"

#include <algorithm>
#include <cstring>

namespace resp {

void LargeArgument::begin(size_t length, std::string_view arrived) {
  active_ = true;
  length_ = length;
  filled_ = std::min(arrived.size(), length + 2);
  blob_ = util::Blob(std::min(length + 2, std::max(2 * filled_, 2 * kLargeArgument)));
  std::memcpy(blob_.data(), arrived.data(), filled_);
}

std::span<char> LargeArgument::window() {
  if (!active_ || filled_ == length_ + 2) return {};
  if (filled_ == blob_.capacity()) {
    blob_.set_size(filled_);
    blob_.make_unique(std::min(length_ + 2, 2 * filled_));
  }
  return {blob_.data() + filled_, blob_.capacity() - filled_};
}

util::Blob LargeArgument::finish() {
  active_ = false;
  blob_.set_size(length_);
  return std::move(blob_);
}

}  // namespace resp

// SPDX-License-Identifier: MIT
#include "10-full-server/persistence/item_requests.h"

#include "shared/resp/request_writer.h"
#include "shared/util/numbers.h"

namespace persistence {

ItemRequests::ItemRequests(util::ByteBuffer& out, std::string_view command, std::string_view key)
    : out_(out), command_(command), key_(key) {}

void ItemRequests::add(std::initializer_list<std::string_view> item) {
  for (const std::string_view text : item) {
    texts_.append(text);
    lengths_.push_back(text.size());
  }
  if (++items_ == kItemsPerRequest) flush();
}

void ItemRequests::flush() {
  if (items_ == 0) return;
  std::vector<std::string_view> words = {command_, key_};
  words.reserve(2 + lengths_.size());
  std::string_view rest = texts_.view();
  for (const size_t length : lengths_) {
    words.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  resp::append_request(out_, words);
  texts_.clear();
  lengths_.clear();
  items_ = 0;
}

void append_deadline(util::ByteBuffer& out, const keyspace::Entry& entry) {
  if (!entry.has_deadline()) return;
  char digits[util::kMaxInt64Digits];
  const std::string_view words[] = {
      "PEXPIREAT", entry.key(), {digits, util::format_int64(entry.deadline(), digits)}};
  resp::append_request(out, words);
}

}  // namespace persistence

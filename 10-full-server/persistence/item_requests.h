// SPDX-License-Identifier: MIT
//
// A collection as requests of at most 64 items each: RPUSH key e1 … e64, RPUSH key e65 … Redis' own rewriter
// (AOF_REWRITE_ITEMS_PER_CMD) keeps to the same number, so that no request of a log gets huge.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "shared/keyspace/entry.h"
#include "shared/util/byte_buffer.h"

namespace persistence {

// The texts need to live only during add(). What is left goes out with the destructor.
class ItemRequests {
 public:
  static constexpr size_t kItemsPerRequest = 64;

  ItemRequests(util::ByteBuffer& out, std::string_view command, std::string_view key);
  ItemRequests(const ItemRequests&) = delete;
  ~ItemRequests() { flush(); }

  void add(std::initializer_list<std::string_view> item);  // all that belongs to one: a field and its value

 private:
  void flush();

  util::ByteBuffer& out_;
  std::string_view command_;
  std::string_view key_;
  util::ByteBuffer texts_;  // one behind the other
  std::vector<size_t> lengths_;
  size_t items_ = 0;
};

// PEXPIREAT, when the entry has a deadline.
void append_deadline(util::ByteBuffer& out, const keyspace::Entry& entry);

}  // namespace persistence

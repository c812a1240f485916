// SPDX-License-Identifier: MIT
//
// The data set as commands: how a log begins when there is data already. Each type's way to be
// written is a function in a table that the composition root fills, so that no type is known here.
#pragma once

#include <array>
#include <functional>

#include "shared/keyspace/databases.h"
#include "shared/util/byte_buffer.h"
#include "shared/util/files.h"

namespace aof {

// Appends requests that make this entry, its deadline included.
using Rewriter = void (*)(const keyspace::Entry& entry, util::ByteBuffer& out);

class RewriterTable {
 public:
  void add(keyspace::TypeId type, Rewriter rewriter) {
    rewriters_[static_cast<size_t>(type)] = rewriter;
  }
  Rewriter find(keyspace::TypeId type) const { return rewriters_[static_cast<size_t>(type)]; }

 private:
  std::array<Rewriter, 16> rewriters_{};
};

void rewrite_string(const keyspace::Entry& entry,
                    util::ByteBuffer& out);  // SET key value [PXAT ms]

// Every key of every database, with a SELECT before each database. Not synced.
util::Result<> write_data_set(keyspace::Databases& databases, const RewriterTable& rewriters,
                              util::File& file, std::function<void()> behind_entry = {});

}  // namespace aof

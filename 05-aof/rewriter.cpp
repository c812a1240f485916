// SPDX-License-Identifier: MIT
#include "05-aof/rewriter.h"

#include <fmt/format.h>

#include "shared/keyspace/type_descriptor.h"
#include "shared/resp/request_writer.h"
#include "shared/util/numbers.h"

namespace aof {

using util::Failure;
using util::Result;

constexpr size_t kWriteSize = 1024 * 1024;

void rewrite_string(const keyspace::Entry& entry, util::ByteBuffer& out) {
  keyspace::StringScratch scratch;
  char digits[util::kMaxInt64Digits];
  std::string_view words[] = {
      "SET", entry.key(), keyspace::string_text(entry, scratch), "PXAT", {}};
  if (!entry.has_deadline()) return resp::append_request(out, std::span(words).first(3));
  words[4] = {digits, util::format_int64(entry.deadline(), digits)};
  resp::append_request(out, words);
}

namespace {

struct Writer {
  const RewriterTable& rewriters;
  util::File& file;
  util::ByteBuffer out = {};
  std::function<void()> behind_entry = {};
  Result<> result = {};

  void flush() {
    if (result) result = util::write_all(file, out.view());
    out.clear();
  }
  void add(const keyspace::Entry& entry) {
    const Rewriter rewriter = rewriters.find(entry.type());
    if (rewriter != nullptr) {
      rewriter(entry, out);
    } else if (result) {
      result = Failure{
          fmt::format("a {} cannot be written as commands", keyspace::descriptor_of(entry).name)};
    }
    if (out.size() >= kWriteSize) flush();
    if (behind_entry) behind_entry();
  }
};

}  // namespace

Result<> write_data_set(keyspace::Databases& databases, const RewriterTable& rewriters,
                        util::File& file, std::function<void()> behind_entry) {
  Writer writer{rewriters, file, {}, std::move(behind_entry)};
  for (int db = 0; db < databases.count(); ++db) {
    if (databases[db].size() == 0) continue;
    const std::string number = std::to_string(db);
    const std::string_view select[] = {"SELECT", number};
    resp::append_request(writer.out, select);
    databases[db].for_each([&writer](keyspace::Entry* entry) { writer.add(*entry); });
  }
  writer.flush();
  return writer.result;
}

}  // namespace aof

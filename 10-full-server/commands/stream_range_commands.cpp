// SPDX-License-Identifier: MIT
// XRANGE and XREVRANGE.
#include "10-full-server/commands/stream_arguments.h"

namespace full_server {

using command::Context;
using types::Stream;
using types::StreamId;
using types::StreamReader;

namespace {

// How many entries at most; -1: all.
std::optional<int64_t> read_count(Context& c) {
  command::ArgReader reader = c.reader(4);
  int64_t count = -1;
  while (reader.more()) {
    if (reader.take_with("COUNT", 1)) {
      count = std::max<int64_t>(reader.integer(), 0);
    } else {
      reader.fail(util::errors::kSyntax);
    }
  }
  if (!reader.ok()) return c.fail(reader.error()), std::nullopt;
  return count;
}

void reply_range(Context& c, StreamReader reader, int64_t count) {
  resp::ReplyWriter::Deferred entries = c.reply().open_array();
  size_t written = 0;
  for (; static_cast<int64_t>(written) != count && reader.next(); ++written) {
    reply_stream_entry(c, reader.entry());
  }
  entries.close(written);
}

void range(Context& c, size_t start_argument, size_t end_argument,
           StreamReader::Direction direction) {
  const auto from = read_range_start(c, start_argument);
  if (!from) return;
  const auto to = read_range_end(c, end_argument);
  if (!to) return;
  const auto count = read_count(c);
  if (!count) return;
  const keyspace::View<Stream> stream = c.view<Stream>(c.arg(1));
  if (!stream) return;
  if (!stream.exists()) return c.reply().array(0);
  if (*count == 0) return c.reply().null_array();
  reply_range(c, StreamReader(*stream, *from, *to, direction), *count);
}

void xrange(Context& c) { range(c, 2, 3, StreamReader::Direction::Forwards); }
void xrevrange(Context& c) { range(c, 3, 2, StreamReader::Direction::Backwards); }

}  // namespace

std::span<const command::CommandRow> stream_range_commands() {
  using namespace command;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr CommandRow kRows[] = {
      {"xrange", -4, kReadOnly, kRead, kAclStream, xrange},
      {"xrevrange", -4, kReadOnly, kRead, kAclStream, xrevrange},
  };
  return kRows;
}

}  // namespace full_server

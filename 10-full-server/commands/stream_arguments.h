// SPDX-License-Identifier: MIT
//
// What the stream commands read and answer alike: ids, bounds of a range, trimming; entries; what is passed on in a
// group's name. A reader that returns nothing has answered with Redis' error.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "10-full-server/types/stream.h"
#include "10-full-server/types/stream_reader.h"
#include "shared/command/context.h"

namespace full_server {

std::span<const command::CommandRow> stream_range_commands();
std::span<const command::CommandRow> stream_read_commands();
std::span<const command::CommandRow> stream_group_commands();
std::span<const command::CommandRow> stream_pending_commands();
std::span<const command::CommandRow> stream_claim_commands();
std::span<const command::CommandRow> stream_info_commands();

inline constexpr util::Error kInvalidStreamId{
    "ERR Invalid stream ID specified as stream command argument"};

std::optional<types::StreamId> read_stream_id(command::Context& c, size_t argument);
// All arguments from `from` on, in the command's scratch memory.
std::optional<std::span<const types::StreamId>> read_stream_ids(command::Context& c, size_t from);
// As Context::edit_existing(), but the lookup counts as a reader's: a hit or a miss.
keyspace::Edit<types::Stream> edit_as_reader(command::Context& c, std::string_view key,
                                             bool& found);

// "-", "+", an id, or "(id" for what lies behind or before it.
std::optional<types::StreamId> read_range_start(command::Context& c, size_t argument);
std::optional<types::StreamId> read_range_end(command::Context& c, size_t argument);
std::optional<int64_t> read_integer(command::Context& c, size_t argument,
                                    std::string_view error = util::errors::kNotInteger.text);

void reply_stream_id(command::Context& c, types::StreamId id);
void reply_stream_entry(command::Context& c,
                        const types::StreamEntry& entry);  // [id, [field, value, …]]
bool reply_stream_entry(command::Context& c, const types::Stream& stream,
                        types::StreamId id);  // false: there is none

// Arguments that are passed on, or asked again, with some of them replaced. Lives in the command's scratch memory.
class RewrittenArgs {
 public:
  explicit RewrittenArgs(command::Context& c);
  void set(size_t index, std::string_view text);  // copies the text
  resp::Args view() const { return {args_, count_}; }

 private:
  util::Arena& scratch_;
  std::string_view* args_;
  size_t count_;
};

// A group of a stream, and how both are called.
struct NamedGroup {
  std::string_view key;
  std::string_view name;
  types::StreamGroup& group;
};
// What was delivered or taken over is passed on as the state that came of it.
void propagate_pending(command::Context& c, const NamedGroup& of, const types::PendingEntry& entry);
void propagate_last_delivered(command::Context& c, const NamedGroup& of);
void propagate_consumer(command::Context& c, const NamedGroup& of, std::string_view consumer);

// The consumer of that name; a new one is reported.
struct ConsumerOf {
  types::StreamConsumer& consumer;
  bool created;
};
ConsumerOf consumer_for(command::Context& c, keyspace::Edit<types::Stream>& stream,
                        const NamedGroup& of, std::string_view name);

// "NOGROUP No such key 'k' or consumer group 'g'", and `where` behind it.
void fail_no_group(command::Context& c, std::string_view key, std::string_view group,
                   std::string_view where = "");
// "NOGROUP No such consumer group 'g' for key name 'k'"
void fail_no_group_of(command::Context& c, std::string_view key, std::string_view group);

}  // namespace full_server

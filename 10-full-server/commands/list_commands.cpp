// SPDX-License-Identifier: MIT
// LPUSH, RPUSH, LPUSHX, RPUSHX, LLEN, LRANGE, LINDEX, LINSERT, LSET, LREM, LTRIM, LPOS; and what
// lists bring to a server.
#include "10-full-server/commands/list_commands.h"

#include <limits>

#include "05-aof/append_only.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/packed_reply.h"
#include "10-full-server/commands/signed_count.h"
#include "10-full-server/persistence/codecs.h"
#include "10-full-server/types/list_limits.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace full_server {

using command::ArgReader;
using command::Context;
using keyspace::Edit;
using keyspace::Event;
using keyspace::View;
using types::List;
using types::ListCursor;
using types::ListEnd;
namespace errors = util::errors;

static void push(Context& c, Edit<List>& list, ListEnd end) {
  list->push(end, c.args(2));
  c.reply().integer(static_cast<int64_t>(list->size()));
  list.changed(Event::List, push_event(end), static_cast<int64_t>(c.argc() - 2));
}

static void push_any(Context& c, ListEnd end) {
  Edit<List> list = c.edit<List>(c.arg(1));
  if (list) push(c, list, end);
}

static void lpush(Context& c) { push_any(c, ListEnd::Front); }
static void rpush(Context& c) { push_any(c, ListEnd::Back); }

static void push_existing(Context& c, ListEnd end) {
  bool found = false;
  Edit<List> list = c.edit_existing<List>(c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (list) push(c, list, end);
}

static void lpushx(Context& c) { push_existing(c, ListEnd::Front); }
static void rpushx(Context& c) { push_existing(c, ListEnd::Back); }

static void llen(Context& c) {
  const View<List> list = c.view<List>(c.arg(1));
  if (list) c.reply().integer(static_cast<int64_t>(list->size()));
}

static void lrange(Context& c) {
  ArgReader in = c.reader(2);
  const int64_t start = in.integer();
  const int64_t stop = in.integer();
  if (!in.ok()) return c.fail(in.error());
  const View<List> list = c.view<List>(c.arg(1));
  if (!list) return;
  const ListRange range = list_range(start, stop, list->size());
  if (range.count == 0) return c.reply().array(0);
  reply_elements(c, list->at(static_cast<int64_t>(range.first)), ListEnd::Back, range.count);
}

// The index is looked at only when there is a list.
static void lindex(Context& c) {
  const View<List> list = c.view<List>(c.arg(1));
  if (!list) return;
  if (!list.exists()) return c.reply().null();
  ArgReader in = c.reader(2);
  const int64_t index = in.integer();
  if (!in.ok()) return c.fail(in.error());
  const ListCursor cursor = list->at(index);
  cursor ? reply_packed(c, cursor.value()) : c.reply().null();
}

static void linsert(Context& c) {
  const bool behind = util::equal_ignoring_case(c.arg(2), "after");
  if (!behind && !util::equal_ignoring_case(c.arg(2), "before")) return c.fail(errors::kSyntax);
  bool found = false;
  Edit<List> list = c.edit_existing<List>(c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (!list) return;
  if (!list->insert(behind ? ListEnd::Back : ListEnd::Front, c.arg(3), c.arg(4))) {
    list.unchanged();
    return c.reply().integer(-1);
  }
  c.reply().integer(static_cast<int64_t>(list->size()));
  list.changed(Event::List, "linsert", 1);
}

static void lset(Context& c) {
  bool found = false;
  Edit<List> list = c.edit_existing<List>(c.arg(1), found);
  if (!found) return c.fail(errors::kNoSuchKey);
  if (!list) return;
  ArgReader in = c.reader(2);
  const int64_t index = in.integer();
  if (!in.ok()) return c.fail(in.error());
  if (!list->set(index, c.arg(3))) {
    list.unchanged();
    return c.fail(errors::kIndexOutOfRange);
  }
  list->shrink();
  list.changed(Event::List, "lset", 1);
  c.reply().ok();
}

static void lrem(Context& c) {
  ArgReader in = c.reader(2);
  const int64_t count = in.integer();
  if (!in.ok()) return c.fail(in.error());
  bool found = false;
  Edit<List> list = c.edit_existing<List>(c.arg(1), found);
  if (!found) return c.reply().integer(0);
  if (!list) return;
  const size_t removed = list->remove(c.arg(3), count);
  c.reply().integer(static_cast<int64_t>(removed));
  if (removed == 0) return list.unchanged();
  if (list.changed(Event::List, "lrem", static_cast<int64_t>(removed))) list->shrink();
}

static void ltrim(Context& c) {
  ArgReader in = c.reader(2);
  const int64_t start = in.integer();
  const int64_t stop = in.integer();
  if (!in.ok()) return c.fail(in.error());
  bool found = false;
  Edit<List> list = c.edit_existing<List>(c.arg(1), found);
  if (!found) return c.reply().ok();
  if (!list) return;
  const size_t size = list->size();
  const ListRange kept = list_range(start, stop, size);
  const size_t behind = size - kept.first - kept.count;
  list->erase_range(size - behind, behind);
  list->erase_range(0, kept.first);
  c.reply().ok();
  // Told even when nothing went.
  c.changed(Event::List, "ltrim", c.arg(1), static_cast<int64_t>(size - kept.count));
  if (list.changed(Event::List, "ltrim", 0)) list->shrink();
}

namespace {

struct Search {
  int64_t rank = 1;    // which match is the first to be told; negative: seen from the end
  int64_t count = -1;  // how many are told; 0: all; -1: one, and not as an array
  int64_t most = 0;    // elements that are looked at; 0: all
};

std::optional<Search> search_options(Context& c) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  Search result;
  ArgReader in = c.reader(3);
  while (in.more()) {
    if (in.take_with("rank", 1)) {
      result.rank = in.integer();
      if (result.rank < -kMostSignedCount) in.fail(kSignedCountOutOfRange);
      if (result.rank == 0) {
        in.fail(
            {"ERR RANK can't be zero: use 1 to start from the first match, 2 from the second "
             "... or use negative to start from the end of the list"});
      }
    } else if (in.take_with("count", 1)) {
      result.count = in.integer_between(0, kMax, {"ERR COUNT can't be negative"});
    } else if (in.take_with("maxlen", 1)) {
      result.most = in.integer_between(0, kMax, {"ERR MAXLEN can't be negative"});
    } else {
      in.fail(errors::kSyntax);
    }
  }
  if (in.ok()) return result;
  c.fail(in.error());
  return std::nullopt;
}

}  // namespace

// Calls `told` with the places of the matches that are asked for, until it answers false.
static void for_each_match(const List& list, std::string_view element, const Search& search,
                           util::FunctionRef<bool(size_t)> told) {
  const types::PackedNeedle needle(element);
  const bool forwards = search.rank > 0;
  const size_t size = list.size();
  const size_t most = search.most == 0 ? size : static_cast<size_t>(search.most);
  uint64_t skipped = static_cast<uint64_t>(forwards ? search.rank : -search.rank) - 1;
  ListCursor cursor = forwards ? list.front() : list.back();
  for (size_t seen = 0; cursor && seen < most; ++seen) {
    if (needle.matches(cursor.value())) {
      if (skipped > 0) {
        --skipped;
      } else if (!told(forwards ? seen : size - 1 - seen)) {
        return;
      }
    }
    cursor.step(forwards ? ListEnd::Back : ListEnd::Front);
  }
}

static void lpos(Context& c) {
  const auto search = search_options(c);
  if (!search) return;
  const View<List> list = c.view<List>(c.arg(1));
  if (!list) return;
  if (search->count >= 0) {
    auto array = c.reply().open_array();
    size_t told = 0;
    for_each_match(*list, c.arg(2), *search, [&](size_t place) {
      c.reply().integer(static_cast<int64_t>(place));
      return ++told != static_cast<size_t>(search->count);
    });
    return array.close(told);
  }
  bool found = false;
  for_each_match(*list, c.arg(2), *search, [&](size_t place) {
    c.reply().integer(static_cast<int64_t>(place));
    found = true;
    return false;
  });
  if (!found) c.reply().null();
}

static std::span<const command::CommandRow> list_commands() {
  using namespace command;
  constexpr Flags kAdds = kWrite | kDenyOom;
  static constexpr auto& kCount = kKeys<kKeyRO>;
  static constexpr auto& kRead = kKeys<kKeyRO | kKeyAccess>;
  static constexpr auto& kInsert = kKeys<kKeyRW | kKeyInsert>;
  static constexpr auto& kReplace = kKeys<kKeyRW | kKeyUpdate>;
  static constexpr auto& kRemove = kKeys<kKeyRW | kKeyDelete>;
  static constexpr CommandRow kRows[] = {
      {"lpush", -3, kAdds | kFast, kInsert, kAclList, lpush},
      {"rpush", -3, kAdds | kFast, kInsert, kAclList, rpush},
      {"lpushx", -3, kAdds | kFast, kInsert, kAclList, lpushx},
      {"rpushx", -3, kAdds | kFast, kInsert, kAclList, rpushx},
      {"llen", 2, kReadOnly | kFast, kCount, kAclList, llen},
      {"lrange", 4, kReadOnly, kRead, kAclList, lrange},
      {"lindex", 3, kReadOnly, kRead, kAclList, lindex},
      {"linsert", 5, kAdds, kInsert, kAclList, linsert},
      {"lset", 4, kAdds, kReplace, kAclList, lset},
      {"lrem", 4, kWrite, kRemove, kAclList, lrem},
      {"ltrim", 4, kWrite, kRemove, kAclList, ltrim},
      {"lpos", -3, kReadOnly, kRead, kAclList, lpos},
  };
  return kRows;
}

// Read and written back so that a configuration file stays as it is. Chunks are never compressed
// here: their free places at both ends are what makes pushes cheap.
static void add_compress_depth(server::ParameterTable& parameters, int& depth) {
  parameters.add(server::integer("list-compress-depth", depth, 0, std::numeric_limits<int>::max()));
}

void compose_lists(server::Server& server) {
  keyspace::register_type(List::descriptor());
  server.parts.find<rdb::CodecTable>()->add(persistence::list_codec());
  server.parts.get<aof::AppendOnly>().rewriters().add(keyspace::TypeId::List,
                                                      persistence::rewrite_list);
  server.add_commands(list_commands());
  server.add_commands(list_pop_commands());
  server.add_commands(list_blocking_commands());
  server.parameters.add(
      server::integer("list-max-listpack-size", types::list_settings.max_listpack_size,
                      std::numeric_limits<int>::min(), std::numeric_limits<int>::max())
          .also_called("list-max-ziplist-size"));
  add_compress_depth(server.parameters, server.own<int>(0));
}

}  // namespace full_server

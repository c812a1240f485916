// SPDX-License-Identifier: MIT
// SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE key], and SORT_RO.
//
// The elements stay where they are; what is sorted is a vector of references to them with their weights. Elements that have
// the same weight are ordered by their bytes, so that the result depends on nothing else.
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "10-full-server/commands/commands.h"
#include "10-full-server/commands/sort_pattern.h"
#include "10-full-server/commands/sort_source.h"
#include "10-full-server/types/list.h"
#include "shared/server/server.h"

namespace full_server {

using command::Context;
using keyspace::Event;
using types::PackedValue;
namespace errors = util::errors;

namespace {

struct SortOptions {
  bool descending = false;
  bool alphabetic = false;
  bool unsorted = false;  // BY a constant: the elements stay in the order they have
  int64_t offset = 0;
  int64_t count = -1;
  std::optional<std::string_view> by;
  std::vector<SortPattern> get;
  std::optional<std::string_view> store;
};

struct Sortable {
  explicit Sortable(PackedValue value) : element(value) {}
  PackedValue element;
  std::string_view text =
      {};  // the element's, where it is compared or asked about; a zero byte follows
  bool has_weight = true;
  double score = 0;
  std::string_view weight = {};  // a zero byte follows
};

// The elements that are answered: from `begin` to before `end`.
struct Part {
  size_t begin = 0;
  size_t end = 0;
  size_t size() const { return end - begin; }
};

}  // namespace

enum class Access : bool { Write, ReadOnly };

static bool read_options(Context& c, Access access, SortOptions& options) {
  command::ArgReader reader = c.reader(2);
  while (reader.more()) {
    if (reader.take("asc")) {
      options.descending = false;
    } else if (reader.take("desc")) {
      options.descending = true;
    } else if (reader.take("alpha")) {
      options.alphabetic = true;
    } else if (reader.take_with("limit", 2)) {
      options.offset = reader.integer();
      options.count = reader.integer();
    } else if (access == Access::Write && reader.take_with("store", 1)) {
      options.store = reader.next();
    } else if (reader.take_with("by", 1)) {
      options.by = reader.next();
      options.unsorted = options.unsorted || options.by->find('*') == std::string_view::npos;
    } else if (reader.take_with("get", 1)) {
      options.get.emplace_back(reader.next());
    } else {
      reader.fail(errors::kSyntax);
    }
  }
  if (!reader.ok()) c.fail(reader.error());
  return reader.ok();
}

static Part limited(const SortOptions& options, size_t size) {
  const auto most = static_cast<int64_t>(size);
  const int64_t begin = std::clamp<int64_t>(options.offset, 0, most);
  const int64_t count = options.count < 0 ? most : std::min(options.count, most);
  return {static_cast<size_t>(begin), static_cast<size_t>(std::min(begin + count, most))};
}

// A copy that lives until the turn's end, with a zero byte behind it.
static std::string_view copy_terminated(Context& c, std::string_view text) {
  char* const bytes = c.scratch().allocate(text.size() + 1);
  std::memcpy(bytes, text.data(), text.size());
  bytes[text.size()] = '\0';
  return {bytes, text.size()};
}

// As C reads numbers: leading space is no mistake, and nothing at all is 0.
static bool read_score(const char* text, double& score) {
  char* end = nullptr;
  errno = 0;
  score = std::strtod(text, &end);
  return *end == '\0' && errno != ERANGE && !std::isnan(score);
}

// Gives each element the weight that it is sorted by. False: one that should be a number is none.
static bool weigh(Context& c, const SortOptions& options, std::vector<Sortable>& elements) {
  std::optional<SortPattern> pattern;
  if (options.by) pattern.emplace(*options.by);
  bool sound = true;
  for (Sortable& each : elements) {
    PackedValue::Scratch scratch;
    each.text = copy_terminated(c, each.element.text(scratch));
    std::string_view weight = each.text;
    if (pattern) {
      const auto value = pattern->value_of(c, each.text);
      each.has_weight = value.has_value();
      if (!value) continue;
      weight = copy_terminated(c, *value);
    }
    if (options.alphabetic) {
      each.weight = weight;
    } else {
      sound = read_score(weight.data(), each.score) && sound;
    }
  }
  return sound;
}

// Below 0, 0 or above 0. What is stored is compared by bytes, so that replicas agree whatever their locale.
static int compare(const SortOptions& options, const Sortable& a, const Sortable& b) {
  if (!options.alphabetic) {
    if (a.score != b.score) return a.score < b.score ? -1 : 1;
    return a.text.compare(b.text);
  }
  if (!a.has_weight || !b.has_weight)
    return static_cast<int>(a.has_weight) - static_cast<int>(b.has_weight);
  return options.store ? a.weight.compare(b.weight)
                       : std::strcoll(a.weight.data(), b.weight.data());
}

static void sort_elements(const SortOptions& options, Part part, std::vector<Sortable>& elements) {
  const auto before = [&](const Sortable& a, const Sortable& b) {
    const int order = compare(options, a, b);
    return options.descending ? order > 0 : order < 0;
  };
  // Where few are wanted and equal weights need no stable order, the others need none at all.
  if (!options.alphabetic && part.end < elements.size() / 4) {
    std::partial_sort(elements.begin(), elements.begin() + static_cast<ptrdiff_t>(part.end),
                      elements.end(), before);
  } else {
    std::stable_sort(elements.begin(), elements.end(), before);
  }
}

static void reply_elements(Context& c, SortOptions& options, std::span<const Sortable> elements) {
  c.reply().array(elements.size() * std::max<size_t>(options.get.size(), 1));
  for (const Sortable& each : elements) {
    PackedValue::Scratch scratch;
    const std::string_view text = each.element.text(scratch);
    if (options.get.empty()) c.reply().bulk(text);
    for (SortPattern& pattern : options.get) {
      const auto value = pattern.value_of(c, text);
      value ? c.reply().bulk(*value) : c.reply().null();
    }
  }
}

static void store_elements(Context& c, SortOptions& options, std::span<const Sortable> elements) {
  const std::string_view key = *options.store;
  types::List list;
  for (const Sortable& each : elements) {
    PackedValue::Scratch scratch;
    const std::string_view text = each.element.text(scratch);
    if (options.get.empty()) list.push_back(text);
    for (SortPattern& pattern : options.get) list.push_back(pattern.value_of(c, text).value_or(""));
  }
  const auto count = static_cast<int64_t>(list.size());
  if (count > 0) {
    c.db().store(
        keyspace::new_entry(key, std::move(list), keyspace::kNever, c.db().environment().clock));
    c.changed(Event::List, "sortstore", key, count);
  } else if (c.db().erase(key)) {
    c.changed(Event::Generic, "del", key);
  }
  c.reply().integer(count);
}

static void sort_key(Context& c, Access access) {
  SortOptions options;
  if (!read_options(c, access, options)) return;
  SortSource source;
  if (!SortSource::open(c, c.arg(1), source)) return;
  if (options.unsorted && source.is_set() && options.store) {
    // A set has no order that a replica would find again.
    options.unsorted = false;
    options.alphabetic = true;
    options.by.reset();
  }
  Part part = limited(options, source.size());
  std::vector<PackedValue> values;
  if (options.unsorted && source.ordered()) {
    values = source.some(part.begin, part.size(), options.descending);
    part = {0, values.size()};
  } else {
    values = source.all();
  }
  std::vector<Sortable> elements(values.begin(), values.end());
  if (!options.unsorted) {
    if (!weigh(c, options, elements))
      return c.fail({"ERR One or more scores can't be converted into double"});
    sort_elements(options, part, elements);
  }
  const auto result = std::span<const Sortable>(elements).subspan(part.begin, part.size());
  options.store ? store_elements(c, options, result) : reply_elements(c, options, result);
}

static void sort(Context& c) { sort_key(c, Access::Write); }
static void sort_ro(Context& c) { sort_key(c, Access::ReadOnly); }

static std::span<const command::CommandRow> rows() {
  using namespace command;
  static constexpr KeySpec kSorted = {.flags = kKeyRO | kKeyAccess, .index = 1};
  static constexpr KeySpec kPatterns = {.flags = kKeyRO | kKeyAccess,
                                        .find = KeySpec::Find::Unknown,
                                        .notes =
                                            "For the optional BY/GET keyword. It is marked "
                                            "'unknown' because the key names derive from "
                                            "the content of the key we sort"};
  static constexpr KeySpec kStore = {
      .flags = kKeyOW | kKeyUpdate,
      .keyword = "store",
      .find = KeySpec::Find::Unknown,
      .notes =
          "For the optional STORE keyword. It is marked 'unknown' because the keyword can appear "
          "anywhere in the argument array"};
  static constexpr KeySpec kKeysOfSort[] = {kSorted, kPatterns, kStore};
  static constexpr KeySpec kKeysOfSortRo[] = {kSorted, kPatterns};
  constexpr AclCategories kAcl = kAclSet | kAclSortedSet | kAclList | kAclDangerous;
  static constexpr CommandRow kRows[] = {
      {"sort", -2, kWrite | kDenyOom | kMovableKeys, kKeysOfSort, kAcl, sort},
      {"sort_ro", -2, kReadOnly | kMovableKeys, kKeysOfSortRo, kAcl, sort_ro},
  };
  return kRows;
}

void compose_sort(server::Server& server) { server.add_commands(rows()); }

}  // namespace full_server

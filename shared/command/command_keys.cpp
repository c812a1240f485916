// SPDX-License-Identifier: MIT
#include "shared/command/command_keys.h"

#include <algorithm>

#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace command {

bool has_keys(const CommandRow& row) {
  return std::ranges::any_of(
      row.keys, [](const KeySpec& spec) { return (spec.flags & kKeyNotKey) == 0; });
}

// The argument where a spec's keys begin; 0: the keyword is not there.
static size_t find_begin(const KeySpec& spec, resp::Args args) {
  if (spec.keyword.empty()) return static_cast<size_t>(spec.index);
  const int count = static_cast<int>(args.size());
  const int step = spec.index > 0 ? 1 : -1;
  for (int at = spec.index > 0 ? spec.index : count + spec.index; at >= 1 && at < count;
       at += step) {
    if (util::equal_ignoring_case(args[static_cast<size_t>(at)], spec.keyword))
      return static_cast<size_t>(at) + 1;
  }
  return 0;
}

// Redis' SET and BITFIELD need less of their key than the spec says, depending on their options.
static KeyFlags exact_flags(const CommandRow& row, const KeySpec& spec, resp::Args args) {
  if ((spec.flags & kKeyVariable) == 0) return spec.flags;
  if (row.name == "set") {
    const bool reads = std::any_of(args.begin() + 3, args.end(), [](auto word) {
      return util::equal_ignoring_case(word, "get");
    });
    return reads ? kKeyRW | kKeyAccess | kKeyUpdate : kKeyOW | kKeyUpdate;
  }
  if (row.name == "bitfield") {
    bool reads_only = true;
    for (size_t at = 2; at < args.size() && reads_only;) {
      const bool get = util::equal_ignoring_case(args[at], "get");
      reads_only = get || util::equal_ignoring_case(args[at], "overflow");
      at += get ? 3 : 2;
    }
    return reads_only ? kKeyRO | kKeyAccess : kKeyRW | kKeyAccess | kKeyUpdate;
  }
  return spec.flags & ~kKeyVariable;
}

// SORT's options may come in any order; the last STORE counts, and "store" may be LIMIT's, BY's or GET's argument.
static void add_last_option(const KeySpec& spec, resp::Args args, std::vector<KeyReference>& out) {
  size_t found = 0;
  for (size_t at = 2; at < args.size(); ++at) {
    const auto is = [&](std::string_view word) {
      return util::equal_ignoring_case(args[at], word);
    };
    if (is(spec.keyword) && at + 1 < args.size()) found = at + 1;
    at += is("limit") ? 2 : is("get") || is("by") ? 1 : 0;
  }
  if (found != 0) out.push_back({found, spec.flags});
}

static bool add_keys(const CommandRow& row, const KeySpec& spec, resp::Args args,
                     std::vector<KeyReference>& out) {
  if (spec.find == KeySpec::Find::Unknown) {
    if (!spec.keyword.empty()) add_last_option(spec, args, out);
    return true;
  }
  const int count = static_cast<int>(args.size());
  int first = static_cast<int>(find_begin(spec, args));
  if (first == 0) return true;
  int last = 0;
  if (spec.find == KeySpec::Find::Count) {
    const int at = first + spec.count_index;
    const auto keys = at < count ? util::parse_int64(args[static_cast<size_t>(at)]) : std::nullopt;
    if (!keys || *keys < 0 || *keys > count) return false;
    first += spec.first;
    last = first + static_cast<int>(*keys) - 1;
  } else if (spec.last >= 0) {
    last = first + spec.last;
  } else {
    last = spec.limit == 0 ? count + spec.last : first + (count - first) / spec.limit + spec.last;
  }
  if (last >= count || last < first) return false;
  for (int at = first; at <= last; at += spec.step) {
    out.push_back({static_cast<size_t>(at), exact_flags(row, spec, args)});
  }
  return true;
}

// MIGRATE's key may be empty; then its keys are behind KEYS, which may not be another option's argument. With both there
// are none.
static std::vector<KeyReference> keys_of_migrate(const CommandRow& row, resp::Args args) {
  const KeyFlags flags = row.keys.front().flags;
  for (size_t at = 6; at < args.size(); ++at) {
    const auto is = [&](std::string_view word) { return util::equal_ignoring_case(args[at], word); };
    if (is("keys")) {
      std::vector<KeyReference> result;
      for (size_t key = at + 1; args[3].empty() && key < args.size(); ++key) result.push_back({key, flags});
      return result;
    }
    at += is("auth") ? 1 : is("auth2") ? 2 : 0;
  }
  return {{3, flags}};
}

std::optional<std::vector<KeyReference>> find_keys(const CommandRow& row, resp::Args args) {
  if (row.name == "migrate") return keys_of_migrate(row, args);
  std::vector<KeyReference> result;
  for (const KeySpec& spec : row.keys) {
    if ((spec.flags & kKeyNotKey) != 0) continue;
    if (!add_keys(row, spec, args, result)) return {};
  }
  return result;
}

}  // namespace command

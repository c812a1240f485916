// SPDX-License-Identifier: MIT
//
// A command is one const row: name, arity, what it may do, where its keys are, and the function that runs it. COMMAND,
// INFO, ACL categories, cluster slots and statistics all follow from the row; whatever counts lives elsewhere.
// A subcommand is a row of its own named "client|kill"; its container ("client") has no function.
// Source: the Redis command reference and COMMAND INFO of Redis 7.2.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace command {

class Context;
using Handler = void (*)(Context&);

using Flags = uint32_t;
// In the order in which COMMAND INFO lists them.
inline constexpr Flags kWrite = 1 << 0;
inline constexpr Flags kReadOnly = 1 << 1;
inline constexpr Flags kDenyOom = 1 << 2;
inline constexpr Flags kAdmin = 1 << 3;
inline constexpr Flags kPubSub = 1 << 4;
inline constexpr Flags kNoScript = 1 << 5;
inline constexpr Flags kBlocking = 1 << 6;
inline constexpr Flags kLoading = 1 << 7;
inline constexpr Flags kStale = 1 << 8;
inline constexpr Flags kSkipMonitor = 1 << 9;
inline constexpr Flags kSkipSlowlog = 1 << 10;
inline constexpr Flags kAsking = 1 << 11;
inline constexpr Flags kFast = 1 << 12;
inline constexpr Flags kNoAuth = 1 << 13;
inline constexpr Flags kMayReplicate = 1 << 14;
inline constexpr Flags kNoMandatoryKeys = 1 << 15;
inline constexpr Flags kNoAsyncLoading = 1 << 16;
inline constexpr Flags kNoMulti = 1 << 17;
inline constexpr Flags kMovableKeys = 1 << 18;
inline constexpr Flags kAllowBusy = 1 << 19;
inline constexpr size_t kFlagCount = 20;
std::string_view flag_name(size_t bit);
// Not listed: keys that nobody named may turn out to have expired (SCAN). Their removals belong to no transaction.
inline constexpr Flags kTouchesArbitraryKeys = 1 << kFlagCount;

using AclCategories = uint32_t;
inline constexpr AclCategories kAclKeyspace = 1 << 0;
inline constexpr AclCategories kAclRead = 1 << 1;
inline constexpr AclCategories kAclWrite = 1 << 2;
inline constexpr AclCategories kAclSet = 1 << 3;
inline constexpr AclCategories kAclSortedSet = 1 << 4;
inline constexpr AclCategories kAclList = 1 << 5;
inline constexpr AclCategories kAclHash = 1 << 6;
inline constexpr AclCategories kAclString = 1 << 7;
inline constexpr AclCategories kAclBitmap = 1 << 8;
inline constexpr AclCategories kAclHyperLogLog = 1 << 9;
inline constexpr AclCategories kAclGeo = 1 << 10;
inline constexpr AclCategories kAclStream = 1 << 11;
inline constexpr AclCategories kAclPubSub = 1 << 12;
inline constexpr AclCategories kAclAdmin = 1 << 13;
inline constexpr AclCategories kAclFast = 1 << 14;
inline constexpr AclCategories kAclSlow = 1 << 15;
inline constexpr AclCategories kAclBlocking = 1 << 16;
inline constexpr AclCategories kAclDangerous = 1 << 17;
inline constexpr AclCategories kAclConnection = 1 << 18;
inline constexpr AclCategories kAclTransaction = 1 << 19;
inline constexpr AclCategories kAclScripting = 1 << 20;
inline constexpr size_t kAclCategoryCount = 21;
std::string_view acl_category_name(size_t bit);  // without the '@'

using KeyFlags = uint32_t;
inline constexpr KeyFlags kKeyRO = 1 << 0;
inline constexpr KeyFlags kKeyRW = 1 << 1;
inline constexpr KeyFlags kKeyOW = 1 << 2;
inline constexpr KeyFlags kKeyRM = 1 << 3;
inline constexpr KeyFlags kKeyAccess = 1 << 4;
inline constexpr KeyFlags kKeyUpdate = 1 << 5;
inline constexpr KeyFlags kKeyInsert = 1 << 6;
inline constexpr KeyFlags kKeyDelete = 1 << 7;
inline constexpr KeyFlags kKeyNotKey = 1 << 8;
inline constexpr KeyFlags kKeyIncomplete = 1 << 9;
inline constexpr KeyFlags kKeyVariable = 1 << 10;
inline constexpr size_t kKeyFlagCount = 11;
std::string_view key_flag_name(size_t bit);

// Where keys are: a place to begin, and how to go on from there.
struct KeySpec {
  KeyFlags flags = 0;
  // Begin: the argument at `index`, or the one behind the word `keyword`, looked for from `index` on (backwards from the
  // end when negative).
  int16_t index = 1;
  std::string_view keyword = {};
  // Go on: a range up to `last` (relative to the beginning; negative: from the end; with limit > 1 only 1/limit of the
  // rest), or a count of keys in the argument at `count_index`, the first at `first`. Unknown: clients are told nothing;
  // a key stands behind the last `keyword`, if there is one, that is not another option's argument (SORT … STORE).
  enum class Find : uint8_t { Range, Count, Unknown } find = Find::Range;
  int16_t last = 0;
  int16_t step = 1;
  int16_t limit = 0;
  int16_t count_index = 0;
  int16_t first = 0;
  std::string_view notes = {};
};

struct CommandRow {
  std::string_view name;  // lower case; "client|kill" for a subcommand
  int16_t arity;          // with the name; negative: at least so many
  Flags flags = 0;
  std::span<const KeySpec> keys = {};
  AclCategories acl = 0;  // beyond what the flags imply
  Handler run = nullptr;
  std::span<const std::string_view> tips = {};
};

// All of a row's categories: the explicit ones and those that its flags imply.
AclCategories acl_categories(const CommandRow& row);

// Key specs that many rows share.
template <KeyFlags flags, int16_t index = 1, int16_t last = 0, int16_t step = 1>
inline constexpr KeySpec kKeys[1] = {{.flags = flags, .index = index, .last = last, .step = step}};

}  // namespace command

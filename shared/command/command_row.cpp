// SPDX-License-Identifier: MIT
#include "shared/command/command_row.h"

namespace command {

std::string_view flag_name(size_t bit) {
  static constexpr std::string_view kNames[kFlagCount] = {
      "write",        "readonly",    "denyoom", "admin", "pubsub",  "noscript",      "blocking",
      "loading",      "stale",       "skip_monitor", "skip_slowlog", "asking", "fast", "no_auth",
      "may_replicate", "no_mandatory_keys", "no_async_loading", "no_multi", "movablekeys", "allow_busy"};
  return kNames[bit];
}

std::string_view acl_category_name(size_t bit) {
  static constexpr std::string_view kNames[kAclCategoryCount] = {
      "keyspace", "read",   "write",  "set",   "sortedset", "list",     "hash",      "string",     "bitmap",      "hyperloglog", "geo",
      "stream",   "pubsub", "admin",  "fast",  "slow",      "blocking", "dangerous", "connection", "transaction", "scripting"};
  return kNames[bit];
}

std::string_view key_flag_name(size_t bit) {
  static constexpr std::string_view kNames[kKeyFlagCount] = {"RO",     "RW",     "OW",     "RM",         "access",        "update",
                                                             "insert", "delete", "not_key", "incomplete", "variable_flags"};
  return kNames[bit];
}

AclCategories acl_categories(const CommandRow& row) {
  AclCategories result = row.acl;
  if ((row.flags & kWrite) != 0) result |= kAclWrite;
  if ((row.flags & kReadOnly) != 0 && (row.acl & kAclScripting) == 0) result |= kAclRead;
  if ((row.flags & kAdmin) != 0) result |= kAclAdmin | kAclDangerous;
  if ((row.flags & kPubSub) != 0) result |= kAclPubSub;
  if ((row.flags & kFast) != 0) result |= kAclFast;
  if ((row.flags & kBlocking) != 0) result |= kAclBlocking;
  if ((result & kAclFast) == 0) result |= kAclSlow;
  return result;
}

}  // namespace command

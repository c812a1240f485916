// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/command_docs.h"

#include <unordered_map>

namespace introspection {

static std::unordered_map<std::string_view, const CommandDoc*> index_all() {
  std::unordered_map<std::string_view, const CommandDoc*> result;
  for (const auto docs :
       {string_docs(), generic_docs(), connection_docs(), pubsub_docs(), server_docs(), transaction_docs(),
        list_docs(), hash_docs(), set_docs(), sorted_set_docs(), stream_docs(), bitmap_docs(), hyperloglog_docs(), geo_docs(), debug_docs()}) {
    for (const CommandDoc& doc : docs) result.emplace(doc.name, &doc);
  }
  return result;
}

const CommandDoc* find_doc(std::string_view name) {
  static const auto kIndex = index_all();
  const auto found = kIndex.find(name);
  return found == kIndex.end() ? nullptr : found->second;
}

}  // namespace introspection

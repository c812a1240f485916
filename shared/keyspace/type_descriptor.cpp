// SPDX-License-Identifier: MIT
#include "shared/keyspace/type_descriptor.h"

#include <array>
#include <cassert>

#include "shared/util/text.h"

namespace keyspace {

namespace {

size_t string_memory(const Entry& entry) {
  const size_t own = memory::good_size(entry.allocation_size());
  return entry.has_blob() ? own + string_blob(entry).memory_size() : own;
}

std::string_view string_encoding_name(const Entry& entry) {
  static constexpr std::string_view kNames[] = {"int", "embstr", "raw"};
  return kNames[entry.encoding()];
}

void string_digest(const Entry& entry, Digest& digest) {
  StringScratch scratch;
  digest.mix(string_text(entry, scratch));
}

constexpr TypeDescriptor kString = {
    .id = TypeId::String,
    .name = "string",
    .destroy = nullptr,
    .clone = nullptr,
    .length = nullptr,
    .memory = string_memory,
    .free_effort = [](const void*) -> size_t { return 1; },
    .encoding_name = string_encoding_name,
    .digest = string_digest,
};

std::array<const TypeDescriptor*, 16>& registered() {
  static std::array<const TypeDescriptor*, 16> rows = {&kString};
  return rows;
}

}  // namespace

void register_type(const TypeDescriptor& descriptor) {
  registered()[static_cast<size_t>(descriptor.id)] = &descriptor;
}

const TypeDescriptor& descriptor_of(const Entry& entry) {
  const TypeDescriptor* row = registered()[static_cast<size_t>(entry.type())];
  assert(row != nullptr);
  return *row;
}

const TypeDescriptor* find_type(std::string_view name) {
  for (const TypeDescriptor* row : registered()) {
    if (row != nullptr && util::equal_ignoring_case(row->name, name)) return row;
  }
  return nullptr;
}

}  // namespace keyspace

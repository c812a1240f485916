// SPDX-License-Identifier: MIT
//
// libFuzzer target of what RESTORE and RDB files hand to the types: bytes that are taken for a
// listpack or an integer set can be walked in both directions, searched and taken apart.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "10-full-server/types/intset.h"
#include "10-full-server/types/listpack.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void use_listpack(std::string_view bytes) {
  using types::Listpack;
  if (!Listpack::validate(bytes)) return;
  Listpack pack = Listpack::from(bytes);
  std::vector<Listpack::Position> positions;
  for (auto at = pack.begin(); at != pack.end(); at = pack.next(at)) positions.push_back(at);
  require(positions.size() == pack.size());
  auto at = pack.end();
  for (size_t i = positions.size(); i-- > 0;) {
    at = pack.previous(at);
    require(at == positions[i]);
    types::PackedValue::Scratch scratch;
    const std::string text(pack.value(at).text(scratch));
    require(pack.find(text) <= at);
  }
  const Listpack tail = pack.split(pack.seek(static_cast<int64_t>(positions.size() / 2)));
  require(Listpack::validate(pack.bytes()) && Listpack::validate(tail.bytes()));
  pack.append_all(tail);
  require(pack.size() == positions.size());
}

void use_intset(std::string_view bytes) {
  using types::IntSet;
  if (!IntSet::validate(bytes)) return;
  IntSet set = IntSet::from(bytes);
  for (size_t i = set.size(); i-- > 0;) {
    const int64_t value = set.at(i);
    require(set.contains(value) && set.erase(value) && !set.contains(value));
  }
  require(set.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  use_listpack(bytes);
  use_intset(bytes);
  return 0;
}

// SPDX-License-Identifier: MIT
//
// The table of probes.
#include "shared/testing/probes/probe.h"

namespace probes {
namespace {

struct Row {
  std::string_view name;
  void (*run)(const ProbeCall&);
};

constexpr Row kProbes[] = {
    {"connections", connections},
    {"descriptors", descriptors},
    {"distinct-keys", distinct_keys},
    {"load", load},
    {"memory-limit", memory_limit},
    {"needs", needs},
    {"refused", refused},
};

}  // namespace

void run(const std::string& name, const ProbeCall& call) {
  std::string known;
  for (const Row& row : kProbes) {
    if (row.name == name) return row.run(call);
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  transcript::fail("there is no probe '" + name + "' (known: " + known + ")");
}

}  // namespace probes

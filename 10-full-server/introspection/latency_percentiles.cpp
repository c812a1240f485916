// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/latency_percentiles.h"

#include <fmt/format.h>

#include "shared/server/server.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace introspection {

using util::Failure;
using util::Result;

// Six digits behind the point at most, and no zeros at the end.
static std::string shortened(double number) {
  std::string text = fmt::format("{:.6f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string LatencyPercentiles::text() const {
  std::string result;
  for (const double each : percentiles) result.append(result.empty() ? "" : " ").append(shortened(each));
  return result;
}

Result<> LatencyPercentiles::set(std::string_view given) {
  const auto words = util::split_words(given);
  if (!words) return Failure{"Invalid latency-tracking-info-percentiles parameters"};
  std::vector<double> read;
  for (const std::string& word : *words) {
    if (word.empty() && words->size() == 1) break;
    const auto number = util::parse_double(word);
    if (!number) return Failure{"Invalid latency-tracking-info-percentiles parameters"};
    if (*number < 0 || *number > 100) {
      return Failure{"latency-tracking-info-percentiles parameters should sit between [0.0,100.0]"};
    }
    read.push_back(*number);
  }
  percentiles = std::move(read);
  return {};
}

std::vector<std::pair<uint64_t, uint64_t>> cumulative(const command::LatencyHistogram& histogram) {
  std::vector<std::pair<uint64_t, uint64_t>> result;
  // A limit of 2^k ns stands for the bucket that begins there.
  constexpr uint64_t kLast = (uint64_t{1} << 30) - 1;
  uint64_t level = 1024, calls = 0;
  const auto limit = [&] { return std::min(level + level / 128 - 1, kLast); };
  const auto emit = [&] {
    if (calls != (result.empty() ? 0 : result.back().second)) result.emplace_back(limit() / 1000, calls);
  };
  histogram.for_each([&](uint64_t highest, uint64_t count) {
    while (highest > limit()) {
      emit();
      level *= 2;
    }
    calls += count;
  });
  emit();
  return result;
}

void write_latency_stats(server::Server& server, const LatencyPercentiles& shown, server::InfoWriter& out) {
  if (!shown.tracked) return;
  for (uint16_t id = 0; id < server.table.size(); ++id) {
    const command::LatencyHistogram* histogram = server.executor.latency(id);
    if (histogram == nullptr) continue;
    std::string line;
    for (const double each : shown.percentiles) {
      line += fmt::format("{}p{}={:.3f}", line.empty() ? "" : ",", shortened(each),
                          static_cast<double>(histogram->at_percentile(each)) / 1000);
    }
    out.field(fmt::format("latency_percentiles_usec_{}", server.table[id].name), line);
  }
}

}  // namespace introspection

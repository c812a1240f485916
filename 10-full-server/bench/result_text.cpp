// SPDX-License-Identifier: MIT
// JSON is flat but for the latencies: nothing here needs a JSON library.
#include "10-full-server/bench/result_text.h"

#include <fmt/format.h>

#include <optional>

namespace bench {
namespace {

double microseconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; }

std::string number_or_null(std::optional<double> value) {
  return value ? fmt::format("{:.4f}", *value) : "null";
}

double per_second(const LoadResult& result) {
  return result.seconds > 0 ? static_cast<double>(result.requests) / result.seconds : 0;
}

std::optional<double> per_request_us(std::optional<double> seconds, const LoadResult& result) {
  if (!seconds || result.requests == 0) return std::nullopt;
  return *seconds * 1e6 / static_cast<double>(result.requests);
}

std::optional<double> busy(std::optional<double> seconds, const LoadResult& result) {
  if (!seconds || result.seconds <= 0) return std::nullopt;
  return *seconds / result.seconds;
}

// Of the keys that a reading workload asked for; nullopt for the others, where a nil is no miss.
std::optional<std::uint64_t> hits(const Options& options, const LoadResult& result) {
  if (!options.reads) return std::nullopt;
  return result.requests * result.keys_per_request - result.nils - result.errors;
}

std::string json_latencies(const LatencyHistogram& latencies) {
  return fmt::format(
      R"({{"mean":{:.3f},"p50":{:.3f},"p95":{:.3f},"p99":{:.3f},"p99.9":{:.3f},"max":{:.3f}}})",
      latencies.mean() / 1000, microseconds(latencies.percentile(50)),
      microseconds(latencies.percentile(95)), microseconds(latencies.percentile(99)),
      microseconds(latencies.percentile(99.9)), microseconds(latencies.max()));
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

std::string to_json(const Options& options, const LoadResult& result) {
  const LoadPlan& plan = options.plan;
  const auto hit = hits(options, result);
  std::string json = fmt::format(
      R"({{"workload":{},"host":{},"port":{},"connections":{},"pipeline":{},"key_size":{},"value_size":{},"keys":{},)",
      json_string(options.name), json_string(plan.host), plan.port, plan.pace.lanes,
      plan.pace.pipeline, plan.shape.key_size, plan.shape.value_size, plan.shape.keys);
  json += fmt::format(
      R"("rate":{},"requests":{},"seconds":{:.6f},"requests_per_second":{:.1f},"never_sent":{},"errors":{},)",
      plan.pace.rate > 0 ? fmt::format("{}", plan.pace.rate) : "null", result.requests,
      result.seconds, per_second(result), result.never_sent, result.errors);
  json += fmt::format(R"("first_error":{},"nils":{},"hits":{},"latency_us":{},)",
                      result.errors ? json_string(result.first_error) : "null", result.nils,
                      hit ? std::to_string(*hit) : "null", json_latencies(result.latencies));
  json += fmt::format(
      R"("generator_cpu_us":{},"generator_busy":{},"server_cpu_us":{},"server_busy":{}}})",
      number_or_null(per_request_us(result.generator_cpu_seconds, result)),
      number_or_null(busy(result.generator_cpu_seconds, result)),
      number_or_null(per_request_us(result.server_cpu_seconds, result)),
      number_or_null(busy(result.server_cpu_seconds, result)));
  return json;
}

std::string to_line(const Options& options, const LoadResult& result) {
  const LatencyHistogram& l = result.latencies;
  std::string line = fmt::format(
      "{}: {:.0f} requests/s, latency us p50 {:.0f} p95 {:.0f} p99 {:.0f} p99.9 {:.0f} max {:.0f}",
      options.name, per_second(result), microseconds(l.percentile(50)),
      microseconds(l.percentile(95)), microseconds(l.percentile(99)),
      microseconds(l.percentile(99.9)), microseconds(l.max()));
  if (const auto cpu = per_request_us(result.server_cpu_seconds, result)) {
    line += fmt::format(", server CPU {:.2f} us/request", *cpu);
  }
  if (const auto hit = hits(options, result)) {
    line += fmt::format(", {} hits of {}", *hit, result.requests * result.keys_per_request);
  }
  if (result.errors != 0)
    line += fmt::format(", {} ERRORS, the first: {}", result.errors, result.first_error);
  if (result.never_sent != 0) {
    line += fmt::format(", {} requests NEVER SENT: the server is slower than the rate",
                        result.never_sent);
  }
  return line;
}

}  // namespace bench

// SPDX-License-Identifier: MIT
// One row per flag: its name, what it takes, its help, and what it does. Defaults are
// redis-benchmark's where there is one (50 connections, 100,000 requests), so that the figures
// compare.
#include "10-full-server/bench/options.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::array kWorkloads{
    Workload{"ping", "PING", "key:", false},
    Workload{"echo", "ECHO {value}", "key:", false},
    Workload{"set", "SET {key} {value}", "key:", false},
    Workload{"get", "GET {key}", "key:", true},
    Workload{"incr", "INCR {key}", "ctr:", false},  // keys of its own: SET's values are no numbers
    Workload{"mset",
             "MSET {key} {value} {key} {value} {key} {value} {key} {value} {key} {value} "
             "{key} {value} {key} {value} {key} {value} {key} {value} {key} {value}",
             "key:", false},
    Workload{"raw", "", "key:", false},  // value-size bytes, echoed: stage 01
};

// What the flags say, before it is put together.
struct Draft {
  Options options;
  std::optional<std::string_view> workload;
  std::optional<std::string_view> command;
  std::string_view fill = "auto";
};

template <typename Number>
Number number(std::string_view flag, std::string_view text, Number least, Number most) {
  Number value{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size() ||
      !(value >= least && value <= most)) {
    throw std::invalid_argument(
        fmt::format("{} takes a number from {} to {}, not '{}'", flag, least, most, text));
  }
  return value;
}

std::string_view one_of(std::string_view flag, std::string_view text,
                        std::initializer_list<std::string_view> words) {
  std::string all;
  for (const std::string_view word : words) {
    if (text == word) return word;
    all += all.empty() ? word : fmt::format(", {}", word);
  }
  throw std::invalid_argument(fmt::format("{} takes one of {}, not '{}'", flag, all, text));
}

struct Flag {
  std::string_view name;
  std::string_view takes;  // empty: takes nothing
  std::string_view help;
  void (*apply)(Draft&, std::string_view flag, std::string_view value);
};

using Text = std::string_view;

constexpr std::array kFlags{
    Flag{"--host", "HOST", "server's address (127.0.0.1)",
         [](Draft& d, Text, Text v) { d.options.plan.host = v; }},
    Flag{"--port", "N", "server's port (6379)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.port = number<std::uint16_t>(f, v, 1, 65535);
         }},
    Flag{"--workload", "NAME", "ping, echo, set, get, incr, mset (10 keys) or raw (get)",
         [](Draft& d, Text, Text v) { d.workload = v; }},
    Flag{"--command", "TEMPLATE", "any command, with {key} {value} {number}, instead of a workload",
         [](Draft& d, Text, Text v) { d.command = v; }},
    Flag{"--connections", "N", "connections, all on one thread (50)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.pace.lanes = number<std::size_t>(f, v, 1, 100'000);
         }},
    Flag{"--pipeline", "N", "requests in flight per connection (1)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.pace.pipeline = number<std::size_t>(f, v, 1, 100'000);
         }},
    Flag{"--key-size", "BYTES", "size of {key} (16)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.shape.key_size = number<std::size_t>(f, v, 1, 65536);
         }},
    Flag{"--value-size", "BYTES", "size of {value} and of raw's messages (8)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.shape.value_size = number<std::size_t>(f, v, 0, 64 << 20);
         }},
    Flag{"--keys", "N", "size of the key range (100000)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.shape.keys = number<std::uint64_t>(f, v, 1, 1'000'000'000);
         }},
    Flag{"--order", "ORDER", "random or sequential keys (random)",
         [](Draft& d, Text f, Text v) {
           const bool sequential = one_of(f, v, {"random", "sequential"}) == "sequential";
           d.options.plan.order = sequential ? KeyOrder::Sequential : KeyOrder::Random;
         }},
    Flag{"--fill", "WHEN",
         "SET the whole key range first: yes, no or auto, which is for get (auto)",
         [](Draft& d, Text f, Text v) {
           d.fill = one_of(f, v, {"auto", "yes", "no"});
         }},
    Flag{"--requests", "N", "stop after N requests (100000)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.pace.requests = number<std::uint64_t>(f, v, 1, 1ULL << 50);
         }},
    Flag{"--seconds", "S", "stop after S seconds",
         [](Draft& d, Text f, Text v) {
           d.options.plan.pace.duration =
               static_cast<Nanoseconds>(number<double>(f, v, 0.001, 1e6) * 1e9);
         }},
    Flag{"--rate", "R", "fixed rate: R requests a second, sent on time whatever the server does",
         [](Draft& d, Text f, Text v) {
           d.options.plan.pace.rate = number<double>(f, v, 0.1, 1e8);
         }},
    Flag{"--seed", "N", "of the random keys (1)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.seed = number<std::uint64_t>(f, v, 0, ~0ULL);
         }},
    Flag{"--timeout", "S", "give up after S seconds without a reply (10)",
         [](Draft& d, Text f, Text v) {
           d.options.plan.silence_seconds = number<double>(f, v, 0.1, 1e6);
         }},
    Flag{"--pid", "PID", "the server's process, to measure its CPU time",
         [](Draft& d, Text f, Text v) {
           d.options.plan.server_pid = number<int>(f, v, 1, 1 << 30);
         }},
    Flag{"--json", "", "one JSON object on standard output",
         [](Draft& d, Text, Text) { d.options.json = true; }},
    Flag{"--help", "", "this text", [](Draft& d, Text, Text) { d.options.help = true; }},
};

const Flag& find_flag(std::string_view name) {
  for (const Flag& flag : kFlags) {
    if (flag.name == name) return flag;
  }
  throw std::invalid_argument(fmt::format("unknown option '{}' (--help lists them)", name));
}

Workload find_workload(std::string_view name) {
  std::string all;
  for (const Workload& workload : kWorkloads) {
    if (workload.name == name) return workload;
    all += all.empty() ? workload.name : fmt::format(", {}", workload.name);
  }
  throw std::invalid_argument(fmt::format("unknown workload '{}'; there are {}", name, all));
}

Options put_together(Draft draft) {
  Options& options = draft.options;
  LoadPlan& plan = options.plan;
  if (draft.workload && draft.command)
    throw std::invalid_argument("give --workload or --command, not both");
  if (draft.command) {
    options.name = plan.shape.command = *draft.command;
  } else {
    const Workload workload = find_workload(draft.workload.value_or("get"));
    options.name = workload.name;
    options.reads = workload.reads;
    plan.shape.command = workload.command;
    plan.shape.key_prefix = workload.key_prefix;
    plan.shape.raw = workload.name == "raw";
  }
  options.fill = draft.fill == "yes" || (draft.fill == "auto" && options.reads);
  if (plan.pace.requests != 0 && plan.pace.duration != 0) {
    throw std::invalid_argument("give --requests or --seconds, not both");
  }
  if (plan.pace.requests == 0 && plan.pace.duration == 0) plan.pace.requests = 100'000;
  return std::move(options);
}

}  // namespace

std::span<const Workload> workloads() { return kWorkloads; }

Options parse_options(std::span<const char* const> arguments) {
  Draft draft;
  draft.options.plan.pace.lanes = 50;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Flag& flag = find_flag(arguments[i]);
    std::string_view value;
    if (!flag.takes.empty()) {
      if (++i == arguments.size())
        throw std::invalid_argument(fmt::format("{} needs a value", flag.name));
      value = arguments[i];
    }
    flag.apply(draft, flag.name, value);
  }
  return put_together(std::move(draft));
}

std::string usage() {
  std::string text = "usage: workshop-bench [options]\nLoads a RESP server and measures it.\n\n";
  for (const Flag& flag : kFlags)
    text += fmt::format("  {:<22}{}\n", fmt::format("{} {}", flag.name, flag.takes), flag.help);
  return text;
}

}  // namespace bench

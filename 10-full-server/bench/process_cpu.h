// SPDX-License-Identifier: MIT
// User plus system CPU seconds of a process, all its threads, from the operating system's books.
#pragma once

#include <optional>

namespace bench {

// From /proc/PID/stat, in ticks of usually 10 ms; nullopt when there is no such process or no
// /proc.
[[nodiscard]] std::optional<double> process_cpu_seconds(int pid);
[[nodiscard]] double own_cpu_seconds();

}  // namespace bench

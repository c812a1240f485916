// SPDX-License-Identifier: MIT
#include "shared/server/log.h"

#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "shared/util/clock.h"

namespace server {

void Log::write(LogLevel of, std::string_view text) const {
  if (of < level || level == LogLevel::Nothing) return;
  std::FILE* out = file.empty() ? stdout : std::fopen(file.c_str(), "a");
  if (out == nullptr) return;
  const util::UnixMs now = util::Clock::system().wall_ms();
  const std::time_t seconds = now / 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char date[64];
  std::strftime(date, sizeof date, "%d %b %Y %H:%M:%S", &local);
  std::fprintf(out, "%d:M %s.%03d %c %.*s\n", getpid(), date, static_cast<int>(now % 1000),
               ".-*#"[static_cast<int>(of)], static_cast<int>(text.size()), text.data());
  if (file.empty()) {
    std::fflush(out);
  } else {
    std::fclose(out);
  }
}

}  // namespace server

// SPDX-License-Identifier: MIT
#include "10-full-server/crash_report/raw_output.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <iterator>

#if __has_include(<execinfo.h>)
#include <execinfo.h>
#define CRASH_REPORT_STACK 1
#endif

namespace crash_report {

void RawOutput::prepare() {
#ifdef CRASH_REPORT_STACK
  void* frame;
  (void)backtrace(&frame, 1);
#endif
}

RawOutput::RawOutput(const server::Log& log)
    : descriptor_(log.file.empty()
                      ? STDOUT_FILENO
                      : open(log.file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644)) {}

RawOutput::~RawOutput() {
  if (descriptor_ > STDERR_FILENO) close(descriptor_);
}

const RawOutput& RawOutput::text(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count <= 0) break;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return *this;
}

const RawOutput& RawOutput::number(int64_t value) const {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return text({digits, static_cast<size_t>(end - digits)});
}

const RawOutput& RawOutput::hexadecimal(uint64_t value) const {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
  return text({digits, static_cast<size_t>(end - digits)});
}

const RawOutput& RawOutput::line_start() const {
  return number(getpid()).text(":M ").number(std::time(nullptr)).text(" # ");
}

const RawOutput& RawOutput::stack() const {
#ifdef CRASH_REPORT_STACK
  void* frames[100];
  const int count = backtrace(frames, static_cast<int>(std::size(frames)));
  for (int i = 0; i < count; ++i) frame(i, static_cast<const char*>(frames[i]));
  return *this;
#else
  return text("(this system does not tell)\n");
#endif
}

// `3  name+0x12  (file+0x3456)  0x7f…`: the offset in the file is what addr2line asks for.
void RawOutput::frame(int number, const char* at) const {
  this->number(number).text("  ");
  Dl_info known{};
  if (dladdr(at, &known) != 0) {
    const auto offset = [at](const void* from) {
      return static_cast<uint64_t>(at - static_cast<const char*>(from));
    };
    if (known.dli_sname != nullptr) {
      text(known.dli_sname).text("+0x").hexadecimal(offset(known.dli_saddr)).text("  ");
    }
    const std::string_view file = known.dli_fname == nullptr ? "" : known.dli_fname;
    text("(").text(file.substr(0, file.find(' ')));  // a process title may follow
    text("+0x").hexadecimal(offset(known.dli_fbase)).text(")  ");
  }
  address(at).text("\n");
}

}  // namespace crash_report

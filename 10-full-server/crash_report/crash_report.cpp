// SPDX-License-Identifier: MIT
#include "10-full-server/crash_report/crash_report.h"

#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <csetjmp>
#include <ctime>
#include <exception>

#include "10-full-server/crash_report/raw_output.h"

namespace crash_report {

namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr size_t kStackSize = 512 * 1024;  // sections run on it

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSupported = false;
#else
constexpr bool kSupported = true;
#endif

// Of the process, since a signal handler is. Set by the thread that installs and by the one that crashes first.
CrashReport* installed = nullptr;
pthread_t owner;
std::atomic<int> fatal_signal = 0;
pthread_t crashed_thread;
volatile sig_atomic_t section_runs = 0;
sigjmp_buf behind_section;

[[noreturn]] void die(int signal) {
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  sigaction(signal, &plain, nullptr);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  raise(signal);
  _exit(128 + signal);
}

// The instruction that was being executed; null where we do not know how to ask.
void* instruction_of([[maybe_unused]] const void* context) {
#if defined(__linux__) && defined(__x86_64__)
  return reinterpret_cast<void*>(
      static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__linux__) && defined(__aarch64__)
  return reinterpret_cast<void*>(static_cast<const ucontext_t*>(context)->uc_mcontext.pc);
#else
  return nullptr;
#endif
}

}  // namespace

// In a function of its own: what a jump comes back to must not have changed.
void CrashReport::write_section(const Section& section, const RawOutput& out) {
  out.title(section.title);
  if (sigsetjmp(behind_section, 1) != 0) {
    out.text("(another crash)\n");
    return;
  }
  section_runs = 1;
  try {
    out.text(section.text()).text("\n");
  } catch (const std::exception& failure) {
    out.text("(").text(failure.what()).text(")\n");
  }
  section_runs = 0;
}

void CrashReport::write_sections(const RawOutput& out) {
  for (const Section& section : sections_) write_section(section, out);
}

void CrashReport::write(int signal, const siginfo_t& info, void* context) {
  const RawOutput out(log_);
  out.text("\n\n=== REDIS BUG REPORT START: everything down to its END belongs together ===\n");
  out.line_start().text(version_);
  out.text(" crashed by signal: ")
      .number(signal)
      .text(", si_code: ")
      .number(info.si_code)
      .text("\n");
  if (signal == SIGSEGV || signal == SIGBUS)
    out.text("Accessing address: ").address(info.si_addr).text("\n");
  if (info.si_code == SI_USER) {
    out.text("Sent by PID: ").number(info.si_pid).text(", UID: ").number(info.si_uid).text("\n");
  }
  if (const void* at = instruction_of(context)) out.text("Instruction at: ").address(at).text("\n");
  out.title("STACK TRACE").stack();
  if (pthread_equal(pthread_self(), owner) != 0) {
    write_sections(out);
  } else {
    out.text("\nIn a thread beside the loop.\n");
  }
  out.text("\n=== REDIS BUG REPORT END ===\n\n");
}

void CrashReport::on_signal(int signal, siginfo_t* info, void* context) {
  int none = 0;
  if (!fatal_signal.compare_exchange_strong(none, signal)) {
    while (pthread_equal(pthread_self(), crashed_thread) == 0)
      pause();  // whoever was first ends us all
    if (section_runs == 0) die(fatal_signal);
    section_runs = 0;
    siglongjmp(behind_section, 1);
  }
  crashed_thread = pthread_self();
  struct sigaction timeout {};
  timeout.sa_handler = on_timeout;
  sigaction(SIGALRM, &timeout, nullptr);
  alarm(kPatienceSeconds);
  installed->write(signal, *info, context);
  die(signal);
}

void CrashReport::on_timeout(int) { die(fatal_signal); }

void CrashReport::install() {
  if (!kSupported || installed != nullptr) return;
  installed = this;
  owner = pthread_self();
  // A stack that has overflown has no room for a handler.
  stack_ = mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack_ != MAP_FAILED) {
    stack_t own{};
    own.ss_sp = stack_;
    own.ss_size = kStackSize;
    sigaltstack(&own, &stack_before_);
  }
  RawOutput::prepare();
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (const int signal : kSignals) {
    struct sigaction before {};
    sigaction(signal, &action, &before);
    before_.push_back(before);
  }
}

void CrashReport::uninstall() {
  if (installed != this) return;
  for (size_t i = 0; i < before_.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  before_.clear();
  if (stack_ != MAP_FAILED) {
    if (stack_before_.ss_sp == nullptr) stack_before_.ss_flags = SS_DISABLE;
    sigaltstack(&stack_before_, nullptr);
    munmap(stack_, kStackSize);
  }
  installed = nullptr;
}

}  // namespace crash_report

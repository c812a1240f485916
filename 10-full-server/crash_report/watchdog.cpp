// SPDX-License-Identifier: MIT
#include "10-full-server/crash_report/watchdog.h"

#include <pthread.h>
#include <sys/time.h>

#include <csignal>

#include "10-full-server/crash_report/raw_output.h"

namespace crash_report {

// Of the process, since a signal handler is.
static const server::Log* watched_log = nullptr;
static pthread_t watched_thread;

void Watchdog::on_signal(int signal) {
  if (watched_log == nullptr) return;
  // A process' signal goes to any of its threads.
  if (pthread_equal(pthread_self(), watched_thread) == 0) {
    pthread_kill(watched_thread, signal);
    return;
  }
  const RawOutput out(*watched_log);
  out.text("\n--- WATCHDOG TIMER EXPIRED ---\n")
      .line_start()
      .text("The loop has been held up here:\n");
  out.title("STACK TRACE").stack().text("--------\n\n");
}

void Watchdog::set_period(int64_t milliseconds) {
  if (milliseconds == 0 && period_ == 0) return;
  period_ = milliseconds;
  if (period_ == 0) {
    wind_up();  // to nothing
    std::signal(SIGALRM, SIG_IGN);
    watched_log = nullptr;
    return;
  }
  RawOutput::prepare();
  watched_log = &log_;
  watched_thread = pthread_self();
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigaction(SIGALRM, &action, nullptr);
  wind_up();
}

void Watchdog::wind_up() const {
  if (watched_log == nullptr) return;
  itimerval once{};
  once.it_value.tv_sec = period_ / 1000;
  once.it_value.tv_usec = static_cast<suseconds_t>(period_ % 1000 * 1000);
  setitimer(ITIMER_REAL, &once, nullptr);
}

}  // namespace crash_report

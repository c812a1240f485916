// SPDX-License-Identifier: MIT
// crash-log-enabled: what the report of a crash says, and when there is one; watchdog-period.
#include <algorithm>
#include <climits>
#include <string>

#include "10-full-server/commands/commands.h"
#include "10-full-server/crash_report/crash_report.h"
#include "10-full-server/crash_report/watchdog.h"
#include "shared/server/server.h"

namespace full_server {

using crash_report::CrashReport;
using server::Server;

namespace {

struct CrashSettings {
  bool enabled = true;
  int watchdog_period = 0;  // milliseconds; 0: off
};

// Whose command ran when it happened.
std::string current_client(Server& server) {
  command::Client* client = server.executor.current();
  if (client == nullptr) return "(no command was running)";
  server::Connection* connection = server.clients.find(client->id);
  if (connection == nullptr) return "(a client without a connection)";
  return server::ClientRegistry::describe(*connection, server.databases.environment().now);
}

std::string all_clients(Server& server) {
  std::string text;
  server.clients.for_each([&](server::Connection& connection) {
    text += server::ClientRegistry::describe(connection, server.databases.environment().now) + "\n";
  });
  return text;
}

void apply(CrashReport& report, const CrashSettings& settings) {
  settings.enabled ? report.install() : report.uninstall();
}

// Rounds are as long as the pause between two jobs at least, without anything being held up.
void add_watchdog(Server& server, int& period) {
  auto& watchdog = server.own<crash_report::Watchdog>(server.log);
  const auto apply_period = [&server, &watchdog, &period]() -> util::Result<> {
    if (period != 0) period = std::max(period, 2 * 1000 / server.settings.hz);
    watchdog.set_period(period);
    return {};
  };
  server.parameters.add(
      server::integer("watchdog-period", period, 0, INT_MAX).then(apply_period).concealed());
  server.on_start([apply_period] { (void)apply_period(); });
  server.cron.add("watchdog", 0, [&watchdog] { watchdog.wind_up(); });
}

}  // namespace

void compose_crash_report(Server& server) {
  auto& report = server.own<CrashReport>(server.log, "Redis " + std::string(server::kRedisVersion));
  auto& settings = server.own<CrashSettings>();
  report.add("CURRENT CLIENT INFO", [&server] { return current_client(server); });
  report.add("INFO OUTPUT", [&server] { return server.info.render({"everything"}); });
  report.add("CLIENT LIST OUTPUT", [&server] { return all_clients(server); });
  add_watchdog(server, settings.watchdog_period);
  server.parts.provide(report);
  server.parts.provide(settings);
  server.parameters.add(server::boolean("crash-log-enabled", settings.enabled)
                            .then([&report, &settings]() -> util::Result<> {
                              apply(report, settings);
                              return {};
                            }));
}

// Left to the program: the process of a test that has servers in it belongs to the test.
void report_crashes(Server& server) {
  server.on_start([&report = server.parts.get<CrashReport>(),
                   &settings = server.parts.get<CrashSettings>()] { apply(report, settings); });
}

}  // namespace full_server

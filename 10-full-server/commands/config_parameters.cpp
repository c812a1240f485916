// SPDX-License-Identifier: MIT
// Parameters about the process and its log, rename-command, and those that are only kept.
#include <fmt/format.h>

#include <clocale>
#include <utility>
#include <vector>

#include "08-replication/replication.h"
#include "10-full-server/commands/commands.h"
#include "10-full-server/introspection/kept_parameters.h"
#include "10-full-server/process/oom_score.h"
#include "10-full-server/process/process_title.h"
#include "shared/server/server.h"
#include "shared/util/text.h"

namespace full_server {

using server::Parameter;
using util::Failure;
using util::Result;

namespace {

struct ProcessSettings {
  bool show_title = true;
  std::string title_template = "{title} {listen-addr} {server-mode}";
  process::OomScore oom_score;
  bool active_defragmentation = false;
  std::string collation;  // a locale; empty: the environment's
  struct Renaming {
    std::string from, to;
  };
  std::vector<Renaming> renamings;
};

process::TitleVariables title_variables(const server::Server& server) {
  return [&server](std::string_view name) -> std::optional<std::string> {
    const server::Settings& settings = server.settings;
    if (name == "title") return process::started_as();
    if (name == "port") return std::to_string(settings.port);
    if (name == "tls-port") return "0";
    if (name == "server-mode") return "";
    if (name == "config-file") return settings.config_path.empty() ? "-" : settings.config_path;
    const Parameter* path = server.parameters.find("unixsocket");
    const std::string socket = path == nullptr ? "" : path->get();
    if (name == "unixsocket") return socket;
    if (name != "listen-addr") return {};
    if (settings.port == 0) return "unixsocket:" + socket;
    return fmt::format("{}:{}", settings.bind.empty() ? "*" : settings.bind.front(), settings.port);
  };
}

void show_title(const server::Server& server, const ProcessSettings& settings) {
  if (!settings.show_title) return;
  if (const auto title = process::expand_title(settings.title_template, title_variables(server))) {
    process::set_process_title(*title);
  }
}

Parameter title_template(server::Server& server, ProcessSettings& settings) {
  Parameter row = server::text("proc-title-template", settings.title_template);
  row.set = [&](std::string_view given) -> Result<> {
    // Only the names matter: a value may well be empty now.
    const auto known = title_variables(server);
    const auto any = [&](std::string_view name) { return known(name) ? std::optional<std::string>("x") : std::nullopt; };
    if (!process::expand_title(given, any)) {
      return Failure{"template format is invalid or contains unknown variables"};
    }
    settings.title_template = given;
    return {};
  };
  return row.then([&]() -> Result<> {
    show_title(server, settings);
    return {};
  });
}

void add_oom_score(server::Server& server, process::OomScore& score) {
  const auto apply = [&server, &score] {
    const bool replica = server.parts.get<replication::Replication>().state().is_replica();
    return score.apply(replica ? process::OomScore::Role::Replica : process::OomScore::Role::Master);
  };
  server.parameters.add(server::choice("oom-score-adj", score.mode,
                                       {{"no", process::OomScore::kNo},
                                        {"yes", process::OomScore::kRelative},
                                        {"relative", process::OomScore::kRelative},
                                        {"absolute", process::OomScore::kAbsolute}})
                            .then(apply));
  Parameter values{.name = "oom-score-adj-values",
                   .get = [&score] { return score.text(); },
                   .set = [&score](std::string_view given) { return score.set_values(given); }};
  values.takes_words = true;
  server.parameters.add(values.then(apply));
  server.on_start([apply, &server] {
    (void)apply();
    server.parts.get<replication::Replication>().on_update = [apply] { (void)apply(); };
  });
  server.child.in_child = [&score] { (void)score.apply(process::OomScore::Role::Child); };
}

// `rename-command OLD NEW`; an empty NEW removes the command. Names are looked up when every stage has added its own.
void add_renamings(server::Server& server, ProcessSettings& settings) {
  Parameter row{.name = "rename-command",
                .get = [] { return std::string(); },
                .set = [&settings](std::string_view given) -> Result<> {
                  auto words = util::split_words(given);
                  if (!words || words->size() != 2) return Failure{"wrong number of arguments"};
                  settings.renamings.push_back({std::move((*words)[0]), std::move((*words)[1])});
                  return {};
                }};
  row.takes_words = row.repeats = row.directive = true;
  row.rewrite = [&settings] {
    std::vector<std::string> lines;
    for (const auto& each : settings.renamings) {
      lines.push_back(fmt::format("rename-command {} {}", each.from,
                                  each.to.empty() ? "\"\"" : util::quoted(each.to)));
    }
    return lines;
  };
  server.parameters.add(std::move(row));
  server.on_start([&server, &settings] {
    for (const auto& each : settings.renamings) {
      if (server.table.find(each.from) == nullptr) return server.give_up("No such command in rename-command: " + each.from);
      if (!server.table.rename(each.from, each.to)) return server.give_up("Target command name already exists: " + each.to);
    }
  });
}

Parameter defragmentation(bool& value) {
  Parameter row = server::boolean("activedefrag", value);
  row.set = [read = row.set, &value](std::string_view given) -> Result<> {
    if (const auto done = read(given); !done) return done;
    if (!std::exchange(value, false)) return {};
    return Failure{
        "Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the "
        "one shipped by default with the Redis source distribution"};
  };
  return row;
}

// The order of SORT ALPHA.
Parameter collation(std::string& value) {
  return server::text("locale-collate", value).then([&value]() -> Result<> {
    if (std::setlocale(LC_COLLATE, value.c_str()) == nullptr) return Failure{"Invalid locale name"};
    return {};
  });
}

}  // namespace

void compose_parameters(server::Server& server) {
  auto& settings = server.own<ProcessSettings>();
  server::ParameterTable& table = server.parameters;
  table.add(server::boolean("set-proc-title", settings.show_title).fixed());
  table.add(title_template(server, settings));
  table.add(defragmentation(settings.active_defragmentation));
  table.add(collation(settings.collation));
  server.on_start([&settings] { std::setlocale(LC_COLLATE, settings.collation.c_str()); });
  table.add(server::choice("loglevel", server.settings.log_level,
                           {{"debug", 0}, {"verbose", 1}, {"notice", 2}, {"warning", 3}, {"nothing", 4}})
                .then([&server]() -> Result<> {
                  server.log.level = static_cast<server::LogLevel>(server.settings.log_level);
                  return {};
                }));
  add_oom_score(server, settings.oom_score);
  add_renamings(server, settings);
  introspection::add_kept_parameters(table);
  for (const std::string_view secret : {"masteruser", "masterauth", "requirepass"}) table.make_secret(secret);
  for (const std::string_view hidden : {"rdb-key-save-delay", "rdb-version"}) table.conceal(hidden);
  server.on_start([&server, &settings] { show_title(server, settings); });
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
#include "09-shutdown/shutdown_settings.h"

#include <climits>

#include "shared/util/text.h"

namespace shutdown {

using server::Parameter;
using util::Failure;
using util::Result;

struct Option {
  std::string_view name;
  Options value;
};
static constexpr Option kOptions[] = {
    {"default", 0}, {"save", kSave}, {"nosave", kNoSave}, {"now", kNow}, {"force", kForce}};

static std::string print(Options options) {
  std::string text;
  for (const Option& each : kOptions) {
    if ((options & each.value) != 0) text.append(text.empty() ? "" : " ").append(each.name);
  }
  return text.empty() ? "default" : text;
}

static Result<Options> read(std::string_view text) {
  constexpr auto kNone =
      "argument(s) must be one of the following: default, save, nosave, now, force";
  const auto words = util::split_words(text);
  if (!words || words->empty()) return Failure{kNone};
  Options options = 0;
  for (const std::string& word : *words) {
    bool known = false;
    for (const Option& each : kOptions) {
      if (!util::equal_ignoring_case(word, each.name)) continue;
      options |= each.value;
      known = true;
    }
    if (!known) return Failure{kNone};
  }
  if ((options & kSave) != 0 && (options & kNoSave) != 0) {
    return Failure{"shutdown options SAVE and NOSAVE can't be used simultaneously"};
  }
  return options;
}

static Parameter on_signal(std::string name, Options& value) {
  return {.name = std::move(name),
          .get = [&value] { return print(value); },
          .set = [&value](std::string_view given) -> Result<> {
            const auto options = read(given);
            if (!options) return Failure{options.error()};
            value = options.value();
            return {};
          },
          .takes_words = true};
}

void add_parameters(server::ParameterTable& table, ShutdownSettings& settings) {
  table.add(server::integer("shutdown-timeout", settings.timeout, 0, INT_MAX));
  table.add(on_signal("shutdown-on-sigterm", settings.on_sigterm));
  table.add(on_signal("shutdown-on-sigint", settings.on_sigint));
}

server::ShutdownRequest request_of(Options options) {
  using Save = server::ShutdownRequest::Save;
  server::ShutdownRequest request;
  if ((options & kSave) != 0) request.save = Save::Always;
  if ((options & kNoSave) != 0) request.save = Save::Never;
  request.now = (options & kNow) != 0;
  request.force = (options & kForce) != 0;
  return request;
}

}  // namespace shutdown

// SPDX-License-Identifier: MIT
#include "07-pubsub/output_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "shared/util/numbers.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace pubsub {

using command::Client;

static constexpr std::string_view kClassNames[] = {"normal", "slave", "pubsub"};

// A master is limited like a normal client.
static size_t class_of(Client::Kind kind) {
  if (kind == Client::Kind::Replica) return 1;
  return kind == Client::Kind::PubSub ? 2 : 0;
}

// Since when a client is over its soft limit. Rare: a part of its own.
class OutputLimits::OverSoftLimit final : public command::ClientPart {
 public:
  OverSoftLimit(std::set<Client*>& over, Client& client, util::UnixMs now)
      : since(now), over_(over), client_(client) {
    over_.insert(&client_);
  }
  ~OverSoftLimit() override { over_.erase(&client_); }

  const util::UnixMs since;

 private:
  std::set<Client*>& over_;
  Client& client_;
};

OutputLimits::Limit OutputLimits::of(const Client& client) const {
  Limit limit = limits_[class_of(client.kind)];
  const bool granted = client.kind == Client::Kind::Replica && granted_ != nullptr;
  if (granted && limit.hard != 0) limit.hard = std::max(limit.hard, *granted_);
  return limit;
}

bool OutputLimits::exceeded(Client& client) {
  // [07.4a begin] at once, or after a while
  //stub: (void)client;
  //stub: return false;  // no limit yet
  const Limit& limit = of(client);
  const size_t waiting = client.output.size();
  if (limit.hard != 0 && waiting >= limit.hard) return true;
  if (limit.soft != 0 && waiting >= limit.soft) return over_for_too_long(client, limit);
  client.parts.remove<OverSoftLimit>();
  return false;
  // [07.4a end]
}

bool OutputLimits::over_for_too_long(Client& client, const Limit& limit) {
  // [07.4b begin] the time counts from when the limit was crossed
  const auto* over = client.parts.find<OverSoftLimit>();
  if (over == nullptr) over = &client.parts.add<OverSoftLimit>(over_soft_, client, now_);
  return now_ - over->since > limit.soft_seconds * 1000;
  // [07.4b end]
}

void OutputLimits::output_grew(Client& client) {
  if (client.close_after_reply || client.owner == nullptr || !exceeded(client)) return;
  // [07.4c begin] not now: whoever appended may be walking through the subscribers
  client.close_after_reply = true;  // nothing more is appended
  client.owner->close_later();
  report_(client);
  // [07.4c end]
}

void OutputLimits::check_soft_limits() {
  // A copy: checking changes the set.
  const std::vector<Client*> over(over_soft_.begin(), over_soft_.end());
  for (Client* client : over) output_grew(*client);
}

static std::optional<size_t> class_named(std::string_view name) {
  if (util::equal_ignoring_case(name, "replica")) return 1;
  for (size_t i = 0; i < std::size(kClassNames); ++i) {
    if (util::equal_ignoring_case(name, kClassNames[i])) return i;
  }
  return {};
}

util::Result<> OutputLimits::set(std::string_view text) {
  const auto words = util::split_words(text);
  if (!words || words->size() % 4 != 0) {
    return util::Failure{"Wrong number of arguments in buffer limit configuration."};
  }
  auto limits = std::to_array(limits_);
  for (size_t i = 0; i < words->size(); i += 4) {
    const auto which = class_named((*words)[i]);
    if (!which) {
      return util::Failure{"Invalid client class specified in buffer limit configuration."};
    }
    const auto hard = util::parse_memory_size((*words)[i + 1]);
    const auto soft = util::parse_memory_size((*words)[i + 2]);
    const auto seconds = util::parse_int64((*words)[i + 3]);
    if (!hard || !soft || !seconds || *seconds < 0) {
      return util::Failure{
          "Error in hard, soft or soft_seconds setting in buffer limit configuration."};
    }
    limits[*which] = {*hard, *soft, *seconds};
  }
  std::copy(limits.begin(), limits.end(), limits_);
  return {};
}

std::string OutputLimits::text() const {
  std::string text;
  for (size_t i = 0; i < kClasses; ++i) {
    const Limit& limit = limits_[i];
    text += fmt::format("{}{} {} {} {}", i == 0 ? "" : " ", kClassNames[i], limit.hard, limit.soft,
                        limit.soft_seconds);
  }
  return text;
}

server::Parameter OutputLimits::parameter() {
  server::Parameter row{.name = "client-output-buffer-limit",
                        .get = [this] { return text(); },
                        .set = [this](std::string_view given) { return set(given); }};
  row.takes_words = true;
  row.repeats = true;
  return row;
}

}  // namespace pubsub

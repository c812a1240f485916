// SPDX-License-Identifier: MIT
//
// MONITOR: clients that see every command as it is executed. Being one is a ClientPart, so a client that goes leaves the
// list; while the list is empty nobody listens to the executor.
//
//   1700000000.123456 [0 127.0.0.1:50000] "set" "k" "v"
//
// The loop thread's alone.
#pragma once

#include <list>
#include <string>

#include "shared/command/executor.h"
#include "shared/command/observer.h"

namespace introspection {

class Monitoring;

class Monitors final : public command::Observer {
 public:
  // `quiet`: nothing is shown while it is true (keys are being loaded).
  Monitors(command::Executor& executor, std::function<bool()> quiet);

  bool add(command::Client& client);  // false: it is one already
  static void remove(command::Client& client);
  size_t size() const { return clients_.size(); }

  void after_command(const command::Execution& execution) override;

 private:
  friend class Monitoring;
  void listen_if_needed();

  command::Executor& executor_;
  std::function<bool()> quiet_;
  command::Gate gate_;  // who monitors reads and writes no keys
  std::list<command::Client*> clients_;
};

}  // namespace introspection

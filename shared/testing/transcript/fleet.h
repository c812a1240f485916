// SPDX-License-Identifier: MIT
//
// The servers and proxies of one scenario (or of one file with share-server) in one temporary
// folder, which goes with them. The default server is named "server"; the empty name means it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/testing/transcript/process.h"
#include "shared/testing/transcript/proxy.h"

namespace transcript {

class Fleet {
 public:
  // `line` is the command of the server under test; `redis` the one for `server NAME redis`.
  Fleet(std::string line, std::string redis, bool keep_folder);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  ServerProcess& add(const std::string& name, bool redis);
  Proxy& add_proxy(const std::string& name, const std::string& server);

  // Null when there is none of that name. The default server is added at its first use.
  ServerProcess* find(const std::string& name);
  Proxy* find_proxy(const std::string& name);
  ServerProcess& get(const std::string& name);  // FailureError when there is none

  // The port behind a server's or proxy's name.
  int port(const std::string& name);
  [[nodiscard]] const std::string& folder() const { return folder_; }
  std::vector<ServerProcess*> servers();

 private:
  std::string line_;
  std::string redis_;
  bool keep_folder_;
  std::string folder_;
  std::map<std::string, std::unique_ptr<ServerProcess>> servers_;
  std::map<std::string, std::unique_ptr<Proxy>> proxies_;
};

}  // namespace transcript

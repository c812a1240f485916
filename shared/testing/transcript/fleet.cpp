// SPDX-License-Identifier: MIT
//
// Names to processes. Folders lie under $TMPDIR or /tmp.
#include "shared/testing/transcript/fleet.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "shared/testing/transcript/failure.h"

namespace transcript {
namespace {

constexpr const char* kDefault = "server";

std::string make_folder() {
  const char* base = ::getenv("TMPDIR");
  std::string path =
      std::string(base != nullptr && *base != '\0' ? base : "/tmp") + "/workshop-check-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr)
    fail("cannot make a folder " + path + ": " + std::strerror(errno));
  return path;
}

}  // namespace

Fleet::Fleet(std::string line, std::string redis, bool keep_folder)
    : line_(std::move(line)),
      redis_(std::move(redis)),
      keep_folder_(keep_folder),
      folder_(make_folder()) {}

Fleet::~Fleet() {
  proxies_.clear();
  servers_.clear();
  std::error_code ignored;
  if (!keep_folder_) std::filesystem::remove_all(folder_, ignored);
}

ServerProcess& Fleet::add(const std::string& name, bool redis) {
  if (servers_.contains(name) || proxies_.contains(name))
    fail("there is already a server or proxy named " + name);
  if (redis && redis_.empty()) throw SkipError("no redis-server is installed (set REDIS=PATH)");
  const std::string line = redis ? redis_ + " --port {port} --dir {dir} --save ''" : line_;
  auto& server = servers_[name];
  server = std::make_unique<ServerProcess>(name, line, folder_ + "/" + name);
  return *server;
}

Proxy& Fleet::add_proxy(const std::string& name, const std::string& server) {
  if (servers_.contains(name) || proxies_.contains(name))
    fail("there is already a server or proxy named " + name);
  auto& proxy = proxies_[name];
  proxy = std::make_unique<Proxy>(get(server).port());
  return *proxy;
}

ServerProcess* Fleet::find(const std::string& name) {
  const std::string& wanted = name.empty() ? kDefault : name;
  if (const auto found = servers_.find(wanted); found != servers_.end()) return found->second.get();
  return wanted == kDefault ? &add(wanted, false) : nullptr;
}

Proxy* Fleet::find_proxy(const std::string& name) {
  const auto found = proxies_.find(name);
  return found == proxies_.end() ? nullptr : found->second.get();
}

ServerProcess& Fleet::get(const std::string& name) {
  ServerProcess* server = find(name);
  if (server == nullptr) fail("there is no server named " + name);
  return *server;
}

int Fleet::port(const std::string& name) {
  if (const Proxy* proxy = find_proxy(name)) return proxy->port();
  return get(name).port();
}

std::vector<ServerProcess*> Fleet::servers() {
  std::vector<ServerProcess*> all;
  for (const auto& [name, server] : servers_) all.push_back(server.get());
  return all;
}

}  // namespace transcript

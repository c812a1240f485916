// SPDX-License-Identifier: MIT
//
// What a listener does besides accepting on an address: sockets in the file system, addresses that may be missing.
#include "shared/net/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "shared/net/event_loop.h"
#include "shared/testing/catch.h"

namespace net {

static std::string fresh_path() { return "/tmp/workshop-listener-test-" + std::to_string(getpid()) + ".sock"; }

static int connect_to(const std::string& path) {
  const int peer = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  return ::connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? peer : -1;
}

TEST_CASE("listener: a socket file with its permissions; both ends are called by its path; removed at the end") {
  const std::string path = fresh_path();
  EventLoop loop;
  std::unique_ptr<Session> accepted;
  {
    auto opened = Listener::open(loop, {.unix_path = path, .permissions = 0600}, [&](std::unique_ptr<Session> session) {
      accepted = std::move(session);
      loop.stop();
    });
    REQUIRE(opened);
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    const int peer = connect_to(path);
    REQUIRE(peer >= 0);
    loop.run();
    REQUIRE(accepted != nullptr);
    CHECK(accepted->peer_address() == path + ":0");
    CHECK(accepted->local_address() == path + ":0");
    accepted->close();
    ::close(peer);
    CHECK(opened.value()->port() == 0);
  }
  CHECK(::access(path.c_str(), F_OK) != 0);
}

TEST_CASE("listener: a file that is left over gives way; a path that is too long does not fit") {
  const std::string path = fresh_path();
  EventLoop loop;
  const auto one = Listener::open(loop, {.unix_path = path}, [](auto) {});
  const auto other = Listener::open(loop, {.unix_path = path}, [](auto) {});
  CHECK(one);
  CHECK(other);
  const auto wrong = Listener::open(loop, {.unix_path = "/tmp/" + std::string(200, 'x')}, [](auto) {});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error() == "unix socket path too long");
}

// 192.0.2.0/24 is for documentation: no machine has it.
TEST_CASE("listener: an address that the machine does not have may be optional") {
  EventLoop loop;
  const auto wanted = Listener::open(loop, {.address = "192.0.2.77"}, [](auto) {});
  REQUIRE_FALSE(wanted);
  CHECK(wanted.error() == "Cannot assign requested address");
  const auto optional = Listener::open(loop, {.address = "192.0.2.77", .optional = true}, [](auto) {});
  REQUIRE(optional);
  CHECK(optional.value() == nullptr);
}

}  // namespace net

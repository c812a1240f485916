// SPDX-License-Identifier: MIT
//
// A server that is wrong in one way, for the checker's own tests: misbehaving_server MODE --port N
// --dir PATH. It answers every read with one fixed text, or does what its mode says.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

namespace {

const std::map<std::string, std::string> kAnswers = {
    {"good", "+PONG\r\n"},
    {"wrong", "+PONK\r\n"},
    {"talks", "+PONK\r\n"},
    {"extra", "+PONG\r\n+PONG\r\n"},
    {"todo", "-ERR TODO 02.3\r\n"},
    {"malformed", "hello\r\n"},
    {"array", "*2\r\n$1\r\na\r\n:7\r\n"},
    {"half", "+PO"},
    {"silent", ""},
};

void act(const std::string& mode, int client) {
  if (mode == "exit70") {
    std::fprintf(stderr, "TODO 02.3: not written yet\n");
    std::exit(70);
  }
  if (mode == "crash") {
    std::fprintf(stderr, "SUMMARY: AddressSanitizer: heap-use-after-free table.cpp:7\n");
    std::abort();
  }
  if (mode == "talks") std::fprintf(stderr, "the moon is full\n");
  if (mode == "close") ::shutdown(client, SHUT_RDWR);
  const auto answer = kAnswers.find(mode);
  if (answer != kAnswers.end())
    (void)!::write(client, answer->second.data(), answer->second.size());
}

void serve(const std::string& mode, int client) {
  char buffer[4096];
  while (::read(client, buffer, sizeof buffer) > 0) act(mode, client);
  ::close(client);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const std::string mode = argv[1];
  if (mode == "refuses") {
    std::fprintf(stderr, "cannot start: the moon is full\n");
    return 1;
  }
  if (mode == "deaf") ::pause();
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[3])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 1;
  ::listen(listener, 64);
  while (true) {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client >= 0) std::thread(serve, mode, client).detach();
  }
}

// SPDX-License-Identifier: MIT
#include "08-replication/payload_receiver.h"

#include <string>

#include "08-replication/sync_answer.h"
#include "shared/testing/catch.h"

using replication::PayloadReceiver;
using replication::SyncAnswer;
using Status = PayloadReceiver::Status;

namespace {

struct Received {
  Status status = Status::More;
  std::string snapshot;
  std::string rest;
  std::string error;
};

Received feed_in_pieces(std::string_view bytes, size_t piece) {
  PayloadReceiver receiver;
  Received result;
  while (!bytes.empty() && result.status == Status::More) {
    std::string_view some = bytes.substr(0, piece);
    bytes.remove_prefix(some.size());
    result.status = receiver.feed(some, [&](std::string_view part) { result.snapshot += part; });
    result.rest = some;
  }
  result.rest += bytes;
  result.error = receiver.error();
  return result;
}

const std::string kMark = "0123456789012345678901234567890123456789";

}  // namespace

TEST_CASE("payload: a counted snapshot in pieces of any size, the stream behind it untouched") {
  const std::string snapshot = "REDIS0010\r\n$5\r\n" + std::string(300, '\n');
  const std::string bytes =
      "\n\n\n$" + std::to_string(snapshot.size()) + "\r\n" + snapshot + "*1\r\n$4\r\nPING\r\n";
  for (size_t piece = 1; piece < bytes.size(); ++piece) {
    const Received got = feed_in_pieces(bytes, piece);
    REQUIRE(got.status == Status::Done);
    REQUIRE(got.snapshot == snapshot);
    REQUIRE(got.rest == "*1\r\n$4\r\nPING\r\n");
  }
}

TEST_CASE("payload: an empty snapshot") {
  const Received got = feed_in_pieces("$0\r\nrest", 3);
  CHECK(got.status == Status::Done);
  CHECK(got.snapshot.empty());
}

TEST_CASE("payload: a snapshot that ends with a mark, in pieces of any size") {
  for (const size_t length : {0U, 1U, 39U, 40U, 41U, 500U}) {
    const std::string snapshot = (kMark.substr(0, 39) + std::string(500, 'x')).substr(0, length);
    const std::string bytes = "\n$EOF:" + kMark + "\r\n" + snapshot + kMark;
    for (size_t piece = 1; piece <= bytes.size(); ++piece) {
      const Received got = feed_in_pieces(bytes, piece);
      REQUIRE(got.status == Status::Done);
      REQUIRE(got.snapshot == snapshot);
    }
  }
}

TEST_CASE("payload: what is no snapshot") {
  CHECK(feed_in_pieces("-ERR no\r\n", 100).error ==
        "MASTER aborted replication with an error: ERR no");
  CHECK(feed_in_pieces("+OK\r\n", 100).status == Status::Failed);
  CHECK(feed_in_pieces("$-1\r\n", 100).status == Status::Failed);
  CHECK(feed_in_pieces("$12a\r\n", 100).status == Status::Failed);
  CHECK(feed_in_pieces("$EOF:short\r\n", 100).status == Status::Failed);
  CHECK(feed_in_pieces(std::string(1000, '$'), 100).status == Status::Failed);
}

TEST_CASE("sync answer: every form") {
  using Kind = SyncAnswer::Kind;
  const SyncAnswer full = replication::read_sync_answer("+FULLRESYNC " + kMark + " 1234");
  CHECK(full.kind == Kind::FullCopy);
  CHECK(full.id == kMark);
  CHECK(full.position == 1234);
  CHECK(replication::read_sync_answer("+CONTINUE").kind == Kind::Continue);
  CHECK(replication::read_sync_answer("+CONTINUE " + kMark).id == kMark);
  CHECK(replication::read_sync_answer("-NOMASTERLINK Can't SYNC").kind == Kind::Later);
  CHECK(replication::read_sync_answer("-LOADING wait").kind == Kind::Later);
  for (const char* wrong :
       {"", "+FULLRESYNC", "+FULLRESYNC abc 1", "-ERR unknown command", "+OK"}) {
    CHECK(replication::read_sync_answer(wrong).kind == Kind::Refused);
  }
}

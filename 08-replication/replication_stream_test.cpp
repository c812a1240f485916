// SPDX-License-Identifier: MIT
#include "08-replication/replication_stream.h"

#include <string>
#include <vector>

#include "08-replication/history.h"
#include "shared/testing/catch.h"
#include "shared/util/random.h"

using replication::History;
using replication::ReplicationStream;
using replication::resume_position;

namespace {

std::string text_of(resp::OutputBuffer& output) {
  std::string text;
  std::string_view piece;
  while (output.pieces({&piece, 1}) > 0) {
    text += piece;
    output.consume(piece.size());
  }
  return text;
}

std::string from(const ReplicationStream& stream, int64_t position) {
  resp::OutputBuffer output;
  stream.copy_to(output, position);
  return text_of(output);
}

std::string bytes(util::Random& random, size_t most) {
  std::string text(random.below(most + 1), '\0');
  for (char& byte : text) byte = static_cast<char>(random.next());
  return text;
}

}  // namespace

TEST_CASE("stream: what was appended comes back from any position that is kept") {
  util::Random random(8);
  const uint64_t limit = 100'000;
  ReplicationStream stream(limit);
  std::string all;
  for (int i = 0; i < 400; ++i) {
    const std::string piece = bytes(random, i % 10 == 0 ? 40'000 : 300);
    all += piece;
    stream.append(piece);
    REQUIRE(stream.end() == static_cast<int64_t>(all.size()));
    REQUIRE(stream.size() <= limit + ReplicationStream::kBlockSize);
    REQUIRE(stream.size() >= std::min<size_t>(limit, all.size()));
    const auto position = stream.begin() + static_cast<int64_t>(random.below(stream.size() + 1));
    REQUIRE(from(stream, position) == all.substr(static_cast<size_t>(position)));
  }
}

TEST_CASE("stream: a hold keeps its bytes, however many come") {
  const uint64_t limit = 1;
  ReplicationStream stream(limit);
  stream.append(std::string(50'000, 'a'));
  {
    const ReplicationStream::Hold hold(stream, stream.end());
    const std::string behind(500'000, 'b');
    stream.append(behind);
    CHECK(stream.begin() <= hold.position());
    CHECK(from(stream, hold.position()) == behind);
  }
  stream.append("c");
  CHECK(stream.size() <= ReplicationStream::kBlockSize);
}

TEST_CASE("stream: an output keeps what it refers to when the stream has forgotten it") {
  const uint64_t limit = 1;
  ReplicationStream stream(limit);
  stream.append("hello ");
  resp::OutputBuffer output;
  stream.copy_to(output, 0);
  stream.append("world");
  stream.copy_to(output, 6);
  CHECK(output.memory_size() < 1000);  // two slices of one block are one reference
  stream.append(std::string(100'000, 'x'));
  CHECK(stream.begin() > 11);
  CHECK(text_of(output) == "hello world");
}

TEST_CASE("stream: many replicas share one copy") {
  const uint64_t limit = 1'000'000;
  ReplicationStream stream(limit);
  stream.append(std::string(500'000, 'x'));
  std::vector<resp::OutputBuffer> outputs(20);
  for (resp::OutputBuffer& output : outputs) {
    stream.copy_to(output, 0);
    CHECK(output.size() == 500'000);
    CHECK(output.memory_size() < 5000);
  }
}

TEST_CASE("history: who may go on, and where") {
  const uint64_t limit = 20'000;
  ReplicationStream stream(limit);
  stream.append(std::string(60'000, 'x'));
  History history;
  const std::string id = history.id;
  CHECK(resume_position(history, stream, true, id, 60'001) == 60'000);
  CHECK(resume_position(history, stream, true, id, stream.begin() + 1) == stream.begin());
  CHECK_FALSE(resume_position(history, stream, true, id, stream.begin()));
  CHECK_FALSE(resume_position(history, stream, true, id, 60'002));
  CHECK_FALSE(resume_position(history, stream, false, id, 60'001));
  CHECK_FALSE(resume_position(history, stream, true, "?", -1));
  CHECK_FALSE(resume_position(history, stream, true, History::kNoId, 60'001));

  history.branch(60'000);
  stream.append("y");
  CHECK(resume_position(history, stream, true, history.id, 60'002) == 60'001);
  CHECK(resume_position(history, stream, true, id, 60'001) == 60'000);
  CHECK_FALSE(resume_position(history, stream, true, id, 60'002));
}

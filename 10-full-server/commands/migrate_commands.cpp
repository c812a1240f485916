// SPDX-License-Identifier: MIT
// MIGRATE: keys to another server, which gets them before they are deleted here.
#include "10-full-server/commands/migrate_commands.h"

#include <algorithm>
#include <vector>

#include "06-rdb/snapshot_saver.h"
#include "06-rdb/value_codec.h"
#include "10-full-server/migration/target_link.h"
#include "shared/command/context.h"
#include "shared/resp/request_writer.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using keyspace::Entry;
using migration::TargetLink;
using migration::TargetLinks;
namespace errors = util::errors;

namespace {

struct Request {
  std::string host;
  std::string port;
  int64_t db = 0;
  int timeout_ms = 0;
  bool copy = false;
  bool replace = false;
  std::string_view user;
  std::string_view password;
  bool authenticates = false;
  resp::Args keys;
};

// False: it was answered.
bool read_options(Context& c, Request& request) {
  request.keys = c.args(3).first(1);
  for (size_t i = 6; i < c.argc(); ++i) {
    const size_t more = c.argc() - 1 - i;
    const auto is = [&](std::string_view word) { return util::equal_ignoring_case(c.arg(i), word); };
    if (is("copy")) {
      request.copy = true;
    } else if (is("replace")) {
      request.replace = true;
    } else if (is("auth") && more >= 1) {
      request.authenticates = true;
      request.password = c.arg(++i);
      c.redact(i);
    } else if (is("auth2") && more >= 2) {
      request.authenticates = true;
      request.user = c.arg(++i);
      c.redact(i);
      request.password = c.arg(++i);
      c.redact(i);
    } else if (is("keys")) {
      if (!c.arg(3).empty()) {
        c.reply().error("ERR When using MIGRATE KEYS option, the key argument must be set to the empty string");
        return false;
      }
      request.keys = c.args(i + 1);
      break;
    } else {
      return c.fail(errors::kSyntax), false;
    }
  }
  return true;
}

bool read(Context& c, Request& request) {
  if (!read_options(c, request)) return false;
  constexpr int64_t kDefaultTimeoutMs = 1000;
  const auto timeout = util::parse_int64(c.arg(5));
  const auto db = util::parse_int64(c.arg(4));
  if (!timeout || !db) return c.fail(errors::kNotInteger), false;
  request.timeout_ms = static_cast<int>(std::min<int64_t>(*timeout <= 0 ? kDefaultTimeoutMs : *timeout, INT32_MAX));
  request.db = *db;
  request.host = c.arg(1);
  request.port = c.arg(2);
  return true;
}

// AUTH and SELECT where they are due, and a RESTORE for each entry.
util::ByteBuffer encode(Context& c, const Request& request, bool select, const std::vector<Entry*>& entries) {
  util::ByteBuffer out;
  if (request.authenticates) {
    std::vector<std::string_view> words = {"AUTH", request.user, request.password};
    if (request.user.empty()) words.erase(words.begin() + 1);
    resp::append_request(out, words);
  }
  if (select) {
    const std::string db = std::to_string(request.db);
    resp::append_request(out, std::vector<std::string_view>{"SELECT", db});
  }
  const int version = c.get<rdb::SnapshotSaver>().settings().version;
  for (const Entry* entry : entries) {
    util::ByteBuffer payload;
    rdb::append_dump(payload, c.get<rdb::CodecTable>(), *entry, version);
    const int64_t rest = entry->has_deadline() ? std::max<int64_t>(entry->deadline() - c.now(), 1) : 0;
    const std::string ttl = std::to_string(rest);
    std::vector<std::string_view> words = {"RESTORE", entry->key(), ttl, payload.view()};
    if (request.replace) words.emplace_back("REPLACE");
    resp::append_request(out, words);
  }
  return out;
}

// One attempt: what became of it. Keys that the target has acknowledged leave this server, unless they are copied.
class Attempt {
 public:
  Attempt(Context& c, const Request& request, TargetLink& link, const std::vector<Entry*>& entries)
      : c_(c), request_(request), link_(link), entries_(entries) {}

  // False: the connection failed.
  bool run() {
    const bool select = link_.selected != request_.db;
    if (!link_.write(encode(c_, request_, select, entries_).view(), request_.timeout_ms)) {
      writing_ = true;
      return false;
    }
    std::string refusal;  // of AUTH or SELECT: it stands for what follows, too
    for (int greetings = (request_.authenticates ? 1 : 0) + (select ? 1 : 0); greetings > 0; --greetings) {
      const auto line = link_.read_line(request_.timeout_ms);
      if (!line) return false;
      if (line->starts_with('-') && refusal.empty()) refusal = line->substr(1);
    }
    for (Entry* entry : entries_) {
      const auto line = link_.read_line(request_.timeout_ms);
      if (!line) return false;
      ++answered_;
      if (line->starts_with('-') || !refusal.empty()) {
        if (error_.empty()) error_ = refusal.empty() ? line->substr(1) : refusal;
      } else if (!request_.copy) {
        moved_.emplace_back(entry->key());
      }
    }
    link_.selected = error_.empty() ? request_.db : -1;
    return true;
  }

  bool writing() const { return writing_; }
  bool nothing_answered() const { return answered_ == 0; }
  const std::string& target_error() const { return error_; }

  // For the log and the replicas the keys have been deleted.
  void delete_moved() {
    std::vector<std::string_view> words = {"DEL"};
    for (const std::string& key : moved_) {
      c_.db().erase(key);
      c_.changed(keyspace::Event::Generic, "del", key);
      words.emplace_back(key);
    }
    if (words.size() > 1) {
      c_.propagate().as(words);
    } else {
      c_.propagate().nothing();
    }
  }

 private:
  Context& c_;
  const Request& request_;
  TargetLink& link_;
  const std::vector<Entry*>& entries_;
  std::vector<std::string> moved_;
  std::string error_;
  size_t answered_ = 0;
  bool writing_ = false;
};

}  // namespace

void migrate(Context& c) {
  Request request;
  if (!read(c, request)) return;
  std::vector<Entry*> entries;
  for (const std::string_view key : request.keys) {
    Entry* entry = c.db().find(key);
    if (entry != nullptr && std::find(entries.begin(), entries.end(), entry) == entries.end()) entries.push_back(entry);
  }
  if (entries.empty()) return c.reply().simple("NOKEY");
  auto& links = c.get<TargetLinks>();
  for (bool may_retry = true;; may_retry = false) {
    TargetLink* link = links.get(request.host, request.port, request.timeout_ms, c.now());
    if (link == nullptr) return c.reply().error("IOERR error or timeout connecting to the client");
    Attempt attempt(c, request, *link, entries);
    const bool whole = attempt.run();
    const bool timed_out = link->timed_out();
    if (!whole) links.drop(request.host, request.port);
    // A kept connection that the other side has closed meanwhile says nothing about the other side.
    if (!whole && may_retry && !timed_out && attempt.nothing_answered()) continue;
    attempt.delete_moved();
    if (!attempt.target_error().empty()) {
      return c.reply().error("ERR Target instance replied with error: " + attempt.target_error());
    }
    if (whole) return c.reply().ok();
    return c.reply().error(std::string("IOERR error or timeout ") + (attempt.writing() ? "writing" : "reading") +
                           " to target instance");
  }
}

}  // namespace full_server

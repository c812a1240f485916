// SPDX-License-Identifier: MIT
// SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]: the server's end, or its staying.
#include "09-shutdown/commands.h"
#include "09-shutdown/shutdown.h"
#include "shared/command/context.h"
#include "shared/util/todo.h"

namespace shutdown {

using command::ArgReader;
using command::Context;

static constexpr util::Error kErrors{"ERR Errors trying to SHUTDOWN. Check logs."};
static constexpr util::Error kNone{"ERR No shutdown in progress."};
static constexpr util::Error kMayNotBlock{
    "ERR SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client"};

struct Asked {
  Options options = 0;
  bool abort = false;
};

// The words behind SHUTDOWN, in any order and any number. Combinations without a meaning are errors
// of the reader.
static Asked read_words(ArgReader& words) {
  Asked asked;
  // [09.4 begin] each word sets what it says; SAVE with NOSAVE, and ABORT with anything, are syntax errors
  //stub: if (words.more()) util::todo("09.4");
  while (words.more()) {
    if (words.take("nosave")) {
      asked.options |= kNoSave;
    } else if (words.take("save")) {
      asked.options |= kSave;
    } else if (words.take("now")) {
      asked.options |= kNow;
    } else if (words.take("force")) {
      asked.options |= kForce;
    } else if (words.take("abort")) {
      asked.abort = true;
    } else {
      words.fail(util::errors::kSyntax);
    }
  }
  constexpr Options kBoth = kSave | kNoSave;
  if ((asked.options & kBoth) == kBoth || (asked.abort && asked.options != 0))
    words.fail(util::errors::kSyntax);
  // [09.4 end]
  return asked;
}

// Success is the end of the connection. A command that runs again hears that it was not to be.
static void shutdown(Context& c) {
  auto& shutdown = c.get<Shutdown>();
  if (c.resumed()) return shutdown.running() ? c.block_on(shutdown.askers(), 0) : c.fail(kErrors);
  ArgReader words = c.reader(1);
  const Asked asked = read_words(words);
  if (!words.ok()) return c.fail(words.error());
  if (asked.abort) return shutdown.abort() ? c.reply().ok() : c.fail(kNone);
  const bool may_block = c.client().may_block;
  if (!may_block && (asked.options & kNow) == 0) return c.fail(kMayNotBlock);
  if (may_block) c.block_on(shutdown.askers(), 0);
  shutdown.request(request_of(asked.options));
}

std::span<const command::CommandRow> shutdown_commands() {
  using namespace command;
  static constexpr CommandRow kRows[] = {
      {"shutdown",
       -1,
       kAdmin | kNoScript | kLoading | kStale | kNoMulti | kAllowBusy,
       {},
       0,
       shutdown},
  };
  return kRows;
}

}  // namespace shutdown

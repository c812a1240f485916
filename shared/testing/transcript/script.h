// SPDX-License-Identifier: MIT
//
// A parsed .chk file: scenarios of statements. Parsing finds every mistake of notation before
// anything runs. A line with several parts (> SET a 1 > GET a < +OK < "1") becomes one statement
// for each part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/testing/transcript/pattern.h"
#include "shared/testing/transcript/word.h"

namespace transcript {

enum class Op {
  // connections; `target` is the connection
  Send,
  Inline,
  Raw,
  Expect,
  ExpectUnordered,
  ExpectRaw,
  NoReply,
  Closed,
  Connect,
  Split,
  StopReading,
  ReadSlowly,
  ResumeReading,
  ShutdownWrite,
  Reset,
  Close,
  // servers and proxies; `target` is the server or the proxy
  Start,
  Server,
  Proxy,
  Kill,
  Term,
  Restart,
  PowerCut,
  Exit,
  Log,
  Cut,
  Heal,
  Order,
  File,
  // flow
  Let,
  LetReply,
  For,
  ForIn,
  Eventually,
  Probe,
};

struct Marks {
  std::string since;    // @since 7.2
  std::string differs;  // @differs REASON
  bool differs_set = false;
};

struct Statement {
  Op op = Op::Send;
  int line = 0;
  std::string target;       // name before > < or a colon; empty is the default
  std::string name;         // the variable, the new connection, the file verb…
  std::vector<Word> words;  // arguments
  std::vector<Pattern> patterns;
  std::vector<Statement> body;  // for, eventually
  Marks marks;
  std::string source;  // the line, for messages
};

struct Scenario {
  std::string file;
  int line = 0;
  std::string id;  // 02.3, 02.e1; empty in guides' fences
  std::string title;
  int points = 0;
  int rule = 0;  // 0: none
  bool share_server = false;
  Marks marks;
  std::vector<Statement> statements;
};

// Throws SyntaxError. `text` without any header line is one scenario named after the file.
std::vector<Scenario> parse_script(const std::string& file, std::string_view text);

// The statements of one line, for tests and for blocks; block words (for, eventually, end) have no
// body yet.
std::vector<Statement> parse_line(std::string_view text, int line);

}  // namespace transcript

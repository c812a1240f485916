// SPDX-License-Identifier: MIT
//
// One line of a transcript. The first word decides; a table maps the words that take plain
// arguments.
#include <algorithm>
#include <optional>
#include <regex>
#include <utility>

#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/script.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

struct Keyword {
  std::string_view text;
  Op op;
  std::size_t least;  // arguments
  std::size_t most;
};

constexpr std::size_t kMany = 1000;
constexpr Keyword kKeywords[] = {
    {"split", Op::Split, 1, 2},
    {"stop-reading", Op::StopReading, 0, 0},
    {"read-slowly", Op::ReadSlowly, 1, 1},
    {"resume-reading", Op::ResumeReading, 0, 0},
    {"shutdown-write", Op::ShutdownWrite, 0, 0},
    {"reset", Op::Reset, 0, 0},
    {"close", Op::Close, 0, 0},
    {"closed", Op::Closed, 0, 0},
    {"no-reply", Op::NoReply, 0, 1},
    {"start", Op::Start, 0, kMany},
    {"kill", Op::Kill, 0, 1},
    {"term", Op::Term, 0, 1},
    {"restart", Op::Restart, 0, kMany},
    {"powercut", Op::PowerCut, 0, 1},
    {"exit", Op::Exit, 1, 2},
    {"cut", Op::Cut, 0, 3},
    {"heal", Op::Heal, 0, 1},
    {"order", Op::Order, 3, kMany},
    {"probe", Op::Probe, 1, kMany},
};

bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// ">", "a>", "<", "a<": the arrow, with the connection it belongs to.
struct Arrow {
  char direction;
  std::string connection;
};

std::optional<Arrow> arrow_of(std::string_view token) {
  if (token.empty() || (token.back() != '>' && token.back() != '<')) return std::nullopt;
  const std::string_view name = token.substr(0, token.size() - 1);
  if (!name.empty() && !is_name(name)) return std::nullopt;
  return Arrow{token.back(), std::string(name)};
}

class LineParser {
 public:
  LineParser(std::string_view text, int line) : cursor_(text, line) {}

  std::vector<Statement> parse() {
    take_target();
    parse_statement();
    if (!cursor_.at_end())
      cursor_.fail("did not expect '" + std::string(cursor_.peek_token()) + "' here");
    parse_marks();
    for (Statement& statement : statements_) statement.marks = marks_;
    return std::move(statements_);
  }

 private:
  Statement& add(Op op) {
    Statement statement;
    statement.op = op;
    statement.line = cursor_.line();
    statement.target = target_;
    statements_.push_back(std::move(statement));
    return statements_.back();
  }

  // "a: closed" — a prefix for words that have no arrow.
  void take_target() {
    const std::string_view token = cursor_.peek_token();
    if (token.size() < 2 || token.back() != ':' || !is_name(token.substr(0, token.size() - 1)))
      return;
    target_ = token.substr(0, token.size() - 1);
    cursor_.advance(token.size());
  }

  void parse_statement() {
    const std::string token(cursor_.peek_token());
    if (arrow_of(token)) return parse_arrows();
    if (token.empty()) cursor_.fail("a word is missing");
    cursor_.advance(token.size());
    if (token == "raw") return parse_raw();
    if (token == "inline") return parse_inline();
    if (token == "expect") return parse_expect_raw();
    if (token == "let") return parse_let();
    if (token == "for") return parse_for();
    if (token == "eventually") return parse_eventually();
    if (token == "conn") return parse_conn();
    if (token == "server") return parse_server();
    if (token == "proxy") return parse_proxy();
    if (token == "log") return parse_log();
    if (token == "file") return parse_file();
    for (const Keyword& keyword : kKeywords) {
      if (keyword.text == token) return parse_keyword(keyword);
    }
    cursor_.fail("unknown word '" + token + "' (see docs/transcripts.md)");
  }

  void parse_keyword(const Keyword& keyword) {
    Statement& statement = add(keyword.op);
    while (!cursor_.at_end()) statement.words.push_back(cursor_.take_word());
    const std::size_t count = statement.words.size();
    if (count < keyword.least || count > keyword.most) {
      cursor_.fail(std::string(keyword.text) + " takes " + std::to_string(keyword.least) +
                   (keyword.most == kMany           ? " or more"
                    : keyword.most == keyword.least ? ""
                                                    : " to " + std::to_string(keyword.most)) +
                   " arguments, here are " + std::to_string(count));
    }
  }

  // > CMD args  < reply reply  a> CMD  a< reply
  void parse_arrows() {
    std::string connection = target_;
    while (!cursor_.at_end()) {
      const std::optional<Arrow> arrow = arrow_of(cursor_.peek_token());
      if (!arrow)
        cursor_.fail("expected > or < before '" + std::string(cursor_.peek_token()) + "'");
      cursor_.advance(cursor_.peek_token().size());
      if (!arrow->connection.empty()) connection = arrow->connection;
      if (arrow->direction == '>')
        parse_send(connection);
      else
        parse_replies(connection);
    }
  }

  void parse_send(const std::string& connection) {
    Statement& statement = add(Op::Send);
    statement.target = connection;
    while (!cursor_.at_end() && !arrow_of(cursor_.peek_token()))
      statement.words.push_back(cursor_.take_word());
    if (statement.words.empty()) cursor_.fail("a command is missing after >");
  }

  void parse_replies(const std::string& connection) {
    const std::string first(cursor_.peek_token());
    if (first == "no-reply" || first == "closed") {
      cursor_.advance(first.size());
      add(first == "closed" ? Op::Closed : Op::NoReply).target = connection;
      return;
    }
    if (first == "raw") {
      cursor_.advance(first.size());
      Statement& statement = add(Op::ExpectRaw);
      statement.target = connection;
      take_words_to_arrow(statement);
      return;
    }
    const bool unordered = first == "unordered";
    if (unordered) cursor_.advance(first.size());
    Statement& statement = add(unordered ? Op::ExpectUnordered : Op::Expect);
    statement.target = connection;
    do {
      statement.patterns.push_back(parse_pattern(cursor_, true));
    } while (!cursor_.at_end() && !arrow_of(cursor_.peek_token()));
  }

  void take_words_to_arrow(Statement& statement) {
    while (!cursor_.at_end() && !arrow_of(cursor_.peek_token()))
      statement.words.push_back(cursor_.take_word());
    if (statement.words.empty()) cursor_.fail("bytes are missing: \"…\"");
  }

  void parse_raw() {
    take_words_to_arrow(add(Op::Raw));
    if (!cursor_.at_end()) parse_arrows();
  }

  void parse_inline() {
    take_words_to_arrow(add(Op::Inline));
    if (!cursor_.at_end()) parse_arrows();
  }

  void parse_expect_raw() {
    if (cursor_.take_token() != "raw") cursor_.fail("write  expect raw \"…\"  or  < reply");
    take_words_to_arrow(add(Op::ExpectRaw));
  }

  // let x = WORD…   let x = > CMD args
  void parse_let() {
    const std::string name = cursor_.take_token();
    if (!is_name(name)) cursor_.fail("'" + name + "' is no variable name");
    if (cursor_.take_token() != "=") cursor_.fail("write  let name = value");
    if (const std::optional<Arrow> arrow = arrow_of(cursor_.peek_token());
        arrow && arrow->direction == '>') {
      cursor_.advance(cursor_.peek_token().size());
      if (!arrow->connection.empty()) target_ = arrow->connection;
      parse_send(target_);
      add(Op::LetReply).name = name;
      return;
    }
    Statement& statement = add(Op::Let);
    statement.name = name;
    while (!cursor_.at_end()) statement.words.push_back(cursor_.take_word());
    if (statement.words.empty()) cursor_.fail("a value is missing after =");
  }

  // for n in 0..$LEN [step 7]     for x in a b c
  void parse_for() {
    const std::string name = cursor_.take_token();
    if (!is_name(name)) cursor_.fail("'" + name + "' is no variable name");
    if (cursor_.take_token() != "in")
      cursor_.fail("write  for name in 0..9  or  for name in a b c");
    const std::string token(cursor_.peek_token());
    const std::size_t dots = token.find("..");
    const bool range =
        dots != std::string::npos && dots > 0 && token.find_first_of("\"'") == std::string::npos;
    Statement& statement = add(range ? Op::For : Op::ForIn);
    statement.name = name;
    if (!range) {
      while (!cursor_.at_end()) statement.words.push_back(cursor_.take_word());
      return;
    }
    cursor_.advance(token.size());
    const std::string ends[] = {token.substr(0, dots), token.substr(dots + 2)};
    for (const std::string& end : ends) {
      LineCursor inner(end, cursor_.line());
      statement.words.push_back(inner.take_word());
    }
    if (cursor_.at_end()) return;
    if (cursor_.take_token() != "step") cursor_.fail("after the range only  step N  may follow");
    statement.words.push_back(cursor_.take_word());
  }

  // eventually 2s            … end      or      eventually 2s STATEMENT
  void parse_eventually() {
    Statement& statement = add(Op::Eventually);
    statement.words.push_back(cursor_.take_word());
    if (cursor_.at_end()) return;
    LineParser inner(cursor_.rest(), cursor_.line());
    inner.target_ = target_;
    statement.body = inner.parse();
    cursor_.advance(cursor_.rest().size());
    if (statement.body.front().op == Op::For || statement.body.front().op == Op::ForIn) {
      cursor_.fail("a loop inside eventually needs a block: eventually 2s, then lines, then end");
    }
  }

  // conn [name] [to SERVER] [rcvbuf N]
  void parse_conn() {
    Statement& statement = add(Op::Connect);
    const std::string first(cursor_.peek_token());
    if (!first.empty() && first != "to" && first != "rcvbuf")
      statement.target = cursor_.take_token();
    while (!cursor_.at_end()) {
      const std::string option = cursor_.take_token();
      if (option == "to")
        statement.name = cursor_.take_token();
      else if (option == "rcvbuf")
        statement.words.push_back(cursor_.take_word());
      else
        cursor_.fail("conn [name] [to SERVER] [rcvbuf BYTES], not '" + option + "'");
    }
  }

  void parse_server() {
    Statement& statement = add(Op::Server);
    statement.target = cursor_.take_token();
    statement.name = cursor_.take_token();
    if (!is_name(statement.target) || (statement.name != "ours" && statement.name != "redis")) {
      cursor_.fail("write  server NAME ours [--flags]  or  server NAME redis [--flags]");
    }
    while (!cursor_.at_end()) statement.words.push_back(cursor_.take_word());
  }

  void parse_proxy() {
    Statement& statement = add(Op::Proxy);
    statement.target = cursor_.take_token();
    if (!is_name(statement.target) || cursor_.take_token() != "to")
      cursor_.fail("write  proxy NAME to SERVER");
    statement.name = cursor_.take_token();
  }

  // log contains /regex/     log lacks /regex/     log contains "text"
  void parse_log() {
    Statement& statement = add(Op::Log);
    statement.name = cursor_.take_token();
    if (statement.name != "contains" && statement.name != "lacks")
      cursor_.fail("write  log contains /regex/  or  log lacks /regex/");
    take_search(statement);
  }

  void take_search(Statement& statement) {
    cursor_.skip_blanks();
    Pattern pattern;
    pattern.kind = PatternKind::Text;
    if (cursor_.peek() == '/')
      pattern = parse_pattern(cursor_, false);
    else
      pattern.word = cursor_.take_word();
    statement.patterns.push_back(std::move(pattern));
  }

  // file PATH verb argument
  void parse_file() {
    constexpr std::string_view kVerbs[] = {"truncate", "flip",   "size",    "contains",
                                           "lacks",    "exists", "missing", "append",
                                           "write",    "remove", "copy"};
    Statement& statement = add(Op::File);
    statement.words.push_back(cursor_.take_word());
    statement.name = cursor_.take_token();
    if (std::find(std::begin(kVerbs), std::end(kVerbs), statement.name) == std::end(kVerbs)) {
      cursor_.fail("file PATH " + statement.name +
                   ": the verbs are truncate flip size contains lacks exists missing append write "
                   "remove copy");
    }
    if (statement.name == "contains" || statement.name == "lacks") return take_search(statement);
    if (statement.name == "size") {
      const std::string range = ":" + std::string(cursor_.peek_token());
      cursor_.advance(range.size() - 1);
      LineCursor inner(range, cursor_.line());
      statement.patterns.push_back(parse_pattern(inner, false));
      return;
    }
    while (!cursor_.at_end()) statement.words.push_back(cursor_.take_word());
    const bool bare =
        statement.name == "exists" || statement.name == "missing" || statement.name == "remove";
    if (bare != (statement.words.size() == 1))
      cursor_.fail("file PATH " + statement.name + ": wrong number of arguments");
  }

  void parse_marks() {
    while (true) {
      cursor_.skip_blanks();
      if (cursor_.rest().starts_with("@since")) {
        cursor_.advance(6);
        cursor_.skip_blanks();
        marks_.since = cursor_.take_token();
        if (marks_.since.empty()) cursor_.fail("@since needs a version: @since 7.2");
      } else if (cursor_.rest().starts_with("@differs")) {
        cursor_.advance(8);
        cursor_.skip_blanks();
        marks_.differs = cursor_.rest();
        marks_.differs_set = true;
        if (marks_.differs.empty()) cursor_.fail("@differs needs a reason");
        return;
      } else {
        return;
      }
    }
  }

  LineCursor cursor_;
  std::string target_;
  std::vector<Statement> statements_;
  Marks marks_;
};

}  // namespace

std::vector<Statement> parse_line(std::string_view text, int line) {
  std::vector<Statement> statements = LineParser(text, line).parse();
  for (Statement& statement : statements) statement.source = text;
  return statements;
}

}  // namespace transcript

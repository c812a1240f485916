// SPDX-License-Identifier: MIT
//
// A file: header lines open scenarios, blocks nest, marks on a line of their own belong to the
// whole scenario (or, before the first header, to every scenario of the file).
#include <charconv>
#include <iterator>
#include <optional>
#include <regex>
#include <utility>

#include "shared/testing/transcript/failure.h"
#include "shared/testing/transcript/script.h"

namespace transcript {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

// Cuts "  name: 3" off the end of a title.
int take_number(std::string& title, const std::string& name) {
  std::smatch found;
  if (!std::regex_search(title, found, std::regex("\\s" + name + ":\\s*(\\d+)"))) return 0;
  int value = 0;
  const std::string digits = found[1];
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  title.erase(static_cast<std::size_t>(found.position()), static_cast<std::size_t>(found.length()));
  return value;
}

class ScriptParser {
 public:
  ScriptParser(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  std::vector<Scenario> parse() {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      ++line_;
      parse_one(trimmed(text_.substr(0, end)));
      text_.remove_prefix(std::min(end + 1, text_.size()));
    }
    finish_scenario();
    return std::move(scenarios_);
  }

 private:
  void parse_one(std::string_view line) {
    if (line.empty()) return;
    if (line.front() == '#') {
      if (std::optional<Scenario> opened = header(line)) open_scenario(*std::move(opened));
      return;
    }
    if (line.front() == '@') return own_line_marks(line);
    if (line == "share-server") {
      share_ = true;
      if (!scenarios_.empty()) scenarios_.back().share_server = true;
      return;
    }
    if (scenarios_.empty()) open_scenario(Scenario{});
    if (line == "end" || line.starts_with("end ")) return close_block();
    std::vector<Statement> statements = parse_line(line, line_);
    const Op op = statements.front().op;
    const bool block = op == Op::For || op == Op::ForIn ||
                       (op == Op::Eventually && statements.front().body.empty());
    auto& into = blocks_.empty() ? scenarios_.back().statements : blocks_.back().body;
    if (block)
      blocks_.push_back(std::move(statements.front()));
    else
      std::move(statements.begin(), statements.end(), std::back_inserter(into));
  }

  void close_block() {
    if (blocks_.empty()) throw SyntaxError(line_, "end without for or eventually");
    Statement block = std::move(blocks_.back());
    blocks_.pop_back();
    if (block.body.empty()) throw SyntaxError(block.line, "the block has no lines");
    (blocks_.empty() ? scenarios_.back().statements : blocks_.back().body)
        .push_back(std::move(block));
  }

  void own_line_marks(std::string_view line) {
    // A mark is parsed behind a harmless word.
    const std::string text = "close " + std::string(line);
    const Marks marks = parse_line(text, line_).front().marks;
    Marks& into = scenarios_.empty() ? marks_ : scenarios_.back().marks;
    if (!marks.since.empty()) into.since = marks.since;
    if (marks.differs_set) {
      into.differs = marks.differs;
      into.differs_set = true;
    }
  }

  std::optional<Scenario> header(std::string_view line) const {
    std::match_results<std::string_view::const_iterator> found;
    static const std::regex kHeader(R"(#\s+(\d\d\.(?:\d+|e\d+))\s+(\S.*))");
    if (!std::regex_match(line.begin(), line.end(), found, kHeader)) return std::nullopt;
    Scenario scenario;
    scenario.id = found[1];
    scenario.title = found[2];
    scenario.points = take_number(scenario.title, "pts");
    scenario.rule = take_number(scenario.title, "rule");
    scenario.title = trimmed(scenario.title);
    return scenario;
  }

  void open_scenario(Scenario scenario) {
    finish_scenario();
    if (scenario.title.empty()) scenario.title = file_;
    scenario.file = file_;
    scenario.line = line_;
    scenario.marks = marks_;
    scenario.share_server = share_;
    scenarios_.push_back(std::move(scenario));
  }

  void finish_scenario() const {
    if (!blocks_.empty())
      throw SyntaxError(blocks_.back().line, "this block is never closed with end");
    if (!scenarios_.empty() && scenarios_.back().statements.empty()) {
      throw SyntaxError(scenarios_.back().line, "the scenario has no lines");
    }
  }

  std::string file_;
  std::string_view text_;
  int line_ = 0;
  bool share_ = false;
  Marks marks_;
  std::vector<Scenario> scenarios_;
  std::vector<Statement> blocks_;
};

}  // namespace

std::vector<Scenario> parse_script(const std::string& file, std::string_view text) {
  return ScriptParser(file, text).parse();
}

}  // namespace transcript

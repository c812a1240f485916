// SPDX-License-Identifier: MIT
// LOLWUT: a picture for its own sake. Ours is a cellular automaton with one dimension: each cell follows from the three
// above it by one of Wolfram's 256 rules, of which some are worth looking at. Rule 90 draws Sierpinski's triangle, rule 30
// is chaos, and rule 110 can compute anything.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "10-full-server/commands/commands.h"
#include "shared/command/context.h"
#include "shared/server/server.h"
#include "shared/util/random.h"

namespace full_server {

using command::Context;

static std::string draw(size_t columns, size_t rows, unsigned rule) {
  std::string picture;
  std::vector<char> cells(columns, 0);
  cells[columns / 2] = 1;
  for (size_t row = 0; row < rows; ++row) {
    std::string line;
    for (const char cell : cells) line += cell != 0 ? '#' : ' ';
    picture.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
    std::vector<char> next(columns);
    for (size_t i = 0; i < columns; ++i) {
      const unsigned left = cells[(i + columns - 1) % columns], right = cells[(i + 1) % columns];
      const unsigned above = left << 2 | static_cast<unsigned>(cells[i]) << 1 | right;
      next[i] = static_cast<char>(rule >> above & 1);
    }
    cells = std::move(next);
  }
  return picture;
}

// LOLWUT [VERSION version] [columns [rows]]: whatever the version, this is ours.
static void lolwut(Context& c) {
  constexpr int64_t kMostColumns = 160, kMostRows = 80;
  command::ArgReader reader = c.reader(1);
  if (reader.take("version") && reader.more()) reader.integer();
  const int64_t columns = reader.more() ? std::clamp<int64_t>(reader.integer(), 3, kMostColumns) : 63;
  const int64_t rows = reader.more() ? std::clamp<int64_t>(reader.integer(), 1, kMostRows) : 32;
  if (!reader.ok()) return c.fail(reader.error());
  static constexpr std::array<unsigned, 8> kRules = {18, 30, 60, 90, 105, 110, 126, 150};
  util::Random random;
  const unsigned rule = kRules[random.below(kRules.size())];
  c.reply().verbatim("txt", fmt::format("{}\nRule {}, from one cell.\nRedis ver. {}\n",
                                        draw(static_cast<size_t>(columns), static_cast<size_t>(rows), rule), rule,
                                        server::kRedisVersion));
}

std::span<const command::CommandRow> lolwut_commands() {
  using namespace command;
  static constexpr CommandRow kRows[] = {
      {"lolwut", -1, kReadOnly | kFast, {}, 0, lolwut},
  };
  return kRows;
}

}  // namespace full_server

// SPDX-License-Identifier: MIT
//
// All commands of a server: the rows that its stages contributed, and an index from names in any case to rows. Rows are
// added by the composition root (a later row of the same name replaces the earlier one), then build() makes the index
// once; from then on the table does not change, but for rename-command.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/command/command_row.h"

namespace command {

// A row with its place in this server.
struct Command {
  const CommandRow* row = nullptr;
  uint16_t id = 0;                        // dense; statistics are arrays indexed by it
  std::string_view name;                  // full name: "client|kill"
  const Command* container = nullptr;     // of a subcommand
  std::vector<const Command*> subcommands;

  bool is_container() const { return !subcommands.empty(); }
  std::string_view own_name() const;  // "kill"
};

class CommandTable {
 public:
  void add(std::span<const CommandRow> rows);
  // Throws std::logic_error when a subcommand has no container.
  void build();
  // Gives a command another name; an empty one removes it. False: there is no such command, or the name is taken.
  bool rename(std::string_view from, std::string_view to);

  const Command* find(std::string_view name) const;
  const Command* find_subcommand(const Command& container, std::string_view name) const;
  // "config|get" as well as "get".
  const Command* find_full_name(std::string_view name) const;

  size_t size() const { return commands_.size(); }  // subcommands included
  const Command& operator[](size_t id) const { return *commands_[id]; }
  size_t top_level_count() const { return top_level_; }

 private:
  void index(std::string_view name, const Command* command);
  size_t slot_of(std::string_view name) const;

  struct Slot {
    std::string name;
    const Command* command = nullptr;
  };
  std::vector<const CommandRow*> rows_;
  std::vector<std::unique_ptr<Command>> commands_;
  std::vector<Slot> slots_;
  size_t mask_ = 0;
  size_t top_level_ = 0;
};

}  // namespace command

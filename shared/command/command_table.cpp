// SPDX-License-Identifier: MIT
#include "shared/command/command_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace command {

std::string_view Command::own_name() const {
  const size_t bar = name.find('|');
  return bar == std::string_view::npos ? name : name.substr(bar + 1);
}

// Clients write GET, get and Get.
static bool same_name(std::string_view name, std::string_view asked) {
  // [03.1a begin] equal in any case; `name` is lower case already
  //stub: for (const char letter : asked) {
  //stub:   if (letter >= 'A' && letter <= 'Z') todo("03.1");  // a client's way of writing
  //stub: }
  //stub: return name == asked;  // what the table asks while it is built
  if (name.size() != asked.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != util::to_lower(asked[i])) return false;
  }
  return true;
  // [03.1a end]
}

// Length and first eight characters, case folded by one bit: enough to tell Redis' commands apart
// nearly always.
static uint64_t fold(std::string_view name) {
  uint64_t head = 0;
  std::memcpy(&head, name.data(), std::min<size_t>(name.size(), sizeof head));
  const uint64_t last = name.empty() ? 0 : static_cast<unsigned char>(name.back()) | 0x20u;
  uint64_t hash =
      ((head | 0x2020202020202020) ^ (name.size() << 56) ^ (last << 40)) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 32);
}

size_t CommandTable::slot_of(std::string_view name) const {
  size_t at = fold(name) & mask_;
  while (slots_[at].command != nullptr && !same_name(slots_[at].name, name)) at = (at + 1) & mask_;
  return at;
}

void CommandTable::add(std::span<const CommandRow> rows) {
  for (const CommandRow& row : rows) {
    const auto same = std::find_if(rows_.begin(), rows_.end(),
                                   [&](auto* other) { return other->name == row.name; });
    if (same == rows_.end()) {
      rows_.push_back(&row);
    } else {
      *same = &row;
    }
  }
}

void CommandTable::index(std::string_view name, const Command* command) {
  Slot& slot = slots_[slot_of(name)];
  slot.name = util::lower(name);
  slot.command = command;
}

void CommandTable::build() {
  slots_.assign(std::bit_ceil(4 * rows_.size() + 8), {});
  mask_ = slots_.size() - 1;
  commands_.clear();
  top_level_ = 0;
  for (const CommandRow* row : rows_) {
    auto command = std::make_unique<Command>();
    command->row = row;
    command->name = row->name;
    command->id = static_cast<uint16_t>(commands_.size());
    if (row->name.find('|') == std::string_view::npos) {
      index(row->name, command.get());
      ++top_level_;
    }
    commands_.push_back(std::move(command));
  }
  for (const auto& command : commands_) {
    const size_t bar = command->name.find('|');
    if (bar == std::string_view::npos) continue;
    auto* container = const_cast<Command*>(find(command->name.substr(0, bar)));
    if (container == nullptr)
      throw std::logic_error("no container for command " + std::string(command->name));
    container->subcommands.push_back(command.get());
    command->container = container;
  }
}

bool CommandTable::rename(std::string_view from, std::string_view to) {
  const Command* command = find(from);
  if (command == nullptr || (!to.empty() && find(to) != nullptr)) return false;
  // Open addressing has no holes: index the others again.
  std::vector<Slot> kept;
  for (Slot& slot : slots_) {
    if (slot.command != nullptr && slot.command != command) kept.push_back(std::move(slot));
    slot = {};
  }
  for (const Slot& slot : kept) index(slot.name, slot.command);
  if (!to.empty()) index(to, command);
  return true;
}

const Command* CommandTable::find(std::string_view name) const {
  return slots_[slot_of(name)].command;
}

const Command* CommandTable::find_subcommand(const Command& container,
                                             std::string_view name) const {
  for (const Command* command : container.subcommands) {
    if (same_name(command->own_name(), name)) return command;
  }
  return nullptr;
}

const Command* CommandTable::find_full_name(std::string_view name) const {
  const size_t bar = name.find('|');
  if (bar == std::string_view::npos) return find(name);
  const Command* container = find(name.substr(0, bar));
  return container == nullptr ? nullptr : find_subcommand(*container, name.substr(bar + 1));
}

}  // namespace command

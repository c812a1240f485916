// SPDX-License-Identifier: MIT
//
// What a data folder would hold after a power cut, from the notes of shim/durability_shim.cpp. The
// rules are those of a journalling file system: fsync of a file keeps its bytes (and its name, when
// it is new); creating, renaming and removing are kept by fsync of the folder. A name that is kept
// before the bytes are is an empty file. What lay in the folder when the server started counts as
// kept.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace transcript {

class DurableState {
 public:
  // `notes` is the folder of the shim's notes and copies; it is created.
  DurableState(std::string data, std::string notes);

  // The server is about to start: its folder as it is becomes the ground.
  void take_ground();
  // The server is dead: the folder becomes what was kept. Later starts begin from there.
  void restore();

  // Variables for the server's environment, `shim` being the library.
  [[nodiscard]] std::vector<std::string> environment(const std::string& shim) const;
  // The shim said that it is there.
  [[nodiscard]] bool loaded() const;

  [[nodiscard]] std::size_t notes_size() const;
  // "append", "fsync", "reply" … in order, from a byte of the notes on.
  [[nodiscard]] std::vector<std::string> events_since(std::size_t offset) const;

 private:
  void replay(std::string_view line, std::string& folder);

  std::string data_;
  std::string notes_;
  std::map<std::string, std::string> names_;     // path → key of the file
  std::map<std::string, std::string> contents_;  // key → the copy that holds its bytes
  std::size_t ground_ = 0;                       // notes before this byte belong to earlier starts
};

}  // namespace transcript

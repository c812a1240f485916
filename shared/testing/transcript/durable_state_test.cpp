// SPDX-License-Identifier: MIT
//
// The rules of a power cut, from notes written by hand: bytes, new names, renames, removals.
#include "shared/testing/transcript/durable_state.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "shared/testing/catch.h"
#include "shared/testing/transcript/text.h"

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("durable-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_ / "data");
    path_ = fs::canonical(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(at(name)) << text;
  }
  void note(const std::string& line) const {
    std::ofstream(at("notes/notes"), std::ios::app) << line << "\n";
  }
  // What the shim notes for a sync of data/NAME when it holds `text`.
  void note_sync(const std::string& key, const std::string& name, const std::string& text) const {
    write("copy-" + key, text);
    note("fsync\t" + key + "\t" + at("data/" + name) + "\t" + at("copy-" + key));
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    return transcript::read_file(at("data/" + name)).value_or("(missing)");
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("durable state: bytes go back to the last sync") {
  const Folder folder;
  folder.write("data/old", "before");
  transcript::DurableState state(folder.at("data"), folder.at("notes"));
  state.take_ground();
  folder.write("data/old", "changed, never synced");
  folder.write("data/log", "one two");
  folder.note_sync("1", "log", "one");
  folder.write("data/never", "synced");
  state.restore();
  CHECK(folder.read("old") == "before");
  CHECK(folder.read("log") == "one");
  CHECK(folder.read("never") == "(missing)");
}

TEST_CASE("durable state: a rename is kept by the folder's sync, empty when the bytes were not") {
  const Folder folder;
  transcript::DurableState state(folder.at("data"), folder.at("notes"));
  state.take_ground();
  folder.note_sync("1", "temp", "snapshot");
  state.restore();
  CHECK(folder.read("temp") == "snapshot");
  CHECK(folder.read("dump") == "(missing)");
  folder.note("folder\t" + folder.at("data"));
  folder.note("entry\t1\t" + folder.at("data/dump"));
  folder.note("entry\t2\t" + folder.at("data/hasty"));
  state.restore();
  CHECK(folder.read("temp") == "(missing)");
  CHECK(folder.read("dump") == "snapshot");
  CHECK(folder.read("hasty").empty());
}

TEST_CASE("durable state: events since a place, in order") {
  const Folder folder;
  transcript::DurableState state(folder.at("data"), folder.at("notes"));
  state.take_ground();
  CHECK_FALSE(state.loaded());
  folder.note("load");
  CHECK(state.loaded());
  const std::size_t from = state.notes_size();
  folder.note("append\t" + folder.at("data/log"));
  folder.note("reply");
  CHECK(state.events_since(from) == std::vector<std::string>{"append", "reply"});
}

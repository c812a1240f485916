// SPDX-License-Identifier: MIT
//
// Words about files: looking at them and damaging them. Paths are relative to the server's data
// folder; a * must match exactly one file.
#include <glob.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "shared/testing/transcript/scenario_run.h"
#include "shared/testing/transcript/text.h"

namespace transcript {
namespace {

namespace fs = std::filesystem;

void write_file(const std::string& path, const std::string& bytes, std::ios::openmode mode) {
  std::ofstream out(path, std::ios::binary | mode);
  out << bytes;
  if (!out.flush()) fail("cannot write " + path);
}

// An offset from the start, or from the end when it is negative.
std::size_t offset_in(long long at, std::size_t size, const std::string& path) {
  const long long from_start = at < 0 ? static_cast<long long>(size) + at : at;
  if (from_start < 0 || from_start > static_cast<long long>(size)) {
    fail(path + " has " + std::to_string(size) + " bytes, so there is no offset " +
         std::to_string(at));
  }
  return static_cast<std::size_t>(from_start);
}

void flip(const std::string& path, long long at) {
  std::string bytes = read_file(path).value_or("");
  const std::size_t offset = offset_in(at, bytes.size(), path);
  if (offset == bytes.size()) fail(path + " ends before offset " + std::to_string(at));
  bytes[offset] = static_cast<char>(~static_cast<unsigned char>(bytes[offset]));
  write_file(path, bytes, std::ios::trunc);
}

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

}  // namespace

std::string ScenarioRun::path_of(const Statement& statement, bool must_exist) {
  std::string path = environment_.expand(statement.words[0]);
  if (!path.starts_with("/")) path = fleet_.get(statement.target).dir() + "/" + path;
  if (path.find('*') != std::string::npos) {
    glob_t found{};
    const int status = ::glob(path.c_str(), 0, nullptr, &found);
    const std::size_t count = status == 0 ? found.gl_pathc : 0;
    if (count == 1) path = found.gl_pathv[0];
    ::globfree(&found);
    if (count > 1) fail(path + " matches " + std::to_string(count) + " files, not one");
  }
  if (must_exist && !fs::exists(path)) fail("there is no file " + path);
  return path;
}

// The increment of a multi-part log that is being written, or the single file of older servers.
std::string ScenarioRun::log_file_of(ServerProcess& server) {
  const fs::path folder = fs::path(server.dir()) / "appendonlydir";
  std::string name;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".manifest") continue;
    std::istringstream manifest(read_file(entry.path().string()).value_or(""));
    std::string line;
    while (std::getline(manifest, line)) {
      std::istringstream words(line);
      std::string key;
      std::string file;
      if (words >> key >> file && key == "file" && line.find("type i") != std::string::npos)
        name = file;
    }
  }
  return name.empty() ? server.dir() + "/appendonly.aof" : (folder / name).string();
}

void ScenarioRun::run_file(const Statement& statement) {
  const std::string& verb = statement.name;
  const bool may_lack = verb == "missing" || verb == "exists" || verb == "write" ||
                        verb == "append" || verb == "lacks";
  const std::string path = path_of(statement, !may_lack);
  if (verb == "size" || verb == "contains" || verb == "lacks") return check_file(statement, path);
  const auto integer = [&] { return environment_.integer(statement.words.at(1)); };
  if (verb == "truncate")
    return fs::resize_file(path, offset_in(integer(), fs::file_size(path), path));
  if (verb == "flip") return flip(path, integer());
  if (verb == "remove") return static_cast<void>(fs::remove_all(path));
  if (verb == "write" || verb == "append") {
    std::string bytes;
    for (const std::string& word : expand(statement.words, 1)) bytes += word;
    return write_file(path, bytes, verb == "write" ? std::ios::trunc : std::ios::app);
  }
  if (verb == "copy") {
    std::string to = environment_.expand(statement.words.at(1));
    if (!to.starts_with("/")) to = fleet_.get(statement.target).dir() + "/" + to;
    fs::create_directories(fs::path(to).parent_path());
    return fs::copy(path, to, fs::copy_options::overwrite_existing | fs::copy_options::recursive);
  }
  if (fs::exists(path) != (verb == "exists"))
    fail(name_of(path) + (verb == "exists" ? " is missing" : " exists"));
}

void ScenarioRun::check_file(const Statement& statement, const std::string& path) {
  const Pattern& pattern = statement.patterns.front();
  Failure failure;
  if (statement.name == "size") {
    resp::Reply size;
    size.type = resp::ReplyType::Integer;
    size.text = std::to_string(fs::file_size(path));
    if (!match(pattern, size, environment_)) return;
    failure.reason = name_of(path) + " has another size";
    failure.expected = pattern.source.substr(1) + " bytes";
    failure.received = size.text + " bytes";
    throw FailureError(std::move(failure));
  }
  const std::string bytes = read_file(path).value_or("");
  const bool found = pattern.regex
                         ? regex_found(bytes, pattern.expression)
                         : bytes.find(environment_.expand(pattern.word)) != std::string::npos;
  if (found == (statement.name == "contains")) return;
  failure.reason =
      name_of(path) + (found ? " has what it should lack" : " lacks the expected bytes");
  failure.expected =
      pattern.regex ? "/" + pattern.expression + "/" : clipped(environment_.expand(pattern.word));
  failure.received = clipped(bytes);
  throw FailureError(std::move(failure));
}

}  // namespace transcript

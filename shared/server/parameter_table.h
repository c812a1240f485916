// SPDX-License-Identifier: MIT
//
// Every configuration parameter is one row: its name, how it is read and printed, and what must happen when it changes at
// run time. The value lives with the part that uses it; the row only points to it. The same rows serve redis.conf, command
// line flags, CONFIG GET, SET and REWRITE. Source: redis.conf and CONFIG of Redis 7.2, error texts included.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/util/result.h"

namespace server {

struct Parameter {
  std::string name;
  std::string alias = {};
  std::function<std::string()> get;                             // the value as redis.conf writes it
  std::function<util::Result<>(std::string_view)> set;          // reads and stores; changes nothing on failure
  bool immutable = false;                                       // only before the server starts
  bool guarded = false;                                         // at run time only where enable-protected-configs allows
  bool hidden = false;       // CONFIG GET shows it to those who know its name
  bool secret = false;       // its value is redacted in slow log and MONITOR
  bool not_while_loading = false;
  bool directive = false;    // for configuration files only: unknown to CONFIG GET and SET
  bool takes_words = false;                                     // several words of one line belong to it ("save 60 1")
  bool repeats = false;                                         // several lines add up ("rename-command")
  std::function<util::Result<>()> apply = {};                   // after set() at run time
  std::function<std::vector<std::string>()> rewrite = {};       // its lines for CONFIG REWRITE, when one is not enough
  std::string default_value = {};                               // filled in by the table

  Parameter& fixed() { return immutable = true, *this; }
  Parameter& concealed() { return hidden = true, *this; }
  Parameter& confidential() { return secret = true, *this; }
  Parameter& also_called(std::string other) { return alias = std::move(other), *this; }
  Parameter& then(std::function<util::Result<>()> action) { return apply = std::move(action), *this; }
};

// Rows of the usual kinds. The variable outlives the table.
Parameter boolean(std::string name, bool& value);
template <class Integer>
Parameter integer(std::string name, Integer& value, int64_t low, int64_t high);
// "100mb"; printed in bytes.
Parameter memory_size(std::string name, uint64_t& value, uint64_t low = 0, uint64_t high = UINT64_MAX);
Parameter text(std::string name, std::string& value);
Parameter words(std::string name, std::vector<std::string>& value);
struct Choice {
  std::string_view name;
  int value;
};
Parameter choice(std::string name, int& value, std::initializer_list<Choice> choices);

class ParameterTable {
 public:
  void add(Parameter parameter);  // replaces an earlier one of this name

  // Sets one parameter at start-up, immutable or not. The error is a sentence.
  util::Result<> set_at_start(std::string_view name, const std::vector<std::string>& values);

  // CONFIG SET: all or nothing. The error is Redis' text, complete and with its code ("ERR CONFIG SET failed (possibly …").
  struct Assignment {
    std::string_view name;
    std::string_view value;
  };
  struct Circumstances {
    bool protected_too = false;
    bool loading = false;
  };
  util::Result<> set(const std::vector<Assignment>& assignments, Circumstances circumstances);

  // Every parameter whose name or alias matches one of the patterns, by the name that matched; a name that was asked for
  // without a pattern comes back in the spelling of the question.
  std::map<std::string, std::string> get(const std::vector<std::string_view>& patterns) const;

  const Parameter* find(std::string_view name) const;
  // Before the start; nothing when there is no such parameter.
  void conceal(std::string_view name);
  void make_secret(std::string_view name);
  bool is_secret(std::string_view name) const {
    const Parameter* row = find(name);
    return row != nullptr && row->secret;
  }
  const std::vector<Parameter>& rows() const { return rows_; }

 private:
  Parameter* find_row(std::string_view name);
  std::vector<Parameter> rows_;
};

}  // namespace server

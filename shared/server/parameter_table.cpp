// SPDX-License-Identifier: MIT
#include "shared/server/parameter_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/util/error.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"

namespace server {

using util::Failure;
using util::Result;

void ParameterTable::add(Parameter parameter) {
  if (!parameter.directive) parameter.default_value = parameter.get();
  if (Parameter* earlier = find_row(parameter.name)) {
    *earlier = std::move(parameter);
  } else {
    rows_.push_back(std::move(parameter));
  }
}

Parameter* ParameterTable::find_row(std::string_view name) {
  for (Parameter& row : rows_) {
    if (util::equal_ignoring_case(row.name, name)) return &row;
    if (!row.alias.empty() && util::equal_ignoring_case(row.alias, name)) return &row;
  }
  return nullptr;
}

const Parameter* ParameterTable::find(std::string_view name) const {
  return const_cast<ParameterTable*>(this)->find_row(name);
}

void ParameterTable::conceal(std::string_view name) {
  if (Parameter* row = find_row(name)) row->hidden = true;
}

void ParameterTable::make_secret(std::string_view name) {
  if (Parameter* row = find_row(name)) row->secret = true;
}

Result<> ParameterTable::set_at_start(std::string_view name, const std::vector<std::string>& values) {
  Parameter* row = find_row(name);
  if (row == nullptr) return Failure{"Bad directive or wrong number of arguments"};
  if (values.size() != 1 && !row->takes_words) return Failure{"wrong number of arguments"};
  if (values.size() == 1) return row->set(values[0]);
  std::string all;
  for (const std::string& value : values) {
    if (!all.empty()) all += ' ';
    all += value.empty() || value.find_first_of(" \t\"'\\") != std::string::npos ? util::quoted(value) : value;
  }
  return row->set(all);
}

static Failure failed(std::string_view name, std::string_view reason) {
  return {fmt::format("ERR CONFIG SET failed (possibly related to argument '{}') - {}", name, reason)};
}

Result<> ParameterTable::set(const std::vector<Assignment>& assignments, Circumstances now) {
  std::vector<Parameter*> rows;
  for (const Assignment& each : assignments) {
    Parameter* row = find_row(each.name);
    if (row == nullptr || row->directive) {
      return Failure{fmt::format("ERR Unknown option or number of arguments for CONFIG SET - '{}'", each.name)};
    }
    if (row->immutable) return failed(each.name, "can't set immutable config");
    if (row->guarded && !now.protected_too) return failed(each.name, "can't set protected config");
    if (row->not_while_loading && now.loading) return Failure{std::string(util::errors::kLoading.text)};
    if (std::find(rows.begin(), rows.end(), row) != rows.end()) return failed(each.name, "duplicate parameter");
    rows.push_back(row);
  }
  std::vector<std::string> before;
  Result<> result;
  size_t stopped = 0;
  for (; stopped < rows.size() && result; ++stopped) {
    before.push_back(rows[stopped]->get());
    if (const auto set = rows[stopped]->set(assignments[stopped].value); !set) {
      result = failed(assignments[stopped].name, set.error());
    }
  }
  for (size_t i = 0; i < rows.size() && result; ++i) {
    if (!rows[i]->apply) continue;
    if (const auto applied = rows[i]->apply(); !applied) result = failed(assignments[i].name, applied.error());
  }
  if (result) return {};
  for (size_t i = 0; i < before.size(); ++i) (void)rows[i]->set(before[i]);
  for (size_t i = 0; i < before.size(); ++i) {
    if (rows[i]->apply) (void)rows[i]->apply();
  }
  return result;
}

std::map<std::string, std::string> ParameterTable::get(const std::vector<std::string_view>& patterns) const {
  std::map<std::string, std::string> result;
  const auto there = [&](std::string_view name) {
    return std::any_of(result.begin(), result.end(), [&](auto& each) { return util::equal_ignoring_case(each.first, name); });
  };
  for (const std::string_view pattern : patterns) {
    if (pattern.find_first_of("[*?") == std::string_view::npos) {
      const Parameter* row = find(pattern);
      if (row != nullptr && !row->directive && !there(pattern)) result.emplace(pattern, row->get());
      continue;
    }
    for (const Parameter& row : rows_) {
      if (row.hidden || row.directive) continue;
      for (const std::string& name : {row.name, row.alias}) {
        if (!name.empty() && util::glob_match(pattern, name, true) && !there(name)) result.emplace(name, row.get());
      }
    }
  }
  return result;
}

Parameter boolean(std::string name, bool& value) {
  return {.name = std::move(name),
          .get = [&value] { return value ? "yes" : "no"; },
          .set = [&value](std::string_view given) -> Result<> {
            const bool yes = util::equal_ignoring_case(given, "yes");
            if (!yes && !util::equal_ignoring_case(given, "no")) return Failure{"argument must be 'yes' or 'no'"};
            value = yes;
            return {};
          }};
}

template <class Integer>
Parameter integer(std::string name, Integer& value, int64_t low, int64_t high) {
  return {.name = std::move(name),
          .get = [&value] { return std::to_string(value); },
          .set = [&value, low, high](std::string_view given) -> Result<> {
            const auto number = util::parse_int64(given);
            if (!number) return Failure{"argument couldn't be parsed into an integer"};
            if (*number < low || *number > high) {
              return Failure{fmt::format("argument must be between {} and {} inclusive", low, high)};
            }
            value = static_cast<Integer>(*number);
            return {};
          }};
}
template Parameter integer(std::string, int&, int64_t, int64_t);
template Parameter integer(std::string, int64_t&, int64_t, int64_t);
template Parameter integer(std::string, uint16_t&, int64_t, int64_t);
template Parameter integer(std::string, uint32_t&, int64_t, int64_t);
template Parameter integer(std::string, uint64_t&, int64_t, int64_t);

Parameter memory_size(std::string name, uint64_t& value, uint64_t low, uint64_t high) {
  return {.name = std::move(name),
          .get = [&value] { return std::to_string(value); },
          .set = [&value, low, high](std::string_view given) -> Result<> {
            const auto size = util::parse_memory_size(given);
            if (!size) return Failure{"argument must be a memory value"};
            if (*size < low || *size > high) {
              return Failure{fmt::format("argument must be between {} and {} inclusive", low, high)};
            }
            value = *size;
            return {};
          }};
}

Parameter text(std::string name, std::string& value) {
  return {.name = std::move(name),
          .get = [&value] { return value; },
          .set = [&value](std::string_view given) -> Result<> {
            value = given;
            return {};
          }};
}

Parameter words(std::string name, std::vector<std::string>& value) {
  return {.name = std::move(name),
          .get = [&value] { return fmt::format("{}", fmt::join(value, " ")); },
          .set = [&value](std::string_view given) -> Result<> {
            auto split = util::split_words(given);
            if (!split) return Failure{"unbalanced quotes"};
            value = std::move(*split);
            return {};
          },
          .takes_words = true};
}

Parameter choice(std::string name, int& value, std::initializer_list<Choice> choices) {
  const std::vector<Choice> rows(choices);
  return {.name = std::move(name),
          .get =
              [&value, rows] {
                for (const Choice& each : rows) {
                  if (each.value == value) return std::string(each.name);
                }
                return std::string();
              },
          .set = [&value, rows](std::string_view given) -> Result<> {
            std::string names;
            for (const Choice& each : rows) {
              if (util::equal_ignoring_case(each.name, given)) {
                value = each.value;
                return {};
              }
              names += names.empty() ? "" : ", ";
              names += each.name;
            }
            return Failure{"argument(s) must be one of the following: " + names};
          }};
}

}  // namespace server

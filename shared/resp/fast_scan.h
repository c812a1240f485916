// SPDX-License-Identifier: MIT
//
// A whole request of short arguments (`*d` or `*dd`, each `$d` or `$dd`) in one pass without a
// state: what nearly every request is. It recognises or declines; it never fails and never keeps
// anything. Off in learners' builds, where the parser of the guide does all the work.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace resp {

// Appends the arguments of the complete request at the start of `input` and returns its length; 0
// when it is not of that form or not complete, and then nothing was appended.
size_t fast_scan(std::string_view input, std::vector<std::string_view>& arguments);

}  // namespace resp

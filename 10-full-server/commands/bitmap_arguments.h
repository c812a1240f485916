// SPDX-License-Identifier: MIT
//
// What SETBIT, GETBIT and BITFIELD read alike: where a bit is, in a value that may become as long as proto-max-bulk-len.
#pragma once

#include <optional>

#include "shared/command/context.h"

namespace full_server {

// Nothing, and answered: no offset, or beyond what a string may hold. With a `width`, "#5" stands for five fields of so many
// bits; 0: that is not allowed here.
std::optional<uint64_t> read_bit_offset(command::Context& c, size_t argument, unsigned width = 0);

void bitfield(command::Context& c);
void bitfield_ro(command::Context& c);

}  // namespace full_server

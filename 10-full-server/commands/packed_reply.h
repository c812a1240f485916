// SPDX-License-Identifier: MIT
//
// An element of a collection as a bulk string, without a copy on the way. Stateless.
#pragma once

#include "10-full-server/types/listpack_entry.h"
#include "shared/command/context.h"

namespace full_server {

inline void reply_packed(command::Context& c, types::PackedValue value) {
  if (value.is_number()) return c.reply().bulk_integer(value.number());
  types::PackedValue::Scratch unused;
  c.reply().bulk(value.text(unused));
}

}  // namespace full_server

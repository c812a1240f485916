// SPDX-License-Identifier: MIT
//
// A file that is replaced as a whole. Whoever looks at `path`, after a crash or a power cut too,
// finds the old content or the new one: the new one is written beside it, synced, and takes its
// name; then the folder, which holds the name, is synced. A failure leaves `path` as it was and
// removes what was begun. Any process, one at a time per process id.
#pragma once

#include <sys/types.h>

#include <string>

#include "06-rdb/encoder.h"
#include "shared/util/files.h"
#include "shared/util/function_ref.h"

namespace rdb {

// The file that process `pid` writes to while it saves into the folder of `path`: "temp-PID.rdb".
std::string temporary_path(const std::string& path, pid_t pid);

// `write` gives the number of bytes it wrote, which is the result.
using WriteContent = util::FunctionRef<util::Result<uint64_t>(Sink&)>;
util::Result<uint64_t> replace_snapshot(util::Files& files, const std::string& path,
                                        WriteContent write);

}  // namespace rdb

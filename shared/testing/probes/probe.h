// SPDX-License-Identifier: MIT
//
// Load and counting checks in C++, called from a transcript: probe NAME args…
// A probe talks to the server on call.port, may read /proc of call.pid, and throws FailureError (it
// does not hold) or SkipError (this machine can't tell). Adding one: a function here, its row in
// registry.cpp, a line in docs/transcripts.md.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "shared/testing/transcript/scenario_run.h"

namespace probes {

using transcript::Connection;
using transcript::Deadline;
using transcript::ProbeCall;

// Runs the probe of that name; FailureError when there is none.
void run(const std::string& name, const ProbeCall& call);

// connections N [echo]: N clients in turn, then N at once, each with an answer of its own.
void connections(const ProbeCall& call);

// descriptors N [echo] [refused]: the server may open N files (prlimit; Linux). More clients than that
// come at once. Whoever was not accepted is served or hung up on when others leave; with `refused`,
// is hung up on at once.
void descriptors(const ProbeCall& call);

// memory-limit BYTES while slow-reader|promised-bulk|idle-connections [echo]: the server's resident
// memory grows by no more than BYTES, and another client is served meanwhile.
void memory_limit(const ProbeCall& call);

// distinct-keys N: N keys are SET to their own names, then every GET answers the right one.
void distinct_keys(const ProbeCall& call);

// load N for MS: N clients begin to write, and go on when the probe returns after MS milliseconds.
// load holds: their connections have ended, and everything that was acknowledged is there.
void load(const ProbeCall& call);

// needs COMMAND args…: the scenario is skipped for a server that does not know this command.
void needs(const ProbeCall& call);

// refused: soon nobody answers at the server's port, though its process is there.
void refused(const ProbeCall& call);

// For probes. `echo` says that the server sends bytes back (stage 01); otherwise it speaks RESP.
std::unique_ptr<Connection> connect(const ProbeCall& call, int receive_buffer = 0);
// Sends one text and checks its answer: ECHO text, or the bare bytes. Stage 02's first tasks know
// PING only, so an empty text means PING.
void round_trip(Connection& connection, const std::string& text, bool echo, const std::string& who);
// Resident bytes of the process, or SkipError.
std::size_t resident_bytes(pid_t pid);
long long size_argument(const ProbeCall& call, std::size_t index);

}  // namespace probes

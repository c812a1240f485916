# SPDX-License-Identifier: MIT
"""A miniature of the repository in a temporary folder: stage 02 with two tasks, a library, a toy checker.

Its server answers one word per argument; its checks are lines `> argument < answer`. Small enough to
compile in a second, and shaped like the real thing: archives, regions, patches, preambles.
"""
import difflib
import subprocess
import textwrap
from pathlib import Path

CMAKE = """\
cmake_minimum_required(VERSION 3.22)
project(mini CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
include_directories(${CMAKE_SOURCE_DIR})
add_compile_definitions(WORKSHOP_FAST_PATHS=1)
add_library(resp STATIC shared/resp/answer.cpp shared/resp/quick.cpp)
add_executable(02-resp-parser 02-resp-parser/server.cpp)
target_link_libraries(02-resp-parser resp)
"""

FILES = {
    "CMakeLists.txt": CMAKE,
    "shared/resp/answer.h": """\
        // SPDX-License-Identifier: MIT
        // What the server says.
        #pragma once
        #include <string>
        inline const char* mark() { return ""; }
        std::string ping();
        std::string echo(const std::string& text);
        bool quick(const std::string& text);
        [[noreturn]] void todo(const char* task);
        """,
    "shared/resp/quick.cpp": """\
        // SPDX-License-Identifier: MIT
        // A fast path: only the reference has it.
        #include "shared/resp/answer.h"
        bool quick(const std::string& text) { return WORKSHOP_FAST_PATHS && text == "fast"; }
        """,
    "shared/resp/answer.cpp": """\
        // SPDX-License-Identifier: MIT
        // Answers.
        #include "shared/resp/answer.h"
        #include <cstdio>
        #include <cstdlib>
        void todo(const char* task) { std::printf("TODO %s\\n", task); std::exit(70); }
        std::string ping() {
          // [02.1 begin] answer
          return "PONG";
          // [02.1 end]
        }
        std::string echo(const std::string& text) {
          // [02.2 begin] say it again
          return text + mark();
          // [02.2 end]
        }
        std::string late() {
          // [03.1 begin] not of this stage
          //quiet: return "quiet";
          return "late";
          // [03.1 end]
        }
        """,
    "02-resp-parser/server.cpp": """\
        // SPDX-License-Identifier: MIT
        // Prints one answer.
        #include "shared/resp/answer.h"
        #include <cstdio>
        int main(int, char** argv) {
          std::string word = argv[1];
          if (quick(word)) { std::puts("quick"); return 0; }
          std::puts((word == "ping" ? ping() : echo(word)).c_str());
        }
        """,
    "02-resp-parser/tasks.md": """\
        ## 02.1 answer
        lines: 1  minutes: 5  files: shared/resp/answer.cpp

        1. What?
        2. Look.
        3. Say it.

        ## 02.2 echo
        lines: 1  minutes: 5  files: shared/resp/answer.cpp

        1. What?
        2. Look.
        3. Say it.
        """,
    "02-resp-parser/checks/02.1-ping.chk": "# 02.1  a ping is answered  pts: 1\n> ping < PONG\n",
    "02-resp-parser/checks/02.2-echo.chk": "# 02.2  words come back\n> hello < hello\n> a b < a b\n",
    "02-resp-parser/checks/02.e1-loud.chk": "# 02.e1  louder\n> hello < hello!\n",
}

CHECKER = '''\
#!/usr/bin/env python3
import argparse, json, subprocess, sys
parser = argparse.ArgumentParser()
for name in ("--json", "--server", "--repeat", "--redis"):
    parser.add_argument(name)
parser.add_argument("--oracle", action="store_true")
parser.add_argument("--keep-going", action="store_true")
parser.add_argument("files", nargs="*")
options = parser.parse_args()
binary = options.server.split()[0] if options.server else None
scenarios, failed = [], 0
for name in options.files:
    title = ""
    for line in open(name):
        if line.startswith("# "):
            title = line[2:].split("  ")[1].strip()
            scenarios.append({"title": title, "verdict": "passed"})
        elif line.startswith("> "):
            asked, wanted = line[2:].strip().split(" < ")
            said = wanted if options.oracle else subprocess.run([binary, asked], capture_output=True, text=True).stdout.strip()
            if said != wanted:
                print(f"{title}: expected {wanted}, received {said}")
                scenarios[-1]["verdict"] = "failed"
failed = sum(s["verdict"] == "failed" for s in scenarios)
if options.json:
    json.dump({"scenarios": scenarios}, open(options.json, "w"))
print(f"{len(scenarios) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
'''


def patch(header: dict, path: str, old: str, new: str, stale: str = "") -> str:
    """A patch that replaces one text of a file of FILES, with its preamble.

    `stale` stands in the patch where the file has `old`, so that the patch no longer applies.
    """
    text = textwrap.dedent(FILES[path])
    before = text.replace(old, stale or old).splitlines(keepends=True)
    after = text.replace(old, new).splitlines(keepends=True)
    head = "".join(f"{key}: {value}\n" for key, value in header.items())
    return head + "\n" + "".join(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"))


def write(root: Path, files: dict) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def build(root: Path) -> Path:
    """The miniature, written and built in build/test."""
    write(root, FILES)
    for command in (["cmake", "-S", ".", "-B", "build/test", "-G", "Ninja"], ["ninja", "-j2", "-C", "build/test"]):
        subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    checker = root / "build/test/bin/workshop-check"
    checker.write_text(CHECKER)
    checker.chmod(0o755)
    return root

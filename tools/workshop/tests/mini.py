# SPDX-License-Identifier: MIT
"""A workshop of two tiny stages in a temporary folder, for the tests of the learner's commands."""

import contextlib
import io
import tempfile
from pathlib import Path

from workshop.project import Options, Project

PARSER = """#include "shared/parser.h"

int parse() {
  // [02.1 begin] read a line
  return 1;
  // [02.1 end]
}

int limit() {
  // [03.1 begin] believe no length
  //quiet: return 0;
  return 31;
  // [03.1 end]
}
"""
SESSION = """int session() {
  // [02.2 begin] answer
  //stub: todo("02.2");  // one line
  return 2;
  // [02.2 end]
}
"""
STORE = """int store() {
  // [03.2 begin] keep it
  return 32;
  // [03.2 end]
}
"""
TASKS = {
    "02": [("02.1", "read a line", "shared/parser.cpp"), ("02.2", "answer", "02-resp-parser/session.cpp")],
    "03": [("03.1", "believe no length", "shared/parser.cpp"), ("03.2", "keep it", "03-get-set/store.cpp")],
}
HINTS = "1. What ends a line?\n2. The newline.\n3. find('\\n')\n"


class Mini:
    """root/ with stages 02 and 03; `project()` gives a fresh Project as a new command would see it."""

    def __init__(self, test):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("shared/parser.cpp", PARSER)
        self.write("02-resp-parser/session.cpp", SESSION)
        self.write("02-resp-parser/server.cpp", "int main() {}\n")
        self.write("03-get-set/store.cpp", STORE)
        self.write("03-get-set/server.cpp", 'int main() {}  // stage 03\n')
        for number, tasks in TASKS.items():
            text = "".join(f"## {i} {title}\nlines: 5  minutes: 9  files: {file}\n\n{HINTS}\n" for i, title, file in tasks)
            stage = "02-resp-parser" if number == "02" else "03-get-set"
            self.write(f"{stage}/tasks.md", text)
            for task, _, _ in tasks:
                self.write(f"{stage}/checks/{task}-it.chk", f"# {task}  works        pts: 2\n> PING\n")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def edit(self, path, old, new):
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}:\n{text}"
        self.write(path, text.replace(old, new))

    def project(self, **options):
        return Project(self.root, Options(**options))


def output_of(function, *arguments):
    """What a command prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        function(*arguments)
    return out.getvalue()

# SPDX-License-Identifier: MIT
"""builder.py with a fake cmake: what a user sees, and when CMake runs."""

import os
import unittest
from unittest import mock

from workshop import builder
from workshop.project import Failure
from workshop.tests.mini import Mini, output_of

CMAKE = """#!/bin/sh
echo "$*" >> "$LOG"
case "$1" in
  --build)
    echo "[1/2] Building a.o"
    if [ -n "$BROKEN" ]; then
      printf 'FAILED: a.o \\n/usr/bin/c++ -very -long\\na.cpp:1:1: error: no\\nninja: build stopped: x\\n'; exit 1
    fi
    echo "a.cpp:3:1: warning: odd"; echo "[2/2] Linking a" ;;
  *)
    if [ -n "$MISSING" ]; then
      printf 'CMake Error at x:1 (message):\\n  asio.hpp was not found (Debian: libasio-dev).\\n\\nCall Stack\\n'; exit 1
    fi
    for last; do :; done; mkdir -p "$DIR"; : > "$DIR/build.ninja" ;;
esac
"""


class BuilderTest(unittest.TestCase):
    def setUp(self):
        self.mini = Mini(self)
        self.mini.write("bin/cmake", CMAKE)
        os.chmod(self.mini.root / "bin/cmake", 0o755)
        self.log = self.mini.root / "log"
        self.environment = {"PATH": f"{self.mini.root}/bin:{os.environ['PATH']}", "LOG": str(self.log)}
        patch = mock.patch("workshop.builder.ensure_deps")
        patch.start()
        self.addCleanup(patch.stop)
        (self.mini.root / "build").mkdir()

    def build(self, **more):
        overlay = self.mini.root / "work"
        overlay.mkdir(exist_ok=True)
        environment = self.environment | {"DIR": str(self.mini.root / "build/work")} | more
        with mock.patch.dict(os.environ, environment):
            return output_of(builder.build_overlay, self.mini.project(), "work", overlay, ["02-resp-parser"])

    def configured(self):
        return sum(not line.startswith("--build") for line in self.log.read_text().splitlines())

    def test_configures_once_and_again_when_the_overlay_gains_a_file(self):
        self.assertIn("configure build/work", self.build())
        self.assertNotIn("configure", self.build())
        self.assertEqual(self.configured(), 1)
        self.mini.write("work/shared/parser.cpp", "")
        self.build()
        self.assertEqual(self.configured(), 2)
        self.assertIn("--target 02-resp-parser", self.log.read_text())

    def test_shows_warnings_and_errors_but_no_command_lines(self):
        self.assertIn("a.cpp:3:1: warning: odd", self.build())
        with self.assertRaisesRegex(Failure, "build of 02-resp-parser failed; the whole log is build/work-build.log"):
            self.build(BROKEN="1")
        part = builder._failed_part(["[1/2] x", "FAILED: a.o", "/usr/bin/c++ -long", "a.cpp:1:1: error: no"])
        self.assertEqual(part, ["FAILED: a.o", "a.cpp:1:1: error: no"])

    def test_a_missing_dependency_is_one_line(self):
        with self.assertRaises(Failure) as failure:
            self.build(MISSING="1")
        self.assertEqual(str(failure.exception), "asio.hpp was not found (Debian: libasio-dev).")


if __name__ == "__main__":
    unittest.main()

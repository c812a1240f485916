# SPDX-License-Identifier: MIT
"""`make bench` and `make bench-NN`: build in release form, then hand over to the benchmark."""

import os
import sys

from workshop import builder
from workshop.project import Failure


def bench(project, name=None):
    script = project.root / "10-full-server" / "bench" / "bench.py"
    if not script.is_file():
        raise Failure("10-full-server/bench/bench.py is not written yet")
    arguments = []
    if name:
        arguments += ["--stage", project.stage(name).number]
    if project.options.quick:
        arguments.append("--quick")
    if project.options.classic:
        arguments.append("--classic")
    builder.build_preset(project, "release", [])
    os.chdir(project.root)
    os.execv(sys.executable, [sys.executable, str(script), *arguments])

# SPDX-License-Identifier: MIT
"""tools/ws COMMAND [ARGUMENT]: one line per command; the Makefile documents them for users."""

import os
import sys
from importlib import import_module
from pathlib import Path

from workshop.catalogue import CatalogueError
from workshop.project import Failure, Options, Project, paint
from workshop.regions import RegionError

# command: (module, function, whether it takes a stage: no, maybe, yes)
COMMANDS = {
    "map": ("overview", "overview", "no"),
    "run": ("serve", "run", "yes"),
    "start": ("learner", "start", "yes"),
    "check": ("check", "check", "maybe"),
    "debug": ("debug", "debug", "no"),
    "forward": ("debug", "forward", "yes"),
    "hint": ("learner", "hint", "no"),
    "peek": ("learner", "peek", "no"),
    "break": ("serve", "breaks", "no"),
    "diff": ("learner", "diff", "yes"),
    "demo": ("demo", "demo", "yes"),
    "bench": ("bench", "bench", "maybe"),
    "fuzz-diff": ("differ.run", "fuzz_diff", "no"),
    "doctor": ("doctor", "doctor", "no"),
    "build": ("suite", "build", "no"),
    "test": ("suite", "test", "no"),
    "guides": ("author", "guides", "no"),
    "redis-suite": ("redis_suite", "redis_suite", "no"),
    "handout": ("handout", "handout", "no"),
    "grade": ("grade", "grade", "no"),
}


def main(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        print(f"usage: tools/ws {'|'.join(COMMANDS)} [STAGE]", file=sys.stderr)
        return 2
    module, function, stage = COMMANDS[arguments[0]]
    if (stage == "yes" and len(arguments) != 2) or (stage == "no" and len(arguments) != 1):
        print(f"usage: tools/ws {arguments[0]}{' STAGE' if stage == 'yes' else ''}", file=sys.stderr)
        return 2
    # tools/workshop/__main__.py -> the root
    project = Project(Path(__file__).resolve().parents[2], Options.from_environment())
    return getattr(import_module(f"workshop.{module}"), function)(project, *arguments[1:]) or 0


try:
    sys.exit(main(sys.argv[1:]))
except (Failure, CatalogueError, RegionError) as error:
    if str(error):
        print(paint(str(error), "red"), file=sys.stderr)
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(130)
except BrokenPipeError:
    # Whoever read our output has seen enough: `make check | head`.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)

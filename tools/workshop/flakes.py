# SPDX-License-Identifier: MIT
"""No check flakes: each passes on the reference again and again while another process burns one core."""
from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

from workshop.catalogue import Stage
from workshop.proof import Context, Outcome, check_files

REPEATS = 3


def prove(context: Context) -> list[Outcome]:
    with busy_core():
        return [_repeat(context, stage) for stage in context.stages if stage.task_checks]


@contextmanager
def busy_core():
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"], stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _repeat(context: Context, stage: Stage) -> Outcome:
    binary = context.build.executable(stage.name)
    verdict = context.checker.run(check_files(stage.task_checks), binary, "--repeat", str(REPEATS),
                                  timeout=600)
    return Outcome(f"{stage.name}: {REPEATS} runs under load, no failure", verdict.ok,
                   verdict.first_failure or verdict.tail(1), verdict.output)

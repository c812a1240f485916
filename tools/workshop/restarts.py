# SPDX-License-Identifier: MIT
"""SIGTERM under load keeps every acknowledged write: stage 09's transcript of it, hundreds of restarts at random moments."""
from __future__ import annotations

from workshop.proof import Context, Outcome, Skip

TRANSCRIPT = "09-shutdown/checks/09.3-load.chk"
STAGES = ("09", "10")        # who stops in order
REPEATS = 15                 # of 20 restarts each


def prove(context: Context) -> list[Outcome]:
    stages = [stage for stage in context.stages if stage.number in STAGES]
    if not stages:
        raise Skip("only stages from 09 on stop in order")
    return [_prove(context, stage.name) for stage in stages]


def _prove(context: Context, name: str) -> Outcome:
    verdict = context.checker.run([context.root / TRANSCRIPT], context.build.executable(name),
                                  "--repeat", str(REPEATS), timeout=600)
    return Outcome(f"{name}: {20 * REPEATS} restarts under load, no acknowledged write lost", verdict.ok,
                   verdict.first_failure or verdict.tail(1), verdict.output)

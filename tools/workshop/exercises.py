# SPDX-License-Identifier: MIT
"""Every exercise is real and solvable: its check fails on the reference and passes with the solution.

The checks of the stage's tasks still pass with the solution, so that an exercise never breaks the stage.
"""
from __future__ import annotations

from pathlib import Path

from workshop import patches
from workshop.catalogue import Exercise, Stage
from workshop.proof import Context, Outcome, check_files, two_at_a_time
from workshop.relink import BuildError


def prove(context: Context) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for stage in context.stages:
        outcomes += two_at_a_time(lambda e: _prove(context, stage, e), stage.exercises)
        outcomes += _every_check_has_a_solution(stage)
    return outcomes


def build_solution(context: Context, stage: Stage, exercise: Exercise) -> Path:
    """The stage's executable with the exercise solved, built once a run. Raises PatchError, BuildError."""
    with context.lock:
        if exercise.id not in context.solutions:
            context.solutions[exercise.id] = _build_solution(context, stage, exercise)
        return context.solutions[exercise.id]


def _build_solution(context: Context, stage: Stage, exercise: Exercise) -> Path:
    changed = patches.apply(context.root, exercise.diff, exercise.files)
    return context.build.variant(stage.name, changed, context.folder("exercises", exercise.id))


def _every_check_has_a_solution(stage: Stage) -> list[Outcome]:
    solved = {exercise.id for exercise in stage.exercises}
    return [Outcome(f"exercise {check.task} has a solution", False, "solutions/ holds no patch for it")
            for check in stage.checks if check.is_exercise and check.task not in solved]


def _prove(context: Context, stage: Stage, exercise: Exercise) -> Outcome:
    claim = f"exercise {exercise.id}: fails before, passes with {exercise.path.name}"
    checks = check_files(stage.checks_of(exercise.id))
    if not checks:
        return Outcome(claim, False, f"there is no checks/{exercise.id}-….chk")
    before = context.checker.run(checks, context.build.executable(stage.name))
    if before.status != 1:
        why = "the check passes on the reference" if before.ok else f"the checker ended with {before.status}"
        return Outcome(claim, False, why, before.output)
    try:
        binary = build_solution(context, stage, exercise)
    except patches.PatchError as error:
        return Outcome(claim, False, "the patch does not apply", str(error))
    except BuildError as error:
        return Outcome(claim, False, str(error), error.log)
    after = context.checker.run(checks + check_files(stage.task_checks), binary)
    why = "" if after.ok else f"with the solution: {after.first_failure or after.tail(1)}"
    return Outcome(claim, after.ok, why, before.output + "\n--- with the solution ---\n" + after.output)

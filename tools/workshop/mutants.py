# SPDX-License-Identifier: MIT
"""The checks have teeth: every mutant dies at the check named to kill it, with the message that helps.

A mutant is the reference with one bug that learners really write. The checks of the tasks before it
still pass; its own fails first in the named scenario, and says what `message` matches. The full server
has no tasks and its checks stand side by side: there only the check that is named is asked.
"""
from __future__ import annotations

import re

from workshop import patches
from workshop.catalogue import Mutant, Stage
from workshop.proof import Context, Outcome, check_files, two_at_a_time
from workshop.relink import BuildError


def prove(context: Context) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for stage in context.stages:
        outcomes += two_at_a_time(lambda m: _prove(context, stage, m), stage.mutants)
        outcomes += _every_task_has_one(stage)
    return outcomes


def _every_task_has_one(stage: Stage) -> list[Outcome]:
    killed = {mutant.kills for mutant in stage.mutants}
    return [Outcome(f"task {task.id} has a mutant", False, "no patch in mutants/ kills it")
            for task in stage.tasks if task.id not in killed]


def build_mutant(context: Context, stage: Stage, mutant: Mutant):
    """The stage's executable with this bug in it. Raises PatchError, BuildError."""
    changed = patches.apply(context.root, mutant.diff, mutant.files)
    return context.build.variant(stage.name, changed, context.folder("mutants", mutant.name))


def _prove(context: Context, stage: Stage, mutant: Mutant) -> Outcome:
    claim = f"mutant {mutant.name} dies at {mutant.kills}"
    problem = _form_problem(stage, mutant)
    if problem:
        return Outcome(claim, False, problem)
    try:
        binary = build_mutant(context, stage, mutant)
    except patches.PatchError as error:
        return Outcome(claim, False, "the patch does not apply", str(error))
    except BuildError as error:
        return Outcome(claim, False, str(error), error.log)
    earlier = [c for c in stage.task_checks if _number(c.task) < _number(mutant.kills)]
    if stage.tasks and earlier:
        verdict = context.checker.run(check_files(earlier), binary)
        if not verdict.ok:
            why = f"an earlier check fails already: {verdict.first_failure or verdict.tail(1)}"
            return Outcome(claim, False, why, verdict.output)
    return _judge(context, stage, mutant, claim, binary)


def _judge(context: Context, stage: Stage, mutant: Mutant, claim: str, binary) -> Outcome:
    verdict = context.checker.run(check_files(stage.checks_of(mutant.kills)), binary)
    why = ""
    if verdict.status != 1:
        why = "it survives" if verdict.ok else f"the checker ended with {verdict.status}"
    elif mutant.scenario not in (verdict.first_failure or verdict.output):
        why = f"it dies in '{verdict.first_failure}', not in '{mutant.scenario}'"
    elif not re.search(mutant.message, verdict.output, re.M | re.S):
        why = f"the message does not match /{mutant.message}/"
    return Outcome(claim, not why, why, verdict.output)


def _form_problem(stage: Stage, mutant: Mutant) -> str:
    if len(mutant.files) != 1 or not mutant.files[0].endswith(".cpp"):
        return f"it patches {', '.join(mutant.files)}: a mutant is one .cpp"
    if stage.tasks and mutant.kills not in {task.id for task in stage.tasks}:
        return f"'kills: {mutant.kills}' is no task of {stage.name}"
    if not stage.checks_of(mutant.kills):
        return f"{mutant.kills} has no check"
    try:
        re.compile(mutant.message)
    except re.error as error:
        return f"message: is no regular expression: {error}"
    return ""


def _number(task: str) -> int:
    return int(task.split(".")[1])

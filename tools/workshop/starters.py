# SPDX-License-Identifier: MIT
"""The prefix proof: with tasks 1…k written and the rest stubs, checks 1…k pass and k+1 fails.

So every task can be done in order, none needs a later one, and no check passes by itself. Regions of
later stages are quiet all the while, as they are in a learner's tree.
"""
from __future__ import annotations

from workshop import regions
from workshop.catalogue import Check, Stage
from workshop.proof import Context, Outcome, check_files, two_at_a_time
from workshop.relink import BuildError


def prove(context: Context) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for stage in context.taught:
        prefixes = range(len(stage.tasks) + 1)
        for found in two_at_a_time(lambda done: _prove_prefix(context, stage, done), prefixes):
            outcomes += found
    return outcomes


def render_prefix(context: Context, stage: Stage, done: int) -> dict[str, str]:
    """The files that differ from the reference when the first `done` tasks are written."""
    written = {task.id for task in stage.tasks[:done]}

    def policy(task: str) -> str:
        if task[:2] > stage.number:
            return regions.QUIET
        return regions.REFERENCE if task in written or task[:2] < stage.number else regions.STUB

    changed = {}
    for path, found in context.catalogue.region_files().items():
        if any(policy(region.task) != regions.REFERENCE for region in found):
            text = (context.root / path).read_text(encoding="utf-8")
            changed[path] = regions.render(text, policy, path)
    return changed


def _prove_prefix(context: Context, stage: Stage, done: int) -> list[Outcome]:
    name = f"{stage.number} with tasks 1…{done}" if done else f"{stage.number} with no task written"
    folder = context.folder("starters", f"{stage.number}-{done}")
    try:
        binary = context.build.variant(stage.name, render_prefix(context, stage, done), folder)
    except BuildError as error:
        return [Outcome(f"{name} builds", False, str(error), error.log)]
    outcomes = []
    if done:
        checks = [c for task in stage.tasks[:done] for c in stage.checks_of(task.id)]
        verdict = context.checker.run(check_files(checks), binary)
        outcomes.append(Outcome(f"{name}: checks 1…{done} pass", verdict.ok,
                                verdict.first_failure or verdict.tail(1), verdict.output))
    if done < len(stage.tasks):
        task = stage.tasks[done].id
        outcomes.append(_prove_fails(context, name, task, stage.checks_of(task), binary))
    return outcomes


def _prove_fails(context: Context, name: str, task: str, checks: tuple[Check, ...], binary) -> Outcome:
    claim = f"{name}: check {task} fails"
    if not checks:
        return Outcome(claim, False, f"task {task} has no check")
    verdict = context.checker.run(check_files(checks), binary)
    if verdict.status == 1 and verdict.failed:
        return Outcome(claim, True, log=verdict.output)
    why = "the check passes without the task" if verdict.ok else f"the checker ended with {verdict.status}"
    return Outcome(claim, False, why, verdict.output)

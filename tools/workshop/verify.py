# SPDX-License-Identifier: MIT
"""tools/verify: everything that proves the workshop itself, step by step, each with its time.

    tools/verify                     every step
    tools/verify --stage 02          what concerns one stage (tools/verify 02 is the same)
    tools/verify starters mutants    these steps only

Every step writes build/verify/<step>.log in full; the terminal shows what failed and the log's name.
The last line is `N passed, N failed`; the exit status is 1 when something failed.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from workshop import (builder, builds, differences, exercises, flakes, guide_runs, mutants, oracle, restarts,
                      starters)
from workshop.catalogue import Catalogue, CatalogueError
from workshop.project import Failure, Project
from workshop.differ import prove as fuzz_diff
from workshop.proof import Context, Outcome, Skip
from workshop.regions import RegionError

TAIL = 12


def prove_differences(context: Context) -> list[Outcome]:
    found = differences.check(context.root)
    return [Outcome(f"{differences.PAGE} is up to date", not found, found[0].text if found else "")]


STEPS: dict[str, Callable[[Context], list[Outcome]]] = {
    "oracle": oracle.prove,
    "starters": starters.prove,
    "mutants": mutants.prove,
    "exercises": exercises.prove,
    "guides": guide_runs.prove,
    "differences": prove_differences,
    "flakes": flakes.prove,
    "restarts": restarts.prove,
    "asan": builds.prove_asan,
    "tsan": builds.prove_tsan,
    "clang": builds.prove_clang,
    "fuzzers": builds.prove_fuzzers,
    "fuzz-diff": fuzz_diff.prove,
    "clients": builds.prove_clients,
    "demos": builds.prove_demos,
}
OWN_BUILD = {"asan", "tsan", "clang", "fuzzers", "differences"}     # these do without build/test


@dataclass
class StepResult:
    name: str
    outcomes: list[Outcome] = field(default_factory=list)
    skipped: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> int:
        return sum(outcome.ok for outcome in self.outcomes)

    @property
    def failed(self) -> int:
        return len(self.outcomes) - self.passed


def run_step(context: Context, name: str, prove: Callable[[Context], list[Outcome]]) -> StepResult:
    """Runs one step; a proof that breaks is a failure, never the end of the run."""
    result = StepResult(name)
    started = time.monotonic()
    try:
        result.outcomes = prove(context)
        if not result.outcomes:
            result.skipped = "nothing to prove here"
    except Skip as skip:
        result.skipped = str(skip)
    except (CatalogueError, RegionError, FileNotFoundError, OSError) as error:
        result.outcomes = [Outcome(f"{name} runs", False, str(error), traceback.format_exc())]
    except Exception as error:                        # a bug in a proof must not hide the other steps
        result.outcomes = [Outcome(f"{name} runs", False, f"{type(error).__name__}: {error}",
                                   traceback.format_exc())]
    result.seconds = time.monotonic() - started
    return result


def write_log(context: Context, result: StepResult) -> Path:
    log = context.folder() / f"{result.name}.log"
    parts = [f"{'passed' if o.ok else 'FAILED'}: {o.claim}{': ' + o.why if o.why else ''}\n{o.log}\n"
             for o in result.outcomes]
    log.write_text("\n".join(parts) or result.skipped + "\n", encoding="utf-8")
    return log


def show(result: StepResult, log: Path, root: Path) -> None:
    if result.skipped:
        print(f"   skipped: {result.skipped}")
    for outcome in result.outcomes:
        if outcome.ok:
            if outcome.why.startswith("skipped"):
                print(f"   {outcome.claim}: {outcome.why}")
            continue
        print(f"   FAILED {outcome.claim}: {outcome.why}")
        for line in outcome.log.strip().splitlines()[-TAIL:]:
            print(f"          {line}")
    if result.failed:
        print(f"   the whole log: {log.relative_to(root)}")


def table(results: list[StepResult]) -> str:
    lines = [f"{'step':<13}{'passed':>7}{'failed':>8}{'seconds':>9}"]
    for result in results:
        note = f"  skipped: {result.skipped}" if result.skipped else ""
        lines.append(f"{result.name:<13}{result.passed:>7}{result.failed:>8}{result.seconds:>9.1f}{note}")
    return "\n".join(lines)


def main(root: Path, arguments: list[str]) -> int:
    options = _parse(arguments)
    os.environ.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", "2")
    sys.stdout.reconfigure(line_buffering=True)
    context = Context(root, _stage_number(root, options.stage))
    if not _prepare(context, options.steps):
        return 1
    results = []
    for name in options.steps:
        print(f"== {name}")
        result = run_step(context, name, STEPS[name])
        show(result, write_log(context, result), root)
        print(f"   {result.passed} passed, {result.failed} failed in {result.seconds:.1f} s")
        results.append(result)
    passed, failed = sum(r.passed for r in results), sum(r.failed for r in results)
    print(f"\n{table(results)}\n\n{passed} passed, {failed} failed")
    return 1 if failed else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/verify", description="Proves the workshop itself.")
    parser.add_argument("--stage", metavar="NN", default=os.environ.get("STAGE", ""), help="one stage only")
    parser.add_argument("steps", nargs="*", metavar="STEP", help=", ".join(STEPS))
    options = parser.parse_args(arguments)
    if options.steps and options.steps[0] not in STEPS and options.steps[0][0].isdigit():
        options.stage = options.steps.pop(0)          # `tools/verify 02`, as make passes it on
    unknown = [name for name in options.steps if name not in STEPS]
    if unknown:
        parser.error(f"no step {unknown[0]}: the steps are {', '.join(STEPS)}")
    options.steps = options.steps or list(STEPS)
    return options


def _stage_number(root: Path, stage: str) -> str | None:
    if not stage:
        return None
    try:
        return Catalogue(root).stage(stage).number
    except KeyError as error:
        raise SystemExit(f"verify: {error.args[0]}") from None


def _prepare(context: Context, steps: list[str]) -> bool:
    """Tools and the reference's build, which most steps stand on; of one stage, what that stage needs."""
    root = context.root
    targets = [*(stage.name for stage in context.stages), "workshop-check"] if context.number else []
    started = time.monotonic()
    if subprocess.run([str(root / "tools/deps"), "--quiet", "verify"], cwd=root).returncode != 0:
        return False
    if set(steps) - OWN_BUILD:
        try:
            builder.build_preset(Project(root), "test", targets)
        except Failure as failure:
            print(f"verify: {failure}")
            return False
    print(f"== build: {time.monotonic() - started:.1f} s")
    return True


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2], sys.argv[1:]))

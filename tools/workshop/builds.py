# SPDX-License-Identifier: MIT
"""Proofs that need a build of their own: sanitizers, Clang, fuzzers; and real clients against the full server."""
from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Callable

from workshop import builder, demo_blocking, demo_replication
from workshop.catalogue import Stage
from workshop.checker import run_in_group
from workshop.project import Failure, Project
from workshop.proof import Context, Outcome, Skip, check_files
from workshop.servers import Server, ServerError

SKIPPED = 77                    # a client script's exit status for "what I need is not here"
FULL = "10-full-server"
CLIENT_SECONDS = 300
TEST_SECONDS = 600
CLEAN = {"UBSAN_OPTIONS": "print_stacktrace=1", "TSAN_OPTIONS": "halt_on_error=1"}


def _build(context: Context, preset: str, targets: list[str]) -> Outcome:
    claim = f"preset {preset} builds without a warning"
    try:
        builder.build_preset(Project(context.root), preset, targets)
        return Outcome(claim, True)
    except Failure as failure:
        return Outcome(claim, False, str(failure) or "a dependency is missing")   # the builder has shown the errors


def _targets(context: Context) -> list[str]:
    """What a build makes: one stage's server, or everything."""
    return [stage.name for stage in context.stages] if context.number else []


# --- sanitizers -----------------------------------------------------------------------------

def prove_asan(context: Context) -> list[Outcome]:
    built = _build(context, "asan", _targets(context))
    if not built.ok:
        return [built]
    outcomes = [built]
    if not context.number:
        outcomes.append(_ctest(context, "asan", "unit tests under ASan and UBSan"))
    for stage in context.stages:
        checks = check_files(context.catalogue.checks_up_to(stage.number))
        if checks:
            outcomes.append(_transcripts(context, stage, checks))
    return outcomes


def _transcripts(context: Context, stage: Stage, checks: list[Path]) -> Outcome:
    binary = context.root / "build/asan/bin" / stage.name
    verdict = context.checker.run(checks, binary, "--keep-going", timeout=TEST_SECONDS, environment=CLEAN)
    return Outcome(f"transcripts of {stage.name} under ASan and UBSan", verdict.ok,
                   verdict.first_failure or verdict.tail(1), verdict.output)


def prove_tsan(context: Context) -> list[Outcome]:
    if "threads" not in _labels(context.root / "build/test"):
        raise Skip("no test is labelled 'threads': one thread does all the work so far")
    built = _build(context, "tsan", [])
    if not built.ok:
        return [built]
    return [built, _ctest(context, "tsan", "tests with threads under TSan", "-L", "threads")]


def _labels(directory: Path) -> set[str]:
    listed = subprocess.run(["ctest", "--show-only=json-v1"], cwd=directory, capture_output=True, text=True)
    if listed.returncode != 0:
        return set()
    tests = json.loads(listed.stdout).get("tests", [])
    return {label for test in tests for prop in test.get("properties", []) if prop["name"] == "LABELS"
            for label in prop["value"]}


def _ctest(context: Context, preset: str, claim: str, *options: str) -> Outcome:
    command = ["ctest", "--output-on-failure", "-j", "2", "--timeout", "300", *options]
    status, output = run_in_group(command, TEST_SECONDS, context.root / "build" / preset, CLEAN)
    said = next((line.strip() for line in output.splitlines() if "***" in line or "tests failed" in line), "")
    return Outcome(claim, status == 0, said or "ctest failed", output)


# --- the other compiler, fuzzers ------------------------------------------------------------

def prove_clang(context: Context) -> list[Outcome]:
    return [_build(context, "clang", _targets(context))]


def prove_fuzzers(context: Context) -> list[Outcome]:
    names = fuzz_targets(context.root)
    if not names:
        raise Skip("no *_fuzz.cpp in the repository")
    if context.number:
        raise Skip("fuzzers belong to shared/: run `make verify` without STAGE")
    built = _build(context, "fuzz", names)
    if not built.ok:
        return [built]
    seconds = os.environ.get("FUZZ_SECONDS", "20")
    status, output = run_in_group([str(context.root / "tools/fuzz/run"), "--seconds", seconds, *names],
                                  60 + len(names) * (int(seconds) + 30), context.root)
    outcomes = [Outcome(line.split(": ", 1)[0], ": ok" in line, line.split(": ", 1)[1], output)
                for line in output.splitlines() if line.startswith("fuzz-") and ": " in line]
    if len(outcomes) != len(names):
        outcomes.append(Outcome("every fuzzer ran", False, f"the driver ended with {status}", output))
    return [built, *outcomes]


def fuzz_targets(root: Path) -> list[str]:
    """Names of the targets, as cmake/Workshop.cmake makes them from the files."""
    folders = [root / "shared", *root.glob("[0-9][0-9]-*")]
    files = [path for folder in folders for path in folder.rglob("*_fuzz.cpp")]
    return sorted("fuzz-" + path.stem.replace("_fuzz", "").replace("_", "-") for path in files)


# --- stories that are told in a terminal ----------------------------------------------------

STORY_SECONDS = 20


# Each with the stage that it belongs to.
STORIES = {"replication": ("08-replication", demo_replication.tell),
           "blocking": (FULL, demo_blocking.tell)}


def prove_demos(context: Context) -> list[Outcome]:
    told = [(name, stage, tell) for name, (stage, tell) in STORIES.items()
            if context.number in (None, stage[:2])]
    if not told:
        raise Skip(f"no story belongs to stage {context.number}")
    return [outcome for story in told for outcome in _prove_story(context, *story)]


def _prove_story(context: Context, name: str, stage: str, tell: Callable[[Path], int]) -> list[Outcome]:
    told, started = io.StringIO(), time.monotonic()
    try:
        with contextlib.redirect_stdout(told):
            tell(context.build.executable(stage))
        why = ""
    except Failure as failure:
        why = str(failure)
    seconds = time.monotonic() - started
    return [Outcome(f"make demo-{name} shows what it promises", not why, why, told.getvalue()),
            Outcome(f"… in less than {STORY_SECONDS} s", seconds < STORY_SECONDS, f"it took {seconds:.1f} s")]


# --- clients --------------------------------------------------------------------------------

def prove_clients(context: Context) -> list[Outcome]:
    scripts = [p for p in sorted(context.root.glob("tests/clients/*"))
               if p.is_file() and os.access(p, os.X_OK)]
    if not scripts:
        raise Skip("no executable script in tests/clients/")
    if context.number not in (None, FULL[:2]):
        raise Skip("clients talk to the full server")
    return [_client(context, script) for script in scripts]


def _client(context: Context, script: Path) -> Outcome:
    claim = f"{script.name} against the full server"
    try:
        with Server(context.build.executable(FULL)) as server:
            environment = {"PORT": str(server.port), "HOST": "127.0.0.1"}
            status, output = run_in_group([str(script)], CLIENT_SECONDS, context.root, environment)
            output += "\n--- the server's log ---\n" + server.log.read_text(errors="replace")
    except ServerError as error:
        return Outcome(claim, False, str(error))
    last = next((line for line in reversed(output.split("\n---")[0].splitlines()) if line.strip()), "")
    if status == SKIPPED:
        return Outcome(claim, True, f"skipped: {last}", output)
    return Outcome(claim, status == 0, last or f"exit status {status}", output)

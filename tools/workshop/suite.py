# SPDX-License-Identifier: MIT
"""`make build` and `make test`: every step with its time, and a closing line with the totals."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from workshop import builder
from workshop.check import CHECKER, command_line
from workshop.checker import read_verdict, run_in_group
from workshop.project import Failure, paint, say

PRESET = "test"
TESTS_AT_ONCE = 2
STAGES_AT_ONCE = 3  # their transcripts mostly wait


def build(project):
    """Everything in release form, executables in build/bin."""
    builder.build_preset(project, "release", [])
    for stage in project.catalogue.written:
        if (project.build / "bin" / stage.name).is_file():
            say(f"  build/bin/{stage.name}")
    return 0


class Tally:
    """Counts what passed and failed, and times the steps."""

    def __init__(self):
        self.passed = self.failed = 0

    def step(self, name, run):
        """`run` returns (passed, failed, output); the output is shown when something failed."""
        self._tell(name, *_timed(run))

    def steps(self, named_runs, at_once):
        """Several of them at a time, the last one first; told in their order."""
        with ThreadPoolExecutor(at_once) as pool:
            begun = [(name, pool.submit(_timed, run)) for name, run in reversed(named_runs)]
            for name, run in reversed(begun):
                self._tell(name, *run.result())

    def _tell(self, name, passed, failed, output, seconds):
        self.passed += passed
        self.failed += failed
        if failed:
            say(output.rstrip("\n"))
        verdict = paint(f"{failed} failed", "red") if failed else "ok"
        say(f"  {name:<44} {passed:>5} passed  {verdict:<9}  {seconds:6.1f} s")


def _timed(run):
    started = time.monotonic()
    return *run(), time.monotonic() - started


def test(project):
    """Unit tests, layout, the tools' own tests, and the reference's transcripts."""
    started = time.monotonic()
    builder.build_preset(project, PRESET, [])
    tally = Tally()
    tally.step("unit tests", lambda: _ctest(project))
    if (project.root / "tools" / "check-layout").is_file():
        tally.step("layout", lambda: _layout(project))
    tally.step("the workshop's tools", lambda: _python(project))
    tally.steps([(f"checks of {stage.name}", lambda stage=stage: _transcripts(project, stage))
                 for stage in project.catalogue.written if project.catalogue.checks_up_to(stage.number)],
                STAGES_AT_ONCE)
    say(f"{tally.passed} passed, {tally.failed} failed  ({time.monotonic() - started:.0f} s)")
    return 1 if tally.failed else 0


def _ctest(project):
    command = ["ctest", "--test-dir", str(project.build / PRESET), "--output-on-failure"]
    status, output = run_in_group([*command, "--parallel", str(TESTS_AT_ONCE)], 900)
    counted = re.search(r"(\d+) tests? failed out of (\d+)", output)
    if counted:
        failed, total = map(int, counted.groups())
        return total - failed, failed, output
    return (0, 1, output) if status else (0, 0, output)


def _layout(project):
    status, output = run_in_group([str(project.root / "tools" / "check-layout")], 600)
    return (0, 1, output) if status else (1, 0, output)


def _python(project):
    command = [sys.executable, "-m", "unittest", "discover", "-s", "tools/workshop/tests", "-t", "tools"]
    done = subprocess.run(command, cwd=project.root, text=True, capture_output=True,
                          env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})  # fmt: skip
    ran = re.search(r"^Ran (\d+) test", done.stderr, re.MULTILINE)
    total = int(ran[1]) if ran else 0
    failed = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", done.stderr))
    if done.returncode and not failed:
        failed = 1
    return total - failed, failed, done.stderr


def _transcripts(project, stage):
    """A finished stage passes the checks of every stage before it."""
    executables = project.build / PRESET / "bin"
    if not (executables / CHECKER).is_file():
        raise Failure(f"{CHECKER} was not built")
    report = project.build / f"{stage.name}-checks.json"
    report.unlink(missing_ok=True)
    files = [str(one.path) for one in project.catalogue.checks_up_to(stage.number)]
    command = [str(executables / CHECKER), "--server", command_line(executables / stage.name)]
    status, output = run_in_group([*command, "--keep-going", "--json", str(report), *files], 900)
    verdict = read_verdict(status, output, report)
    return verdict.passed, max(verdict.failed, 1 if status else 0), output

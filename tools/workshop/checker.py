# SPDX-License-Identifier: MIT
"""Calls workshop-check, the C++ program that runs transcripts, and reads its verdict."""
from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Sequence

from workshop.servers import end_group

_SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed", re.M)


@dataclass
class Verdict:
    status: int                  # 0 all passed, 1 some failed, 2 not run at all
    output: str
    passed: int = 0
    failed: int = 0
    scenarios: list[dict] = field(default_factory=list)   # as the checker's --json tells

    @property
    def ok(self) -> bool:
        return self.status == 0 and self.failed == 0 and self.passed > 0

    @property
    def first_failure(self) -> str | None:
        """The title of the first scenario that failed or whose task is not written."""
        for scenario in self.scenarios:
            if scenario.get("verdict") in ("failed", "not-written"):
                return scenario.get("title", "")
        return None

    def tail(self, lines: int = 12) -> str:
        return "\n".join(self.output.strip().splitlines()[-lines:])


class Checker:
    def __init__(self, program: Path):
        if not os.access(program, os.X_OK):
            raise FileNotFoundError(f"{program} is not built")
        self.program = program

    def run(self, files: Sequence[Path], binary: Path | None = None, *options: str,
            timeout: float = 300, environment: dict[str, str] | None = None) -> Verdict:
        """Runs transcripts against a server of ours, or with --oracle against redis-server."""
        if not files:
            return Verdict(0, "no transcripts\n")
        with tempfile.TemporaryDirectory(prefix="workshop-check-") as folder:
            report = Path(folder) / "report.json"
            command = [str(self.program), "--json", str(report), *options]
            if binary:
                command += ["--server", f"{binary} --port {{port}} --dir {{dir}}"]
            status, output = run_in_group(command + [str(f) for f in files], timeout,
                                          environment=environment)
            return read_verdict(status, output, report)


def read_verdict(status: int, output: str, report: Path) -> Verdict:
    verdict = Verdict(status, output)
    summary = _SUMMARY.findall(output)
    if summary:
        verdict.passed, verdict.failed = map(int, summary[-1])
    if report.is_file() and report.stat().st_size:
        told = json.loads(report.read_text(encoding="utf-8", errors="replace"))
        verdict.scenarios = told.get("scenarios", []) if isinstance(told, dict) else told
    return verdict


def run_in_group(command: Sequence[str], timeout: float, directory: Path | None = None,
                 environment: dict[str, str] | None = None) -> tuple[int, str]:
    """(status, output with errors mixed in). What it started ends with it; 124 after the timeout."""
    with tempfile.TemporaryFile() as sink:
        process = subprocess.Popen(command, cwd=directory, stdin=subprocess.DEVNULL, stdout=sink,
                                   stderr=sink, start_new_session=True,
                                   env={**os.environ, **(environment or {})})
        try:
            status = process.wait(timeout)
            note = ""
        except subprocess.TimeoutExpired:
            status, note = 124, f"\nno end after {timeout:.0f} seconds: stopped\n"
        finally:
            end_group(process)
        sink.seek(0)
        return status, sink.read().decode("utf-8", "replace") + note

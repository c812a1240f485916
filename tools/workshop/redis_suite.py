# SPDX-License-Identifier: MIT
"""`make redis-suite REDIS=<checkout of redis 7.2> [T='unit/type/list …']`: Redis' own tests against the full server.

The suite runs unmodified, out of a copy of its folder in which src/redis-server is our binary. The table of what passed goes
to docs/compatibility.md; tests that ask for what the workshop does not build are left out by name, each with its reason, in
tools/workshop/redis_suite_skips.txt.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from workshop import builder
from workshop.project import Failure, paint, say

PAGE = "docs/compatibility.md"
SKIPS = "tools/workshop/redis_suite_skips.txt"
FILES = """unit/type/string unit/type/incr unit/type/list unit/type/list-2 unit/type/list-3 unit/type/set unit/type/zset
unit/type/hash unit/type/stream unit/type/stream-cgroups unit/keyspace unit/scan unit/expire unit/info unit/info-command
unit/multi unit/sort unit/other unit/bitops unit/bitfield unit/geo unit/hyperloglog unit/pubsub unit/pubsubshard
unit/protocol unit/quit unit/auth unit/slowlog unit/latency-monitor unit/introspection unit/introspection-2 unit/tracking
unit/pause unit/querybuf unit/replybufsize unit/limits unit/obuf-limits unit/lazyfree unit/maxmemory unit/client-eviction
unit/dump unit/networking unit/violations unit/oom-score-adj""".split()
TOOLS = ("redis-cli", "redis-benchmark", "redis-check-aof", "redis-check-rdb")
SECONDS = 1200          # for one file
RESULT = re.compile(r"^\[(ok|err|skip|exception|ignore|TIMEOUT)\]: (.*)$")


@dataclass
class FileResult:
    name: str
    passed: int = 0
    skipped: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Skip:
    file: str
    test: str
    reason: str


def redis_suite(project):
    checkout = _checkout()
    files = os.environ.get("T", "").split() or FILES
    skips = read_skips(project.root / SKIPS)
    server = builder.release_server(project, project.stage("10"))
    logs = project.build / "redis-suite"
    logs.mkdir(parents=True, exist_ok=True)
    results = []
    with tempfile.TemporaryDirectory(prefix="redis-suite-") as folder:
        place = _prepare(Path(folder), checkout, server)
        for name in files:
            result = _run(place, name, [s for s in skips if s.file == name], logs)
            results.append(result)
            mark = paint("ok  ", "green") if not result.failed else paint("FAIL", "red")
            say(f"{mark} {name:24} {result.passed:4} passed {len(result.failed):4} failed {result.skipped:4} skipped"
                f" {result.seconds:7.1f} s")
    if not os.environ.get("T"):
        (project.root / PAGE).write_text(render(results, skips), encoding="utf-8")
        say(f"written: {PAGE}")
    return 1 if any(result.failed for result in results) else 0


def _checkout():
    where = os.environ.get("REDIS", "")
    path = Path(where).expanduser()
    if not where or not (path / "tests/test_helper.tcl").is_file():
        raise Failure("say where a checkout of Redis 7.2 lies: make redis-suite REDIS=<folder>")
    if shutil.which("tclsh") is None:
        raise Failure("the suite is written in Tcl: install tclsh (Debian: tcl)")
    return path


def _prepare(place, checkout, server):
    """A folder that looks like a built checkout, with our server in it."""
    shutil.copytree(checkout / "tests", place / "tests", symlinks=True)
    (place / "src").mkdir()
    (place / "src/redis-server").symlink_to(server)
    for tool in TOOLS:
        built = checkout / "src" / tool
        found = str(built) if built.is_file() else shutil.which(tool)
        if found is None:
            raise Failure(f"{tool} is neither in {checkout / 'src'} nor installed")
        (place / "src" / tool).symlink_to(found)
    return place


def _run(place, name, skips, logs):
    skip_file = place / "skips.txt"
    skip_file.write_text("".join(f"{skip.test}\n" for skip in skips), encoding="utf-8")
    command = ["tclsh", "tests/test_helper.tcl", "--single", name, "--clients", "1", "--skipfile", str(skip_file)]
    started = time.monotonic()
    result = FileResult(name)
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, timeout=SECONDS, start_new_session=True)
        text, status = done.stdout.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        text, status = (late.stdout or b"").decode(errors="replace"), None
        result.failed.append(f"the file did not end within {SECONDS} s")
    result.seconds = time.monotonic() - started
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    (logs / (name.replace("/", "-") + ".log")).write_text(text, encoding="utf-8")
    read_output(text, result)
    if status not in (0, None) and not result.failed:
        result.failed.append(f"the suite ended with status {status}")
    return result


def read_output(text, result):
    """Counts a run's lines; a file that breaks off has failed, whatever passed before."""
    for line in text.splitlines():
        match = RESULT.match(line)
        if match is None:
            continue
        kind, what = match.groups()
        if kind == "ok":
            result.passed += 1
        elif kind in ("skip", "ignore"):
            result.skipped += 1
        else:
            result.failed.append(re.sub(r" in tests/\S+$", "", what.strip()))


def read_skips(path):
    """`file | test | reason`, one a line; # begins a comment."""
    skips = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != 3 or not all(parts):
            raise Failure(f"{path.name}:{number}: not `file | test | reason`")
        skips.append(Skip(*parts))
    return skips


def render(results, skips):
    lines = ["# Compatibility", "",
             "What Redis 7.2's own test suite says of the full server: `make redis-suite REDIS=<checkout of redis 7.2>` writes this",
             "page. The suite runs unmodified, with our binary in place of redis-server.", "",
             "| file | passed | failed | skipped |", "|---|---|---|---|"]
    lines += [f"| {r.name} | {r.passed} | {len(r.failed)} | {r.skipped} |" for r in results]
    lines += [f"| **all** | {sum(r.passed for r in results)} | {sum(len(r.failed) for r in results)} "
              f"| {sum(r.skipped for r in results)} |", ""]
    failed = [(r.name, what) for r in results for what in r.failed]
    if failed:
        lines += ["## Failed", "", *(f"- {name}: {what}" for name, what in failed), ""]
    if skips:
        lines += ["## Left out, and why", "", "| file | test | reason |", "|---|---|---|"]
        lines += [f"| {skip.file} | {skip.test} | {skip.reason} |" for skip in skips]
        lines.append("")
    return "\n".join(lines)

# SPDX-License-Identifier: MIT
"""Runs what the guides show: transcripts with the checker, console sessions in a shell.

A console session runs in one shell at the repository's root. $PORT is the port of a fresh server of
the guide's stage; 6380, the port that readers use, stands for it in commands and output. A line `...`
matches any lines, `...` inside a line any characters. redis-cli prints as it does on a terminal.
"""
from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from workshop import exercises, guides, patches
from workshop.catalogue import Stage
from workshop.checker import run_in_group
from workshop.markdown import Document, Fence
from workshop.proof import Context, Outcome, two_at_a_time
from workshop.relink import BuildError
from workshop.servers import Server, ServerError

READERS_PORT = "6380"
SECONDS = 60
_MARK = "\x1e--workshop--"


def prove(context: Context) -> list[Outcome]:
    outcomes = [Outcome("tags, links and code blocks", True)]
    found = [f for f in guides.check(context.root, [s.name for s in context.stages]) if f.is_error]
    if found:
        outcomes = [Outcome("tags, links and code blocks", False, str(f)) for f in found]
    for stage in context.stages:
        runs = []
        for path, document in guides.documents(context.root, [stage.name]):
            runs += _transcripts(path, document)
            runs += [(path, fence) for fence in document.fences if _is_session(fence)]
        outcomes += two_at_a_time(lambda run: _prove(context, stage, *run), runs)
    return outcomes


def _is_session(fence: Fence) -> bool:
    if fence.language != "console" or guides.tag_problem(fence):
        return False
    return not fence.tags or "shape" in fence.tags


def _transcripts(path: str, document: Document):
    return [(path, f) for f in document.fences if "chk" in f.tags and not guides.tag_problem(f)]


def _prove(context: Context, stage: Stage, path: str, fence: Fence) -> Outcome:
    claim = f"{path}:{fence.line} happens as it is written"
    try:
        if "chk" in fence.tags:
            return _run_transcript(context, stage, path, fence, claim)
        return _run_session(context, stage, fence, claim)
    except (BuildError, patches.PatchError, ServerError) as error:
        return Outcome(claim, False, str(error), getattr(error, "log", ""))


# --- transcripts ----------------------------------------------------------------------------

def _run_transcript(context: Context, stage: Stage, path: str, fence: Fence, claim: str) -> Outcome:
    task = fence.tags["chk"]
    name = f"{path.replace('/', '-').removesuffix('.md')}-{fence.line}.chk"
    file = context.folder("guides") / name
    file.write_text(as_scenario(fence, path), encoding="utf-8")
    verdict = context.checker.run([file], _binary(context, stage, task))
    return Outcome(claim, verdict.ok, verdict.tail(1), verdict.output)


def as_scenario(fence: Fence, path: str) -> str:
    """The fence as a file of the checker; it gets a header unless it brings one."""
    text = fence.text + "\n"
    if re.match(r"# \d\d\.e?\d+  ", text):
        return text
    return f"# {fence.tags['chk']}  {path}, line {fence.line}\n{text}"


def _binary(context: Context, stage: Stage, task: str) -> Path:
    """The stage's server; for an exercise, the one with its solution."""
    if ".e" in task:
        for exercise in stage.exercises:
            if exercise.id == task:
                return exercises.build_solution(context, stage, exercise)
        raise BuildError(f"{task} has no solution to run the transcript against")
    return context.build.executable(stage.name)


# --- console sessions -----------------------------------------------------------------------

@dataclass
class Step:
    command: str
    expected: list[str]


def steps(fence: Fence) -> list[Step]:
    """Commands with their output; a command goes on where its line ends with a backslash."""
    found: list[Step] = []
    continued = False
    for line in fence.body:
        if continued:
            found[-1].command += "\n" + line
        elif line.startswith("$ "):
            found.append(Step(line[2:], []))
        elif found:
            found[-1].expected.append(line.rstrip())
        continued = bool(found) and not found[-1].expected and found[-1].command.endswith("\\")
    return found


def _run_session(context: Context, stage: Stage, fence: Fence, claim: str) -> Outcome:
    session = steps(fence)
    with Server(context.build.executable(stage.name)) as server:
        port = str(server.port)
        script = "\n".join(
            f"eval {shlex.quote(step.command.replace(READERS_PORT, port))}\nprintf '%s\\n' '{_MARK}'"
            for step in session)
        environment = {"PORT": port, "DIR": str(server.directory), "FAKETTY": "1", "NO_COLOR": "1",
                       "TERM": "dumb", "SERVER_PID": str(server.pid)}
        status, output = run_in_group(["bash", "-c", script], SECONDS, context.root, environment)
    output = output.replace(port, READERS_PORT)
    return judge(session, output, status, claim, "shape" in fence.tags)


def judge(session: list[Step], output: str, status: int, claim: str, shape: bool = False) -> Outcome:
    pieces = output.split(_MARK + "\n")
    if status == 124 or len(pieces) != len(session) + 1:
        return Outcome(claim, False, "the session does not come to its end", output)
    for step, piece in zip(session, pieces):
        if not matches(step.expected, piece.splitlines(), shape):
            shown = piece.strip().splitlines() or ["nothing"]
            return Outcome(claim, False, f"'{step.command}' printed {shown[0]!r}",
                           f"expected:\n" + "\n".join(step.expected) + f"\n\nprinted:\n{piece}")
    return Outcome(claim, True)


def matches(expected: list[str], printed: list[str], shape: bool = False) -> bool:
    """Whether lines match; '...' alone stands for any lines, blank lines at the end for none."""
    patterns = [None if line.strip() == "..." else _pattern(line, shape) for line in _trim(expected)]
    lines = [_normal(line, shape) for line in _trim(printed)]
    return _match(patterns, lines)


def _trim(lines: list[str]) -> list[str]:
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _normal(line: str, shape: bool) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\d+(?:[.,]\d+)*", "#", line)).strip() if shape else line


def _pattern(line: str, shape: bool) -> re.Pattern:
    return re.compile(".*".join(re.escape(part) for part in _normal(line, shape).split("...")))


def _match(patterns: list, lines: list[str]) -> bool:
    """Row by row of the usual table, so that many '...' cost no more than one."""
    reached = {0}
    for pattern in patterns:
        if pattern is None:
            reached = set(range(min(reached), len(lines) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(lines) and pattern.fullmatch(lines[at])}
    return len(lines) in reached

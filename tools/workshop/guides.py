# SPDX-License-Identifier: MIT
"""Proves what the guides show: every fence is tagged, and executed or compared with its source.

The tags are defined in docs/authoring.md. This module checks tags, links and blocks of code; it
needs no build. What runs against a server is in guide_runs.py.

    check(root)           -> findings: tags, links, code blocks that differ from their source
    rewrite_blocks(root)  -> names of the documents whose code blocks were brought up to date
"""
from __future__ import annotations

import re
import textwrap
from datetime import date
from pathlib import Path
from typing import Callable, Iterator

from workshop import differences, tree
from workshop.catalogue import Catalogue
from workshop.findings import Finding, report
from workshop.markdown import Document, Fence, parse

GUIDES = ("README.md", "GUIDE.md", "EXERCISES.md")
_CHK = re.compile(r"^\d\d\.e?\d+$")
_REGION = re.compile(r"^\d\d\.\d+[a-z]?$")
_LINES = re.compile(r"^(\d+)-(\d+)$")


class BlockError(Exception):
    """A block that names a source which is not there."""


def documents(root: Path, stages: list[str] | None = None) -> Iterator[tuple[str, Document]]:
    """(path, document) of every guide whose fences are proven."""
    for stage in Catalogue(root).stages:
        if stages is not None and stage.name not in stages:
            continue
        paths = [stage.folder / name for name in GUIDES] + sorted(stage.folder.glob("guide/*.md"))
        for path in paths:
            if path.is_file():
                yield (path.relative_to(root.resolve()).as_posix(),
                       parse(path.read_text(encoding="utf-8")))


def check(root: Path, stages: list[str] | None = None) -> list[Finding]:
    blocks = Blocks(root)
    found: list[Finding] = []
    for path, document in documents(root, stages):
        for fence in document.fences:
            found += _check_fence(path, fence, blocks)
    return found + check_links(root)


def _check_fence(path: str, fence: Fence, blocks: "Blocks") -> list[Finding]:
    problem = tag_problem(fence)
    if problem:
        return [Finding(path, fence.line, problem)]
    if not is_source_block(fence):
        return []
    try:
        expected, _ = blocks.expected(fence)
    except BlockError as error:
        return [Finding(path, fence.line, str(error))]
    if expected != fence.text:
        return [Finding(path, fence.line, "this block differs from its source: run `make guides`")]
    return []


# --- tags -----------------------------------------------------------------------------------

def tag_problem(fence: Fence) -> str | None:
    """Why the fence's opening is not one of docs/authoring.md, or None."""
    if not fence.closed:
        return "this fence is never closed"
    rules: dict[tuple[str, str], Callable[[Fence], str | None]] = {
        ("text", "chk"): _chk_problem, ("text", "figure"): _nothing,
        ("cpp", "region"): _region_problem, ("cpp", "file"): _file_problem,
        ("cpp", "sketch"): _nothing, ("console", "captured"): _captured_problem}
    for (language, tag), rule in rules.items():
        if fence.language == language and tag in fence.tags:
            return rule(fence)
    if fence.language == "console" and not fence.tags:
        return _console_problem(fence)
    opening = " ".join([fence.language, *fence.tags]).strip() or "no language"
    return f"a fence with {opening}: use one of the openings of docs/authoring.md"


def _nothing(_: Fence) -> None:
    return None


def _chk_problem(fence: Fence) -> str | None:
    return None if _CHK.match(fence.tags["chk"]) else "chk= names a task or an exercise: chk=02.1, chk=02.e1"


def _region_problem(fence: Fence) -> str | None:
    return None if _REGION.match(fence.tags["region"]) else "region= names a region: region=02.3 or region=02.3a"


def _file_problem(fence: Fence) -> str | None:
    lines = fence.tags.get("lines")
    return None if lines is None or _LINES.match(lines) else "lines= is a range: lines=12-30"


def _captured_problem(fence: Fence) -> str | None:
    try:
        date.fromisoformat(fence.tags["captured"])
    except ValueError:
        return "captured= is the day of the capture: captured=2026-11-21"
    return _console_problem(fence)


def _console_problem(fence: Fence) -> str | None:
    if any(line.startswith("$ ") for line in fence.body):
        return None
    return "a console block shows at least one command, on a line that starts with '$ '"


def is_source_block(fence: Fence) -> bool:
    return fence.language == "cpp" and ("region" in fence.tags or "file" in fence.tags)


# --- code blocks ----------------------------------------------------------------------------

class Blocks:
    """Finds the source of a block of code. Reads every file once."""

    def __init__(self, root: Path):
        self.root = root
        self._regions = Catalogue(root).region_files()

    def expected(self, fence: Fence) -> tuple[str, dict[str, str]]:
        """(text, tags): the tags differ from the fence's only where the lines have moved."""
        if "region" in fence.tags:
            return self._region(fence), fence.tags
        return self._file(fence)

    def _region(self, fence: Fence) -> str:
        wanted, only = fence.tags["region"], fence.tags.get("file")
        regions = [r for path, found in self._regions.items() if only in (None, path) for r in found]
        chosen = [r for r in regions if r.id == wanted] or [r for r in regions if r.task == wanted]
        if not chosen:
            raise BlockError(f"no source has a region [{wanted}]")
        return "\n\n".join(textwrap.dedent("\n".join(r.body)).strip("\n") for r in chosen)

    def _file(self, fence: Fence) -> tuple[str, dict[str, str]]:
        path = self.root / fence.tags["file"]
        if not path.is_file():
            raise BlockError(f"there is no file {fence.tags['file']}")
        source = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        if "lines" not in fence.tags:
            return "\n".join(source), fence.tags
        first, last = map(int, _LINES.match(fence.tags["lines"]).groups())
        shown = _extract(source, first, last)
        if shown == fence.text:
            return shown, fence.tags
        moved = _find(source, fence.body)
        if moved:                                   # the same code, pushed up or down by an edit above it
            first, last = moved
            return _extract(source, first, last), {**fence.tags, "lines": f"{first}-{last}"}
        if not 1 <= first <= last <= len(source):
            raise BlockError(f"{fence.tags['file']} has {len(source)} lines, not {fence.tags['lines']}")
        return shown, fence.tags


def _extract(source: list[str], first: int, last: int) -> str:
    return textwrap.dedent("\n".join(source[first - 1:last]))


def _find(source: list[str], body: tuple[str, ...]) -> tuple[int, int] | None:
    count = len(body)
    wanted = "\n".join(body)
    hits = [at for at in range(len(source) - count + 1)
            if _extract(source, at + 1, at + count) == wanted] if wanted.strip() else []
    return (hits[0] + 1, hits[0] + count) if len(hits) == 1 else None


def rewrite_blocks(root: Path, stages: list[str] | None = None) -> list[str]:
    """Brings every block of code up to date; raises BlockError where its source is gone."""
    blocks = Blocks(root)
    changed = []
    for path, document in documents(root, stages):
        lines = list(document.lines)
        for fence in reversed(document.fences):
            if is_source_block(fence) and not tag_problem(fence):
                _rewrite(lines, fence, blocks, path)
        text = "\n".join(lines)
        if text != document.text:
            (root / path).write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _rewrite(lines: list[str], fence: Fence, blocks: Blocks, path: str) -> None:
    try:
        text, tags = blocks.expected(fence)
    except BlockError as error:
        raise BlockError(f"{path}:{fence.line}: {error}") from error
    opening = fence.line - 1
    if tags != fence.tags:
        lines[opening] = re.sub(r"lines=\S+", f"lines={tags['lines']}", lines[opening])
    indented = [fence.indent + line if line else "" for line in text.split("\n")]
    lines[opening + 1:opening + 1 + len(fence.body)] = indented


# --- links ----------------------------------------------------------------------------------

def check_links(root: Path) -> list[Finding]:
    """Every relative link of every Markdown file leads to a file, and to an anchor in it."""
    parsed: dict[str, Document] = {}
    found = []
    listed = [name for name in tree.files(root) if name.endswith(".md")]
    for name in listed:
        parsed[name] = parse((root / name).read_text(encoding="utf-8"))
    for name in listed:
        for line, target in parsed[name].links:
            problem = _link_problem(root, name, target, parsed)
            if problem:
                found.append(Finding(name, line, f"the link {target} {problem}"))
    return found


def _link_problem(root: Path, name: str, target: str, parsed: dict[str, Document]) -> str | None:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None if re.match(r"(https?://[^/\s]+|mailto:\S+@)", target) else "is not a usable address"
    path, _, anchor = target.partition("#")
    goal = (root / name).parent / path if path else root / name
    if not goal.exists():
        return "leads nowhere"
    inside = goal.resolve()
    if root.resolve() not in [inside, *inside.parents]:
        return "leaves the repository"
    relative = inside.relative_to(root.resolve()).as_posix()
    if anchor and relative in parsed and anchor not in parsed[relative].anchors:
        return f"names an anchor that {relative} does not have"
    return None


def main(root: Path, rewrite: bool = False) -> int:
    """Brings code blocks and docs/differences.md up to date (`rewrite`), then tells what is still wrong."""
    changed: list[str] = []
    if rewrite:
        try:
            changed = rewrite_blocks(root)
        except BlockError as error:
            print(error)
            return 1
        changed += [differences.PAGE] if differences.write(root) else []
    for path in changed:
        print(f"{path}: brought up to date")
    return 1 if report(check(root) + differences.check(root)) else 0

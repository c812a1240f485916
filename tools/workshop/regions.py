# SPDX-License-Identifier: MIT
"""Region marks in C++ sources: parse them, render them, move bodies from file to file.

The format is defined in docs/authoring.md. Everything here is text in, text out: no file is opened,
so that the same functions serve starters, proofs, guides and the learner's tree.

    parse(text)                     -> [Region, ...] in file order
    render(text, policy)            -> text; policy maps a task ("04.2") to a rendering
    body(text, "04.2a")             -> what stands between the marks, directives dropped
    replace_body(text, id, new)     -> text with another body, marks as they are
    graft(text, donor, ids)         -> replace_body for several regions, bodies taken from donor
    outside(text)                   -> the lines that belong to no region (marks included)
"""

import re
from dataclasses import dataclass

REFERENCE = "reference"
STUB = "stub"
QUIET = "quiet"
RENDERINGS = (REFERENCE, STUB, QUIET)

_BEGIN = re.compile(r"^(?P<indent>[ \t]*)// \[(?P<id>\d\d\.\d+[a-z]?) begin\](?P<title>.*)$")
_END = re.compile(r"^[ \t]*// \[(?P<id>\d\d\.\d+[a-z]?) end\][ \t]*$")
_ALMOST = re.compile(r"//\s*\[\s*\d+\.\w+\s+(begin|end)\b")
# clang-format may put a space after the slashes, so both spellings are directives.
_DIRECTIVE = re.compile(r"^(?P<indent>[ \t]*)// ?(?P<kind>stub|quiet):(?: (?P<text>.*)|[ \t]*)$")
_ARRIVES = re.compile(r"\s+— arrives in \d\d\.\d+$")


class RegionError(ValueError):
    """A mark that is misspelt, nested, repeated or left open; the text names file and line."""


@dataclass(frozen=True)
class Region:
    """One region. `begin` and `end` are the 0-based line numbers of its marks."""

    id: str  # "04.2" or "04.2b"
    title: str  # the text after the begin mark, without "arrives in"
    indent: str  # of the begin mark
    begin: int
    end: int
    body: tuple[str, ...]  # lines between the marks, directives dropped
    stub: tuple[str, ...] | None  # the //stub: lines, prefix removed; None without any
    quiet: tuple[str, ...] | None
    arrives: bool  # the begin mark says "arrives in": this is a quiet rendering

    @property
    def task(self):
        """The task it belongs to: "04.2" for "04.2b"."""
        return self.id.rstrip("abcdefghijklmnopqrstuvwxyz")

    @property
    def stage(self):
        """The stage's number: "04"."""
        return self.id[:2]

    @property
    def line_count(self):
        """Lines of code that a learner writes: neither blank nor comment alone."""
        stripped = (line.strip() for line in self.body)
        return sum(1 for line in stripped if line and not line.startswith("//"))

    def rendered(self, rendering):
        """The lines between the marks in a rendering."""
        if rendering == REFERENCE:
            return self.body
        if rendering == STUB:
            return self.stub if self.stub is not None else (f'{self.indent}todo("{self.task}");',)
        if rendering == QUIET:
            return self.quiet if self.quiet is not None else ()
        raise ValueError(f"unknown rendering '{rendering}'")

    def begin_mark(self, quiet=False):
        title = f" {self.title}" if self.title else ""
        arrives = f" — arrives in {self.task}" if quiet else ""
        return f"{self.indent}// [{self.id} begin]{title}{arrives}"


def parse(text, path="<text>"):
    """All regions of a file, in order. Raises RegionError."""
    found = []
    seen = set()
    opened = None
    lines = text.split("\n")
    for number, line in enumerate(lines):
        begin, end = _BEGIN.match(line), _END.match(line)
        where = f"{path}:{number + 1}"
        if begin:
            if opened:
                raise RegionError(f"{where}: [{begin['id']} begin] inside [{opened[1]['id']}]: marks do not nest")
            if begin["id"] in seen:
                raise RegionError(f"{where}: [{begin['id']} begin] appears twice in this file: add a letter")
            opened = (number, begin)
            seen.add(begin["id"])
        elif end:
            if not opened or opened[1]["id"] != end["id"]:
                raise RegionError(f"{where}: [{end['id']} end] without its begin mark")
            found.append(_region(lines, opened[1], opened[0], number))
            opened = None
        elif _ALMOST.search(line):
            raise RegionError(f"{where}: this looks like a region mark, but is not one: {line.strip()}")
    if opened:
        raise RegionError(f"{path}:{opened[0] + 1}: [{opened[1]['id']} begin] is never ended")
    return found


def _region(lines, mark, begin, end):
    kept, directives = [], {STUB: None, QUIET: None}
    for line in lines[begin + 1 : end]:
        directive = _DIRECTIVE.match(line)
        if not directive:
            kept.append(line)
            continue
        kind = directive["kind"]
        text = directive["text"] or ""
        rendered = (directive["indent"] + text).rstrip()
        directives[kind] = (directives[kind] or ()) + (rendered,)
    title = mark["title"].strip()
    plain = _ARRIVES.sub("", " " + title).strip()
    return Region(
        id=mark["id"],
        title=plain,
        indent=mark["indent"],
        begin=begin,
        end=end,
        body=tuple(kept),
        stub=directives[STUB],
        quiet=directives[QUIET],
        arrives=plain != title,
    )


def render(text, policy, path="<text>"):
    """The text with every region rendered; `policy(task)` or a mapping gives the rendering.

    A mapping may leave tasks out: these are rendered as the reference. Marks stay, so that the
    result can be parsed again. The result of a reference rendering holds no directives.
    """
    choose = policy if callable(policy) else lambda task: policy.get(task, REFERENCE)

    def lines_of(region):
        rendering = choose(region.task)
        return region.begin_mark(rendering == QUIET), region.rendered(rendering)

    return _rewrite(text, path, lines_of)


def stage_policy(stage):
    """The starter of a stage ("04"): earlier reference, its own tasks stubs, later ones quiet."""
    number = stage[:2]

    def choose(task):
        if task[:2] == number:
            return STUB
        return REFERENCE if task[:2] < number else QUIET

    return choose


def body(text, region_id, path="<text>"):
    """The body of one region, lines joined, no trailing newline. KeyError when it is not there."""
    for region in parse(text, path):
        if region.id == region_id:
            return "\n".join(region.body)
    raise KeyError(f"{path}: no region [{region_id}]")


def replace_body(text, region_id, new, path="<text>", quiet=False):
    """The text with another body for one region; its directives go, its marks stay.

    `quiet` writes the begin mark of a quiet rendering.
    """
    lines = tuple(new.split("\n")) if new else ()
    hit = []

    def lines_of(region):
        if region.id != region_id:
            return None
        hit.append(region)
        return region.begin_mark(quiet), lines

    result = _rewrite(text, path, lines_of)
    if not hit:
        raise KeyError(f"{path}: no region [{region_id}]")
    return result


def graft(text, donor, ids, path="<text>"):
    """The text with the bodies of `ids` taken from another rendering of the same file."""
    for region_id in ids:
        text = replace_body(text, region_id, body(donor, region_id, path), path)
    return text


def outside(text, path="<text>"):
    """The lines that no region owns; each region is represented by its two marks, normalised."""
    return _rewrite(text, path, lambda region: (region.begin_mark(), ()))


def _rewrite(text, path, lines_of):
    """Replaces begin mark and inner lines of regions; `lines_of` returns None to leave one alone."""
    lines = text.split("\n")
    result, at = [], 0
    for region in parse(text, path):
        changed = lines_of(region)
        if changed is None:
            continue
        mark, inner = changed
        result += lines[at : region.begin] + [mark, *inner]
        at = region.end
    return "\n".join(result + lines[at:])

# SPDX-License-Identifier: MIT
"""Reads Markdown as far as the workshop needs it: fences with their tags, headings, anchors, links."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"^(?P<indent> {0,6})(?P<ticks>`{3,})(?P<info>[^`\n]*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ANCHOR = re.compile(r'<a (?:id|name)="([^"]+)"')
_RULE = re.compile(r"\*\*Rule (\d+)\.")
_LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*([^)\s]+)\s*\)")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*(\S+)", re.M)


@dataclass(frozen=True)
class Fence:
    language: str
    tags: dict[str, str]          # chk=02.1 → {"chk": "02.1"}; a bare word maps to ""
    line: int                     # of the opening, from 1
    body: tuple[str, ...]
    indent: str = ""
    closed: bool = True

    @property
    def text(self) -> str:
        return "\n".join(self.body)


@dataclass
class Document:
    text: str
    lines: list[str] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    headings: list[tuple[int, str, int]] = field(default_factory=list)   # level, text, line
    prose: list[str] = field(default_factory=list)                       # fenced lines are empty

    @property
    def anchors(self) -> set[str]:
        """What a link into the document may name: headings as GitHub slugs, <a id>, rules."""
        found: set[str] = set()
        seen: dict[str, int] = {}
        for _, title, _ in self.headings:
            base = slug(title)
            count = seen.get(base, 0)
            seen[base] = count + 1
            found.add(f"{base}-{count}" if count else base)
        prose = "\n".join(self.prose)
        found |= set(_ANCHOR.findall(prose))
        return found | {f"rule-{n}" for n in _RULE.findall(prose)}

    @property
    def links(self) -> list[tuple[int, str]]:
        """(line, target) of every link and image outside fences and code spans."""
        found = []
        for number, line in enumerate(self.prose, 1):
            bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", lambda m: re.sub(r"[\[\]()]", " ", m.group(0)), line)
            for pattern in (_LINK, _IMAGE, _REFERENCE):
                found += [(number, target) for target in pattern.findall(bare)]
        return found

    def words(self) -> int:
        """Words of prose: fences and markup do not count."""
        prose = re.sub(r"\]\([^)]*\)|<[^>]+>|[|*_#>`-]", " ", "\n".join(self.prose))
        return len([w for w in prose.split() if re.search(r"\w", w)])


def slug(title: str) -> str:
    """GitHub's anchor of a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
    plain = re.sub(r"<[^>]+>", "", plain).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def parse(text: str) -> Document:
    document = Document(text, text.split("\n"))
    opening: re.Match | None = None
    opened_at, body = 0, []
    for number, line in enumerate(document.lines, 1):
        fence = _FENCE.match(line)
        if opening is None and fence:
            opening, opened_at, body = fence, number, []
            document.prose.append("")
        elif opening is not None:
            document.prose.append("")
            closes = fence and not fence["info"].strip() and len(fence["ticks"]) >= len(opening["ticks"])
            if closes:
                document.fences.append(_fence(opening, opened_at, body, True))
                opening = None
            else:
                body.append(line.removeprefix(opening["indent"]))
        else:
            document.prose.append(line)
            heading = _HEADING.match(line)
            if heading:
                document.headings.append((len(heading.group(1)), heading.group(2), number))
    if opening is not None:
        document.fences.append(_fence(opening, opened_at, body, False))
    return document


def _fence(opening: re.Match, line: int, body: list[str], closed: bool) -> Fence:
    words = opening["info"].split()
    tags = dict(word.partition("=")[::2] for word in words[1:])
    return Fence(words[0] if words else "", tags, line, tuple(body), opening["indent"], closed)

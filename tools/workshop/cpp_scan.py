# SPDX-License-Identifier: MIT
"""A small reader of C++ text: comments and literals blanked, includes, functions and their length.

It does not parse C++. It matches braces and looks at the words before each one, which is enough
to tell a function body from a class, a namespace or an initialiser.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
REGION_LINE = re.compile(r"^\s*//\s*(\[\d\d\.\w+ (begin|end)\]|stub:|quiet:)")
_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'", re.S)
_TYPE = re.compile(r"\b(class|struct|union|enum)\b")
_TEST = re.compile(r"\s*(TEMPLATE_)?(TEST_CASE|SCENARIO|TEST_CASE_METHOD)\b")


@dataclass(frozen=True)
class Include:
    name: str
    quoted: bool
    line: int


@dataclass(frozen=True)
class Function:
    name: str
    line: int      # where its signature starts
    length: int    # lines from the signature to the closing brace, region marks not counted
    is_test: bool


def blank(text: str) -> str:
    """The text with comments and literals replaced by spaces; line breaks stay."""
    return _TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def includes(text: str) -> list[Include]:
    without_comments = re.sub(r"//[^\n]*|/\*.*?\*/",
                              lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)
    return [Include(m.group(2), m.group(1) == '"', without_comments.count("\n", 0, m.start(2)) + 1)
            for m in INCLUDE.finditer(without_comments)]


def functions(text: str) -> list[Function]:
    """Functions at namespace or class scope; a lambda belongs to the function around it."""
    code = _without_preprocessor(blank(text))
    lines = text.split("\n")
    found: list[Function] = []
    scopes: list[tuple[str, int, str]] = []      # kind, offset of its header, header
    start = 0                                     # where the current declaration begins
    parentheses = 0                               # braces inside parentheses are arguments
    for at, char in _punctuation(code):
        if char in "()":
            parentheses += 1 if char == "(" else -1
        elif char == "{":
            inside = any(kind in ("function", "initialiser") for kind, _, _ in scopes)
            header = code[start:at]
            kind = "block" if inside else "member" if parentheses > 0 else _kind(header)
            scopes.append((kind, start, header))
            start = at + 1
        elif char == "}" and scopes:
            kind, begin, header = scopes.pop()
            if kind == "function":
                found.append(_function(code, lines, begin, at, header))
            start = begin if kind == "member" else at + 1     # the declaration around it goes on
        elif char == ";":
            start = at + 1
    return found


def _punctuation(code: str):
    for match in re.finditer(r"[(){};]", code):
        yield match.start(), match.group(0)


def _without_preprocessor(code: str) -> str:
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                  code, flags=re.M)


def _kind(header: str) -> str:
    if re.search(r"\bnamespace\b|\bextern\s*$", header):
        return "namespace"
    flat = _without_nesting(header)
    if "(" not in flat:
        return "type" if _TYPE.search(flat) else "initialiser"
    if re.search(r"(?<![=!<>+\-*/|&^])=(?!=)", re.sub(r"\boperator\s*[^\s(]+", "", flat)):
        return "initialiser"
    if re.search(r"[)>]\s*(noexcept\s*)?:(?!:)", flat) and re.search(r"[\w>]\s*$", flat):
        return "member"                          # `: x_{1}`: the constructor's body comes later
    return "function"


def _without_nesting(header: str) -> str:
    """The header with the insides of (…) and <…> taken away."""
    flat = header.replace("->", "  ")
    for inside in (r"\([^()]*\)", r"(?<=[\w ])<[^<>]*>"):
        before = None
        while before != flat:
            before = flat
            flat = re.sub(inside, lambda m: "\x01" if m.group(0)[0] == "(" else " ", flat)
    return flat.replace("\x01", "()")


def _function(code: str, lines: list[str], begin: int, end: int, header: str) -> Function:
    offset = len(header) - len(header.lstrip())
    signature = re.sub(r"^(?:\s*(?:public|private|protected)\s*:(?!:))+", "", header)
    offset += len(header.strip()) - len(signature.strip())
    first = code.count("\n", 0, begin + offset) + 1
    last = code.count("\n", 0, end) + 1
    marks = sum(1 for line in lines[first - 1:last] if REGION_LINE.match(line))
    return Function(_name(signature), first, last - first + 1 - marks, bool(_TEST.match(signature)))


def _name(signature: str) -> str:
    before = _without_nesting(signature).split("(", 1)[0].split()
    return before[-1].lstrip("*&") if before else "?"

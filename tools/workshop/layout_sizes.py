# SPDX-License-Identifier: MIT
"""Sizes and first lines of C++ files: short files, short functions, a licence, a header that says why."""
from __future__ import annotations

import re
from pathlib import Path

from workshop import cpp_scan
from workshop.findings import Finding, warning

FILE_LINES, FILE_LIMIT = 400, 600
FUNCTION_LINES, FUNCTION_LIMIT = 40, 80
HEADER_LINES = 10
LICENCE = "// SPDX-License-Identifier: MIT"


def check(root: Path, names: list[str]) -> list[Finding]:
    found: list[Finding] = []
    for name in names:
        if name.endswith((".h", ".cpp")):
            paired = name.endswith("_test.cpp") or (
                name.endswith(".cpp") and (root / name).with_suffix(".h").is_file())
            found += check_text(name, (root / name).read_text(encoding="utf-8"), paired)
    return found


def check_text(name: str, text: str, paired: bool = False) -> list[Finding]:
    """`paired`: a .cpp whose .h says what both own, or a test, whose name says it."""
    lines = text.split("\n")
    found = _first_lines(name, lines, paired) + _length(name, len(lines) - (not lines[-1]))
    if name.endswith(".h") and not any(line.strip() == "#pragma once" for line in lines):
        found.append(Finding(name, 0, "has no #pragma once"))
    for function in cpp_scan.functions(text):
        if function.is_test or function.length <= FUNCTION_LINES:
            continue
        what = f"{function.name} has {function.length} lines, the limit is"
        if function.length > FUNCTION_LIMIT:
            found.append(Finding(name, function.line, f"{what} {FUNCTION_LIMIT}"))
        else:
            found.append(warning(name, function.line, f"{what} {FUNCTION_LINES}"))
    return found


def _length(name: str, count: int) -> list[Finding]:
    if count > FILE_LIMIT:
        return [Finding(name, 0, f"has {count} lines, the limit is {FILE_LIMIT}")]
    if count > FILE_LINES:
        return [warning(name, 0, f"has {count} lines, look for the second idea from {FILE_LINES} on")]
    return []


def _first_lines(name: str, lines: list[str], paired: bool) -> list[Finding]:
    if not lines or lines[0].strip() != LICENCE:
        return [Finding(name, 1, f"the first line is not '{LICENCE}'")]
    comment = []
    for line in lines[1:]:
        if not line.startswith("//"):
            break
        comment.append(line)
    said = [line for line in comment if re.search(r"\w", line)]
    if not said and not paired:
        return [Finding(name, 2, "no header comment says what the file owns")]
    if len(said) > HEADER_LINES:
        return [warning(name, 2, f"the header comment has {len(said)} lines, at most {HEADER_LINES}")]
    return []

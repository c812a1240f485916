# SPDX-License-Identifier: MIT
"""What a check says: one line per finding, an error or a warning, always with its place."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int            # 0: the whole file
    text: str
    is_error: bool = True

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {'' if self.is_error else 'warning: '}{self.text}"


def warning(path: str, line: int, text: str) -> Finding:
    return Finding(path, line, text, is_error=False)


def errors(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.is_error]


def report(findings: Iterable[Finding], quiet: bool = False) -> int:
    """Prints them, errors last, and returns the number of errors."""
    findings = sorted(set(findings), key=lambda f: (f.is_error, f))
    for finding in findings:
        if finding.is_error or not quiet:
            print(finding)
    return len(errors(findings))

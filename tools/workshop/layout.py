# SPDX-License-Identifier: MIT
"""tools/check-layout: the rules of the repository that no compiler checks. A rule that fails no build does not hold.

    tools/check-layout            everything; warnings are shown, errors fail
    tools/check-layout --errors   errors only
"""
from __future__ import annotations

import sys
import time
from pathlib import Path

from workshop import (differences, guides, layout_headers, layout_includes, layout_lessons, layout_sizes,
                      tree)
from workshop.findings import Finding, report


def check(root: Path) -> list[Finding]:
    names = tree.files(root)
    return (layout_includes.check(root, names) + layout_includes.check_asio_reach(root, names)
            + layout_sizes.check(root, names) + layout_lessons.check(root, names)
            + guides.check(root) + differences.check(root) + layout_headers.check(root, names))


def main(root: Path, arguments: list[str]) -> int:
    started = time.monotonic()
    found = check(root)
    failed = report(found, quiet="--errors" in arguments)
    warned = len(set(found)) - failed
    print(f"layout: {failed} errors, {warned} warnings in {time.monotonic() - started:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2], sys.argv[1:]))

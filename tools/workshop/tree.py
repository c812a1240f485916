# SPDX-License-Identifier: MIT
"""What belongs to the repository: its files, and which stage or folder each one lies in.

Generated folders (build/, work/, .git/) never count. In a git tree the list is what git would
commit; in a bare folder (the tests of these tools) it is what lies there.
"""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

GENERATED = {".git", "build", "work", "__pycache__", "node_modules", ".cache"}
STAGE = re.compile(r"^(\d\d)-[a-z0-9-]+$")


def files(root: Path) -> list[str]:
    """Paths relative to the root, sorted, with forward slashes."""
    names = _from_git(root) if (root / ".git").exists() else _from_disk(root)
    return sorted(n for n in names if not GENERATED & set(n.split("/")[:-1]))


def _from_git(root: Path) -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=root, capture_output=True, text=True, check=True)
    return [n for n in set(listing.stdout.split("\0")) if n and (root / n).is_file()]


def _from_disk(root: Path) -> list[str]:
    return [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]


def stage_number(path: str) -> int | None:
    """The number of the stage that a root-relative path lies in, or None."""
    found = STAGE.match(path.split("/", 1)[0])
    return int(found.group(1)) if found else None

# SPDX-License-Identifier: MIT
"""Applies a patch to copies: the patched files as text, the repository untouched."""
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Iterable


class PatchError(Exception):
    """The diff does not apply to the reference as it is now; the text is git's own."""


def apply(root: Path, diff: str, names: Iterable[str]) -> dict[str, str]:
    """The text of every file that the diff changes or adds, as it reads afterwards.

    Every line of context must match: a patch that merely resembles its target proves nothing.
    """
    with tempfile.TemporaryDirectory(prefix="workshop-patch-") as scratch:
        copy = Path(scratch)
        for name in names:
            if (root / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, copy / name)
        done = subprocess.run(
            ["git", "apply", "-p1", "--recount", "--whitespace=nowarn", "-"], cwd=copy, input=diff,
            env={**os.environ, "GIT_CEILING_DIRECTORIES": str(copy.parent)},
            capture_output=True, text=True)
        if done.returncode != 0:
            raise PatchError(done.stdout.strip() + done.stderr.strip())
        return {name: (copy / name).read_text(encoding="utf-8")
                for name in names if (copy / name).is_file()}

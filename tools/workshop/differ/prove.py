# SPDX-License-Identifier: MIT
"""tools/verify fuzz-diff: some seconds of random commands against the installed redis-server."""
from __future__ import annotations

import os
import shutil

from workshop.differ.run import compare
from workshop.project import Failure
from workshop.proof import Context, Outcome, Skip

COUNT = 200_000
DEFAULT_SEED = 7        # the same commands every time: what is new is for `make fuzz-diff` to find


def prove(context: Context) -> list[Outcome]:
    stages = [stage for stage in context.stages if stage.number == "10"]
    if not stages:
        raise Skip("only the full server is compared")
    redis = os.environ.get("REDIS") or shutil.which("redis-server")
    if not redis:
        return [Outcome("redis-server and the full server agree", False, "no redis-server: run `make deps`")]
    seed, said = int(os.environ.get("SEED") or DEFAULT_SEED), []
    try:
        done = compare(str(context.build.executable(stages[0].name)), redis, COUNT, seed, said.append)
    except Failure as failure:
        return [Outcome(f"redis-server and the full server agree (seed {seed})", False, str(failure).splitlines()[0], str(failure))]
    return [Outcome(f"{done} random commands, no disagreement (seed {seed})", True, "", "\n".join(said))]

# SPDX-License-Identifier: MIT
"""The transcripts tell the truth about Redis: each runs against the installed redis-server.

A line that differs on purpose says `@differs REASON`, one of a newer Redis says `@since`; the checker
handles both. REDIS=PATH names another server to ask. Stage 01 is an echo server, which Redis is not.
"""
from __future__ import annotations

import os
import shutil

from workshop.catalogue import Check
from workshop.proof import Context, Outcome, two_at_a_time

FIRST_STAGE = "02"


def prove(context: Context) -> list[Outcome]:
    redis = os.environ.get("REDIS") or shutil.which("redis-server")
    checks = [c for s in context.stages if s.number >= FIRST_STAGE for c in s.checks]
    if checks and not redis:
        return [Outcome("the transcripts agree with Redis", False, "no redis-server: run `make deps`")]
    return two_at_a_time(lambda check: _ask(context, check, redis), checks)


def _ask(context: Context, check: Check, redis: str) -> Outcome:
    verdict = context.checker.run([check.path], None, "--oracle", "--keep-going", "--redis", redis)
    agrees = verdict.status == 0
    return Outcome(f"Redis agrees with {check.path.name}", agrees,
                   verdict.first_failure or verdict.tail(1), verdict.output)

# SPDX-License-Identifier: MIT
"""What a run was asked to do, and the error whose text is the one line that the user sees."""
import os
import shutil
from dataclasses import dataclass
from pathlib import Path


class BenchError(Exception):
    pass


def choose_cores():
    """(server's core, load's core), or (None, None) where there are not two or they cannot be chosen."""
    if not hasattr(os, "sched_setaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


@dataclass
class Settings:
    root: Path
    bin_dir: Path
    out: Path
    redis: str
    quick: bool
    rounds: int
    seconds: float
    connections: int
    keys: int
    memory_keys: int
    only: str
    server_core: int | None
    load_core: int | None

    @property
    def tool(self):
        return self.bin_dir / "workshop-bench"

    @classmethod
    def from_arguments(cls, parsed, root):
        redis = shutil.which(parsed.redis)
        if redis is None:
            raise BenchError(f"{parsed.redis} was not found; install it (make deps) or name one with --redis PATH")
        server_core, load_core = choose_cores()
        settings = cls(
            root=root, bin_dir=parsed.bin_dir, out=parsed.out, redis=redis, quick=parsed.quick,
            rounds=parsed.rounds or (3 if parsed.quick else 5),
            seconds=parsed.seconds or (0.5 if parsed.quick else 1.5),
            connections=parsed.connections, keys=parsed.keys,
            memory_keys=parsed.memory_keys or (200_000 if parsed.quick else 1_000_000),
            only=parsed.only, server_core=server_core, load_core=load_core)
        if not os.access(settings.tool, os.X_OK):
            raise BenchError(f"{settings.tool} is not there; run 'make build' first")
        return settings

    def stage_binary(self, number):
        found = sorted(self.bin_dir.glob(f"{number}-*"))
        if not found:
            raise BenchError(f"there is no server {self.bin_dir}/{number}-*; run 'make build' first")
        return found[0]

    def stage_before(self, stage):
        """The nearest earlier stage that is built; None for the first."""
        for number in range(stage - 1, 0, -1):
            found = sorted(self.bin_dir.glob(f"{number:02d}-*"))
            if found:
                return found[0]
        return None

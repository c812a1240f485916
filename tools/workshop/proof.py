# SPDX-License-Identifier: MIT
"""What every proof shares: where things lie, what a proof says, and two at a time.

A proof is a function `prove(context) -> list[Outcome]`. One outcome is one claim that holds or does
not ("mutant 02.3-one-read dies at 02.3"). A proof that can't run here raises Skip with the reason.
"""
from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Callable, Iterable, TypeVar

from workshop.catalogue import Catalogue, Check, Stage
from workshop.checker import Checker
from workshop.relink import JOBS, Build

T = TypeVar("T")


class Skip(Exception):
    """The proof does not apply here; the text is the reason."""


@dataclass
class Outcome:
    claim: str
    ok: bool
    why: str = ""            # one line; shown when the claim does not hold
    log: str = ""            # everything, for the log file


@dataclass
class Context:
    root: Path
    number: str | None = None                 # "02": one stage only; None: all that are written
    solutions: dict[str, Path] = field(default_factory=dict)      # exercises that are built, under the lock
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.root)

    @cached_property
    def build(self) -> Build:
        return Build(self.root, self.root / "build/test")

    @cached_property
    def checker(self) -> Checker:
        return Checker(find_program(self.root, "workshop-check"))

    @property
    def stages(self) -> list[Stage]:
        written = self.catalogue.written
        return [s for s in written if self.number in (None, s.number)]

    @property
    def taught(self) -> list[Stage]:
        return [s for s in self.stages if s.tasks]

    def folder(self, *parts: str) -> Path:
        """A folder under build/verify; kept between runs, so that the compiler cache stays warm."""
        path = self.root.joinpath("build/verify", *parts)
        path.mkdir(parents=True, exist_ok=True)
        return path


def find_program(root: Path, name: str) -> Path:
    for folder in ("build/test/bin", "build/bin"):
        if (root / folder / name).is_file():
            return root / folder / name
    raise FileNotFoundError(f"{name} is not built: `make test` builds it")


def check_files(checks: Iterable[Check]) -> list[Path]:
    return [check.path for check in checks]


def two_at_a_time(work: Callable[..., T], items: Iterable) -> list[T]:
    with ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(work, items))

# SPDX-License-Identifier: MIT
"""Where things lie, what the user asked for, and how a tool fails: shared by every command."""

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workshop.catalogue import Catalogue
from workshop.state import State

PORT = 6380


class Failure(Exception):
    """The command ends with status 1; the text is all that the user sees."""


@dataclass(frozen=True)
class Options:
    """What make passes on: `make check T=05.3 V=1` arrives as environment variables."""

    task: str = ""  # T=05.3
    server: str = ""  # SERVER='./mine --port {port}'
    args: str = ""  # ARGS='--port 7000'
    seed: str = ""  # SEED=n
    verbose: bool = False  # V=1
    yes: bool = False  # YES=1 or ASSUME=yes: questions are answered with yes
    redis: str = ""  # REDIS=path: another oracle
    quick: bool = False
    classic: bool = False
    submission: str = ""

    @staticmethod
    def from_environment(environment=os.environ):
        get = lambda name: environment.get(name, "").strip()
        on = lambda name: get(name).lower() not in ("", "0", "no")
        return Options(
            task=get("T"),
            server=get("SERVER"),
            args=get("ARGS"),
            seed=get("SEED"),
            verbose=on("V"),
            yes=on("YES") or get("ASSUME").lower() == "yes",
            redis=get("REDIS"),
            quick=on("QUICK"),
            classic=on("CLASSIC"),
            submission=get("SUBMISSION"),
        )


class Project:
    """The repository at `root` with the learner's tree in work/."""

    def __init__(self, root, options=None):
        self.root = Path(root).resolve()
        self.options = options or Options()
        self.work = self.root / "work"
        self.build = self.root / "build"
        self.catalogue = Catalogue(self.root)

    @cached_property
    def state(self):
        return State(self.work / ".workshop" / "state.json")

    @property
    def has_tree(self):
        """Whether the learner has started: work/ with its own git."""
        return (self.work / ".git").exists()

    @property
    def is_handout(self):
        """A handout holds no bodies: nothing here is a reference."""
        return (self.root / ".handout").exists()

    def stage(self, name):
        """A stage that is written; Failure otherwise."""
        try:
            stage = self.catalogue.stage(name)
        except KeyError as error:
            raise Failure(error.args[0]) from None
        if not stage.exists:
            raise Failure(f"stage {stage.name} is not written yet")
        return stage

    def current_stage(self):
        """The stage that the learner is in; before the first start, the first one."""
        if self.state.stage:
            return self.stage(self.state.stage)
        if not self.catalogue.written:
            raise Failure("no stage is written yet")
        return self.catalogue.written[0]

    def task(self, task_id):
        self.stage(task_id[:2])
        try:
            return self.catalogue.task(task_id)
        except KeyError as error:
            raise Failure(error.args[0]) from None

    def current_task(self):
        """The first task of the current stage that has not passed; None when all have."""
        for task in self.current_stage().tasks:
            if not self.state.passed(task.id):
                return task
        return None


def say(text=""):
    print(text, flush=True)


def is_terminal():
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question):
    """True for yes. Only for terminals: the caller decides what silence means."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def paint(text, colour):
    """ANSI colour on a terminal, plain text elsewhere and under NO_COLOR."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    codes = {"green": "32", "red": "31", "yellow": "33", "bold": "1", "dim": "2"}
    return f"\033[{codes[colour]}m{text}\033[0m"

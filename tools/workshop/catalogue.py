# SPDX-License-Identifier: MIT
"""What the workshop holds: stages, tasks with hints, checks, mutants, exercises.

Reads the files that docs/authoring.md defines and nothing else. A stage that is not written yet is
part of the catalogue too: `stage.exists` is False and its lists are empty.

    catalogue = Catalogue(root)
    for stage in catalogue.written: stage.tasks, stage.checks, stage.mutants, stage.exercises
    catalogue.stage("05"), .stage("05-aof"); catalogue.task("05.3"); catalogue.sources()
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workshop import regions

STAGE_NAMES = (
    "01-tcp-echo",
    "02-resp-parser",
    "03-get-set",
    "04-expiry",
    "05-aof",
    "06-rdb",
    "07-pubsub",
    "08-replication",
    "09-shutdown",
    "10-full-server",
)

_TASK_HEADING = re.compile(r"^## (?P<id>\d\d\.\d+) (?P<title>.+)$")
_FACT = re.compile(r"(\w+):\s*(.*?)(?=\s+\w+:\s|$)")
_HINT = re.compile(r"^(\d)\. (.*)$")
_SCENARIO = re.compile(r"^# (?P<task>\d\d\.e?\d+)  (?P<rest>.+)$")
_CHECK_NAME = re.compile(r"^(?P<task>\d\d\.(?:e?\d+))-(?P<name>.+)\.chk$")
_PATCHED = re.compile(r"^\+\+\+ b/(\S+)", re.MULTILINE)


class CatalogueError(ValueError):
    """A catalogue file that can't be read as docs/authoring.md says; names file and line."""


@dataclass(frozen=True)
class Task:
    id: str  # "02.3"
    title: str
    lines: int
    minutes: int
    files: tuple[str, ...]  # from the root
    hints: tuple[str, ...]

    @property
    def stage(self):
        return self.id[:2]


@dataclass(frozen=True)
class Scenario:
    task: str  # "02.3", or "02.e1" for an exercise
    title: str
    points: int
    rule: int | None
    line: int


@dataclass(frozen=True)
class Check:
    path: Path
    task: str  # "02.3", or "02.e1" for an exercise
    name: str

    @property
    def is_exercise(self):
        return ".e" in self.task

    @cached_property
    def scenarios(self):
        return read_scenarios(self.path)


@dataclass(frozen=True)
class Mutant:
    path: Path
    kills: str  # the task whose check must fail
    scenario: str  # substring of the title of the scenario that fails first
    message: str  # regular expression for the checker's output
    why: str
    hidden: bool
    diff: str  # the unified diff, applied with -p1 at the root
    files: tuple[str, ...]

    @property
    def name(self):
        return self.path.stem


@dataclass(frozen=True)
class Exercise:
    id: str  # "02.e1"
    path: Path  # the solution's patch
    diff: str
    files: tuple[str, ...]
    check: Check | None


@dataclass(frozen=True)
class Stage:
    name: str  # "02-resp-parser"
    root: Path

    @property
    def number(self):
        return self.name[:2]

    @property
    def folder(self):
        return self.root / self.name

    @property
    def exists(self):
        return (self.folder / "server.cpp").is_file()

    @cached_property
    def tasks(self):
        path = self.folder / "tasks.md"
        return read_tasks(path) if path.is_file() else ()

    @cached_property
    def checks(self):
        """Every check, tasks before exercises, in order."""
        found = []
        for path in sorted(self.folder.glob("checks/*.chk")):
            name = _CHECK_NAME.match(path.name)
            if not name:
                raise CatalogueError(f"{path}: a check is called NN.k-name.chk or NN.eK-name.chk")
            found.append(Check(path, name["task"], name["name"]))
        return tuple(sorted(found, key=lambda check: (check.is_exercise, _task_key(check.task))))

    @property
    def task_checks(self):
        return tuple(check for check in self.checks if not check.is_exercise)

    def checks_of(self, task):
        return tuple(check for check in self.checks if check.task == task)

    @cached_property
    def mutants(self):
        """Every mutant, hidden ones too, in order of the task that kills it."""
        found = [read_mutant(path) for path in self.folder.glob("mutants/*.patch")]
        return tuple(sorted(found, key=lambda mutant: (_task_key(mutant.kills), mutant.name)))

    @cached_property
    def exercises(self):
        found = [read_exercise(path, self.checks) for path in self.folder.glob("solutions/*.patch")]
        return tuple(sorted(found, key=lambda exercise: _task_key(exercise.id)))


class Catalogue:
    def __init__(self, root):
        self.root = Path(root).resolve()
        self.stages = tuple(Stage(name, self.root) for name in STAGE_NAMES)

    @property
    def written(self):
        return tuple(stage for stage in self.stages if stage.exists)

    def stage(self, name):
        """By "05", "5" or "05-aof"; KeyError with a sentence for the user otherwise."""
        wanted = str(name)
        for stage in self.stages:
            if wanted in (stage.name, stage.number, stage.number.lstrip("0")):
                return stage
        raise KeyError(f"there is no stage '{wanted}': stages are {STAGE_NAMES[0]} … {STAGE_NAMES[-1]}")

    def task(self, task_id):
        for task in self.stage(task_id[:2]).tasks:
            if task.id == task_id:
                return task
        raise KeyError(f"there is no task {task_id}")

    def checks_up_to(self, stage, exercises=False):
        """The checks that a finished stage passes: its own alone for 01, else those of 02…NN."""
        own = self.stage(stage)
        if own.number == "01":
            chosen = [own]
        else:
            chosen = [s for s in self.written if "02" <= s.number <= own.number]
        return tuple(c for s in chosen for c in s.checks if exercises or not c.is_exercise)

    def sources(self, suffixes=(".h", ".cpp")):
        """Sources of shared/ and the stages, as paths from the root, sorted."""
        found = []
        for folder in ("shared", *(stage.name for stage in self.stages)):
            for path in (self.root / folder).rglob("*"):
                if path.suffix in suffixes and path.is_file():
                    found.append(path.relative_to(self.root).as_posix())
        return tuple(sorted(found))

    def region_files(self):
        """{path: [Region, ...]} of the reference's files that have regions."""
        found = {}
        for path in self.sources((".cpp",)):
            text = (self.root / path).read_text(encoding="utf-8")
            if " begin]" not in text:
                continue
            inside = regions.parse(text, path)
            if inside:
                found[path] = inside
        return found


def _task_key(task):
    """Orders 02.2 before 02.10 and tasks before exercises."""
    stage, _, rest = task.partition(".")
    return stage, rest.startswith("e"), int(rest.lstrip("e") or 0)


def read_tasks(path):
    """The tasks of a tasks.md, in order. Raises CatalogueError."""
    tasks, current = [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        heading = _TASK_HEADING.match(line)
        if heading:
            current = {"where": f"{path}:{number}", "id": heading["id"], "title": heading["title"].strip()}
            current |= {"facts": {}, "hints": []}
            tasks.append(current)
        elif line.startswith("## "):
            raise CatalogueError(f"{path}:{number}: a task opens with '## NN.k title'")
        elif current is not None:
            _read_task_line(current, line)
    return tuple(_task(fields) for fields in tasks)


def _read_task_line(current, line):
    hint = _HINT.match(line)
    if hint:
        current["hints"].append(hint[2])
    elif current["hints"]:
        if line.strip() or current["hints"][-1]:
            current["hints"][-1] += "\n" + (line[3:] if line.startswith("   ") else line)
    elif line.strip() and not current["facts"]:
        current["facts"] = dict(_FACT.findall(line.strip()))


def _task(fields):
    facts, where = fields["facts"], fields["where"]
    try:
        lines, minutes = int(facts["lines"]), int(facts["minutes"])
        files = tuple(re.split(r"[,\s]+", facts["files"].strip(" ,")))
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{where}: task {fields['id']} needs 'lines: N  minutes: N  files: path'") from error
    hints = tuple(hint.strip() for hint in fields["hints"])
    return Task(fields["id"], fields["title"], lines, minutes, files, hints)


def read_scenarios(path):
    """The scenario headers of a check file: '# 02.3  title   pts: 3  rule: 2'."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        header = _SCENARIO.match(line)
        if not header:
            continue
        title = re.split(r"\s{2,}(?=\w+:)", header["rest"])[0].strip()
        facts = dict(re.findall(r"\s{2,}(\w+): *(\S+)", header["rest"]))
        rule = int(facts["rule"]) if facts.get("rule", "").isdigit() else None
        found.append(Scenario(header["task"], title, int(facts.get("pts", 1)), rule, number))
    return tuple(found)


def read_patch(path, required):
    """(headers, diff): 'key: value' lines up to a blank line, then a unified diff."""
    text = path.read_text(encoding="utf-8")
    head, _, diff = text.partition("\n\n")
    headers = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise CatalogueError(f"{path}: expected 'key: value', found '{line}'")
        headers[key.strip()] = value.strip()
    missing = [key for key in required if not headers.get(key)]
    if missing:
        raise CatalogueError(f"{path}: the header lacks {', '.join(missing)}")
    if not _PATCHED.search(diff):
        raise CatalogueError(f"{path}: no unified diff (--- a/… +++ b/…) after the header's blank line")
    return headers, diff


def read_mutant(path):
    headers, diff = read_patch(path, ("kills", "scenario", "message", "why"))
    return Mutant(
        path=path,
        kills=headers["kills"],
        scenario=headers["scenario"],
        message=headers["message"],
        why=headers["why"],
        hidden=headers.get("hidden") == "yes",
        diff=diff,
        files=tuple(_PATCHED.findall(diff)),
    )


def read_exercise(path, checks):
    headers, diff = read_patch(path, ("exercise",))
    check = next((check for check in checks if check.task == headers["exercise"]), None)
    return Exercise(headers["exercise"], path, diff, tuple(_PATCHED.findall(diff)), check)

# SPDX-License-Identifier: MIT
"""Builds a variant of a stage in seconds: compiles the changed units, links them before the archives.

The reference is built once (build/test). A variant is a set of changed files, written to a folder
of its own; nothing in the repository or in the build tree is touched. The linker takes a symbol
from the first object that defines it, so a changed object given before the archives hides the
reference's one. A changed header changes every unit that includes it. Fast paths are off, as they
are in a learner's build: a variant shows what the guides explain. Units that only lose their fast
paths are the same in every variant, and compiled once.

    build = Build(root, root / "build/test")
    binary = build.variant("02-resp-parser", {"shared/resp/request_parser.cpp": text}, folder)

Thread rule: one Build may serve several threads; each variant needs its own folder.
"""
from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

JOBS = 2
FAST_PATHS = "WORKSHOP_FAST_PATHS"
# As in a learner's build: a stub may leave things unused, but a missing return is never what is meant.
VARIANT_FLAGS = ("-Werror=return-type", "-Wno-unused")
_compilers = threading.Semaphore(JOBS)       # of the whole process, however many variants are in work


class BuildError(Exception):
    """A variant that does not compile or link; `log` is the compiler's output."""

    def __init__(self, what: str, log: str = ""):
        super().__init__(what)
        self.log = log


@dataclass(frozen=True)
class Unit:
    source: str              # relative to the root
    output: str              # the object's path as the build writes it
    command: tuple[str, ...]
    directory: Path


class Build:
    """A configured and finished Ninja build tree."""

    def __init__(self, root: Path, directory: Path):
        self.root = root.resolve()
        self.directory = directory.resolve()
        if not (self.directory / "compile_commands.json").is_file():
            raise BuildError(f"{directory} is not built: run `cmake --preset test` and build it first")
        self._plain_objects: dict[str, Path] = {}
        self._plain_lock = threading.Lock()

    def executable(self, stage: str) -> Path:
        return self.directory / "bin" / stage

    @cached_property
    def units(self) -> dict[str, list[Unit]]:
        """Every compiled source with its units: a source may be compiled for several targets."""
        entries = json.loads((self.directory / "compile_commands.json").read_text())
        found: dict[str, list[Unit]] = {}
        for entry in entries:
            command = tuple(entry.get("arguments") or shlex.split(entry["command"]))
            source = Path(entry["directory"], entry["file"]).resolve()
            if self.root not in source.parents:
                continue
            output = entry.get("output") or command[command.index("-o") + 1]
            unit = Unit(source.relative_to(self.root).as_posix(), output, command,
                        Path(entry["directory"]))
            found.setdefault(unit.source, []).append(unit)
        return found

    def link_command(self, stage: str) -> list[str]:
        target = self.executable(stage).relative_to(self.directory).as_posix()
        listed = subprocess.run(["ninja", "-C", str(self.directory), "-t", "commands", "-s", target],
                                capture_output=True, text=True)
        if listed.returncode != 0:
            raise BuildError(f"the build has no target {target}", listed.stdout + listed.stderr)
        words = shlex.split(listed.stdout.strip().splitlines()[-1])
        return words[words.index("&&") + 1:-2] if words[0] == ":" else words

    def linked_sources(self, stage: str) -> set[str]:
        """Sources whose objects the stage's link sees: its own and those of its archives."""
        link = set(self.link_command(stage))
        archives = {word for word in link if word.endswith(".a")}
        objects = {word for word in link if word.endswith(".o")}
        for archive in archives & self._archive_members.keys():
            objects |= self._archive_members[archive]
        return {unit.source for units in self.units.values() for unit in units
                if unit.output in objects}

    @cached_property
    def _archive_members(self) -> dict[str, set[str]]:
        listed = subprocess.run(["ninja", "-C", str(self.directory), "-t", "commands"],
                                capture_output=True, text=True, check=True)
        found: dict[str, set[str]] = {}
        for line in listed.stdout.splitlines():
            for part in line.split("&&"):
                words = shlex.split(part)
                if len(words) > 3 and words[1].startswith(("q", "cr", "rc", "r")) \
                        and words[2].endswith(".a"):
                    found[words[2]] = {w for w in words[3:] if w.endswith(".o")}
        return found

    @cached_property
    def includers(self) -> dict[str, set[str]]:
        """Header → sources that read it, from the build's own record of dependencies."""
        listed = subprocess.run(["ninja", "-C", str(self.directory), "-t", "deps"],
                                capture_output=True, text=True, check=True)
        by_output = {u.output: u.source for units in self.units.values() for u in units}
        found: dict[str, set[str]] = {}
        source = None
        for line in listed.stdout.splitlines():
            if line and not line.startswith(" "):
                source = by_output.get(line.split(":", 1)[0])
            elif line.strip() and source:
                path = Path(self.directory, line.strip()).resolve()
                if self.root in path.parents:
                    found.setdefault(path.relative_to(self.root).as_posix(), set()).add(source)
        return found

    # --- variants ---------------------------------------------------------------------------

    def variant(self, stage: str, changed: dict[str, str], folder: Path) -> Path:
        """Builds the stage with these files changed (or added) and returns the executable.

        Raises BuildError. Units that the stage does not link are left out.
        """
        folder.mkdir(parents=True, exist_ok=True)
        _write_tree(folder / "tree", changed)
        touched = self._touched(stage, changed)
        same = [] if any(not name.endswith(".cpp") for name in changed) else [
            name for name in touched if name not in changed]
        jobs = [self._job(name, changed, folder) for name in touched if name not in same]
        with ThreadPoolExecutor(JOBS) as pool:
            objects = dict(pool.map(self._compile, jobs))
        objects.update((name, self._plain_object(name)) for name in same)
        binary = folder / stage
        self._run(self._link(stage, objects, binary), self.directory, f"linking {stage}")
        return binary

    def _touched(self, stage: str, changed: dict[str, str]) -> list[str]:
        linked = self.linked_sources(stage)
        touched = {n for n in changed if n.endswith(".cpp") and (n in linked or n not in self.units)}
        for header in (n for n in changed if not n.endswith(".cpp")):
            touched |= self.includers.get(header, set()) & linked
        return sorted(touched | (self._fast_path_sources & linked))

    @cached_property
    def _fast_path_sources(self) -> set[str]:
        """Sources that read WORKSHOP_FAST_PATHS, themselves or through a header."""
        def mentions(name: str) -> bool:
            path = self.root / name
            # The last build's dependencies may name a header that has been removed since.
            return path.is_file() and FAST_PATHS in path.read_text(encoding="utf-8")

        readers = {name for name in self.units if mentions(name)}
        for header, sources in self.includers.items():
            if mentions(header):
                readers |= sources
        return readers

    def _plain_object(self, name: str) -> Path:
        """An unchanged unit without its fast paths."""
        with self._plain_lock:
            if name not in self._plain_objects:
                job = self._job(name, {}, self.root / "build/verify/plain")
                self._plain_objects[name] = self._compile(job)[1]
            return self._plain_objects[name]

    def _job(self, name: str, changed: dict[str, str], folder: Path):
        unit = self._unit_like(name)
        source = folder / "tree" / name if name in changed else self.root / name
        target = folder / "objects" / (name + ".o")
        target.parent.mkdir(parents=True, exist_ok=True)
        command = [word for word in unit.command if word != "-Werror"] + list(VARIANT_FLAGS)
        command[command.index("-o") + 1] = str(target)
        for at, word in enumerate(command):
            if word == f"-D{FAST_PATHS}=1":
                command[at] = f"-D{FAST_PATHS}=0"
            if not word.startswith("-") and word.endswith(".cpp") \
                    and (unit.directory / word).resolve() == (self.root / unit.source).resolve():
                command[at] = str(source)
        if not command[0].endswith("ccache") and shutil.which("ccache"):
            command.insert(0, "ccache")
        compiler = 1 if command[0].endswith("ccache") else 0
        command[compiler + 1:compiler + 1] = ["-I", str(folder / "tree")]
        return name, command, target

    def _unit_like(self, name: str) -> Unit:
        """The unit of a source; a new source is compiled as its neighbours are."""
        if name in self.units:
            return self.units[name][0]
        parent = name.rsplit("/", 1)[0] + "/"
        for source, units in sorted(self.units.items()):
            if source.startswith(parent) and not source.endswith("_test.cpp"):
                return units[0]
        raise BuildError(f"{name}: no file of this folder is compiled by {self.directory.name}")

    def _compile(self, job) -> tuple[str, Path]:
        name, command, target = job
        with _compilers:
            self._run(command, self._unit_like(name).directory, f"compiling {name}")
        return name, target

    def _link(self, stage: str, objects: dict[str, Path], binary: Path) -> list[str]:
        words = self.link_command(stage)
        words[words.index("-o") + 1] = str(binary)
        mine = dict(objects)
        for name in objects:
            for unit in self.units.get(name, []):
                if unit.output in words and name in mine:
                    words[words.index(unit.output)] = str(mine.pop(name))
        at = next((i for i, w in enumerate(words) if w.endswith((".a", ".so")) and "=" not in w),
                  len(words))
        return words[:at] + [str(o) for o in mine.values()] + words[at:]

    @staticmethod
    def _run(command: list[str], directory: Path, what: str) -> None:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True,
                              errors="replace", stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise BuildError(what, done.stdout + done.stderr)


def _write_tree(tree: Path, changed: dict[str, str]) -> None:
    """These files and no others: a header left from an earlier run would hide the reference's one."""
    for path in tree.rglob("*"):
        if path.is_file() and path.relative_to(tree).as_posix() not in changed:
            path.unlink()
    for name, text in changed.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:    # same text, same time stamp:
            path.write_text(text, encoding="utf-8")                           # ccache stays in its quick mode

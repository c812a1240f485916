# SPDX-License-Identifier: MIT
"""Runs tools/deps, CMake and Ninja quietly: one line of progress, the log's tail only on failure.

Logs lie in build/<name>-configure.log and build/<name>-build.log. A build directory is configured again only when
what it was configured with has changed; everything else is Ninja's business.
"""

import hashlib
import os
import re
import subprocess
import sys
import time

from workshop.project import Failure, say

_STATUS = re.compile(r"^\[(\d+)/(\d+)\] ")
_TAIL = 30  # lines of a failure: the first error matters, its candidates rarely
# Stubs don't use what they are given; a body without its return is an error, as it is in the proofs.
_LEARNER_FLAGS = "-Werror=return-type -Wno-unused-parameter -Wno-unused-variable -Wno-unused-but-set-variable -Wno-unused-function"


def ensure_deps(project, kind=""):
    """Installs what is missing; silent when nothing is. Failure when that can't be done."""
    command = [str(project.root / "tools" / "deps"), "--quiet"] + ([kind] if kind else [])
    if subprocess.run(command, cwd=project.root).returncode != 0:
        raise Failure("")


def build_preset(project, preset, targets):
    """Builds targets of a CMake preset; an empty list builds everything."""
    ensure_deps(project)
    # A newer compiler's new warning must not keep anybody from running the servers; tests stay strict.
    lenient = ["-DWORKSHOP_WERROR=OFF"] if preset == "release" else []
    _configure(project, preset, ["--preset", preset, *lenient])
    _build(project, preset, targets)


def build_overlay(project, name, overlay, targets):
    """A Debug build with sanitizers in build/<name> whose sources are taken from `overlay` first."""
    ensure_deps(project)
    directory = project.build / name
    files = sorted(p.relative_to(overlay).as_posix() for p in overlay.rglob("*.cpp"))
    # Which file is taken is decided when CMake runs, so a new file in the overlay configures again.
    key = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
    arguments = [
        "-S", ".", "-B", str(directory), "-G", "Ninja",
        "-DCMAKE_BUILD_TYPE=Debug",
        f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY={directory / 'bin'}",
        f"-DCMAKE_CXX_FLAGS={_LEARNER_FLAGS}",
        f"-DWORKSHOP_OVERLAY={overlay}",
        "-DWORKSHOP_SANITIZE=ON",
    ]  # fmt: skip
    _configure(project, name, arguments, key)
    _build(project, name, targets, show_warnings=True)
    return directory / "bin"


def release_server(project, stage):
    """Builds a stage in release form and returns its executable."""
    build_preset(project, "release", [stage.name])
    return project.build / "bin" / stage.name


def _toolchain(project):
    """Dependencies from vcpkg, when `tools/deps --vcpkg` has put them there."""
    note = project.build / ".vcpkg-toolchain"
    if not note.is_file():
        return []
    installed = project.build / "vcpkg_installed"
    return [f"-DCMAKE_TOOLCHAIN_FILE={note.read_text().strip()}", f"-DVCPKG_INSTALLED_DIR={installed}"]


def _configure(project, name, arguments, key=""):
    directory = project.build / name
    arguments = [*arguments, *_toolchain(project)]
    stamp = directory / ".configured"
    wanted = "\n".join([str(project.root), *arguments, key])
    if stamp.is_file() and stamp.read_text() == wanted and (directory / "build.ninja").is_file():
        return
    say(f"configure build/{name}")
    directory.mkdir(parents=True, exist_ok=True)
    log = project.build / f"{name}-configure.log"
    with log.open("w") as out:
        status = subprocess.run(["cmake", *arguments], cwd=project.root, stdout=out, stderr=subprocess.STDOUT)
    if status.returncode != 0:
        _show_configure_failure(project, log)
    stamp.write_text(wanted)


def _show_configure_failure(project, log):
    """A missing dependency is one line; anything else is the log's tail."""
    lines = log.read_text(errors="replace").splitlines()
    missing = [line.strip() for line in lines if "was not found" in line]
    if missing:
        raise Failure(missing[0])
    errors = next((i for i, line in enumerate(lines) if "CMake Error" in line), max(0, len(lines) - 20))
    say("\n".join(lines[errors : errors + 20]))
    raise Failure(f"configure failed; the whole log is {log.relative_to(project.root)}")


def _build(project, name, targets, show_warnings=False):
    command = ["cmake", "--build", str(project.build / name)]
    if targets:
        command += ["--target", *targets]
    log = project.build / f"{name}-build.log"
    what = " ".join(targets) or "everything"
    progress = _Progress(f"build {what}")
    # %t counts what this run has to do, so the line says how far it is.
    environment = {**os.environ, "NINJA_STATUS": "[%f/%t] ", "CLICOLOR_FORCE": "0"}
    with log.open("w") as out, subprocess.Popen(
        command, cwd=project.root, env=environment, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as ninja:  # fmt: skip
        for line in ninja.stdout:
            out.write(line)
            progress.line(line.rstrip("\n"))
    progress.close()
    if ninja.returncode != 0:
        say("\n".join(_failed_part(progress.seen)))
        raise Failure(f"build of {what} failed; the whole log is {log.relative_to(project.root)}")
    if show_warnings and progress.notes:
        say("\n".join(progress.notes[:_TAIL]))


def _failed_part(lines):
    """From the first FAILED on, without the compiler's command line."""
    first = next((i for i, line in enumerate(lines) if line.startswith("FAILED:")), None)
    if first is None:
        return lines[-20:]
    part = [lines[first], *lines[first + 2 :]]
    part = [line for line in part if not _STATUS.match(line) and not line.startswith("ninja: build stopped")]
    more = [f"… {len(part) - _TAIL} more lines"] if len(part) > _TAIL else []
    return part[:_TAIL] + more


class _Progress:
    """On a terminal one line that rewrites itself; elsewhere a line every ten seconds."""

    def __init__(self, title):
        self.title = title
        self.seen = []
        self.notes = []
        self._terminal = sys.stdout.isatty()
        self._started = self._said = time.monotonic()
        self._steps = 0

    def line(self, line):
        self.seen.append(line)
        status = _STATUS.match(line)
        if not status:
            if line and not line.startswith("ninja: "):
                self.notes.append(line)
            return
        if "Re-running CMake" in line or "Re-checking" in line:
            return
        self._steps += 1
        now = time.monotonic()
        if self._terminal:
            print(f"\r\033[K{self.title}  {status[1]}/{status[2]}", end="", flush=True)
        elif now - self._said > 10:
            self._said = now
            say(f"{self.title}  {status[1]}/{status[2]}")

    def close(self):
        if self._terminal and self._steps:
            print("\r\033[K", end="")
        if self._steps:
            say(f"{self.title}  {time.monotonic() - self._started:.1f} s")

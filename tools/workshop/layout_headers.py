# SPDX-License-Identifier: MIT
"""Every header compiles alone. What was proven is remembered by content, so a second run costs nothing.

A header that its own .cpp includes before anything else is proven by the build; the others are compiled
here. The memory is build/layout/headers.json: for each header the digest of the compiler, of the header and of
every file of ours that it reads. Asio's headers are compiled once, into a precompiled header.
"""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from workshop import cpp_scan
from workshop.findings import Finding

JOBS = 2
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-DASIO_STANDALONE", "-DASIO_SEPARATE_COMPILATION",
         "-DASIO_NO_DEPRECATED", "-DWORKSHOP_FAST_PATHS=1", "-Wno-pragma-once-outside-header"]


def check(root: Path, names: list[str]) -> list[Finding]:
    compiler = os.environ.get("CXX", "g++")
    if not shutil.which(compiler):
        return [Finding("", 0, f"no compiler {compiler}: run `make deps`")]
    return Headers(root, names, compiler).check()


class Headers:
    def __init__(self, root: Path, names: list[str], compiler: str):
        self._root, self._compiler = root, compiler
        self._includes = lru_cache(None)(self._read_includes)
        self._headers = sorted(n for n in names if n.endswith(".h") and not self._proven_by_the_build(n))
        self._memory = root / "build/layout/headers.json"
        version = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
        self._salt = version + " ".join(FLAGS)

    def check(self) -> list[Finding]:
        known = self._remembered()
        now = {name: self._digest(name) for name in self._headers}
        todo = [name for name, digest in now.items() if known.get(name) != digest]
        prelude = self._precompile() if any(self._reads_asio(n) for n in todo) else []
        with ThreadPoolExecutor(JOBS) as pool:
            said = dict(zip(todo, pool.map(lambda n: self._compile(n, prelude), todo)))
        failed = {name: text for name, text in said.items() if text}
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        self._memory.write_text(json.dumps({n: d for n, d in now.items() if n not in failed}, indent=1))
        return [Finding(name, 0, "does not compile alone: " + _first_error(text))
                for name, text in failed.items()]

    def _remembered(self) -> dict[str, str]:
        try:
            return json.loads(self._memory.read_text())
        except (OSError, ValueError):
            return {}

    def _proven_by_the_build(self, name: str) -> bool:
        return self._includes(name[:-len(".h")] + ".cpp")[:1] == [name]

    def _read_includes(self, name: str) -> list[str]:
        path = self._root / name
        return [i.name for i in cpp_scan.includes(path.read_text(encoding="utf-8"))] if path.is_file() else []

    def _closure(self, name: str) -> set[str]:
        """The header and everything it includes; names of libraries stand for themselves."""
        seen, left = set(), [name]
        while left:
            current = left.pop()
            if current not in seen:
                seen.add(current)
                left += self._includes(current)
        return seen

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256(self._salt.encode())
        for part in sorted(self._closure(name)):
            path = self._root / part
            digest.update(part.encode() + (path.read_bytes() if path.is_file() else b""))
        return digest.hexdigest()

    def _reads_asio(self, name: str) -> bool:
        return any(part == "asio.hpp" or part.startswith("asio/") for part in self._closure(name))

    def _precompile(self) -> list[str]:
        """Flags that put Asio's headers before the text, already compiled; none if that fails."""
        parts = {p for n in self._headers for p in self._closure(n) if p.startswith("asio")}
        source = self._root / "build/layout/asio_prelude.hpp"
        source.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"#include <{part}>\n" for part in sorted(parts))
        compiled = source.with_suffix(".hpp.gch")
        if not compiled.is_file() or not source.is_file() or source.read_text() != text:
            source.write_text(text)
            flags = [f for f in FLAGS if f != "-fsyntax-only"]
            done = subprocess.run([self._compiler, *flags, "-x", "c++-header", str(source), "-o", str(compiled)],
                                  capture_output=True, text=True)
            if done.returncode != 0:
                compiled.unlink(missing_ok=True)
                return []
        return ["-include", str(source)]

    def _compile(self, name: str, prelude: list[str]) -> str:
        """What the compiler says against a unit of this one include; empty when all is well."""
        ahead = prelude if self._reads_asio(name) else []
        done = subprocess.run(
            [self._compiler, *FLAGS, "-I", str(self._root), *ahead, "-x", "c++", "-"], cwd=self._root,
            input=f'#include "{name}"\n', capture_output=True, text=True, errors="replace")
        return done.stderr or "failed" if done.returncode != 0 else ""


def _first_error(text: str) -> str:
    return next((line for line in text.splitlines() if "error:" in line), text.splitlines()[0])

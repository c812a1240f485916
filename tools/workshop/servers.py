# SPDX-License-Identifier: MIT
"""Starts a server of the workshop on a free port with a data folder of its own, and ends it."""
from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path


class ServerError(Exception):
    """A server that does not start; the text holds what it printed."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A context manager: `with Server(binary) as server: server.port`."""

    def __init__(self, binary: Path, wait: float = 10.0):
        self.binary, self._wait = binary, wait
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="workshop-server-"))
        self._process: subprocess.Popen | None = None

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def __enter__(self) -> "Server":
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(
                [str(self.binary), "--port", str(self.port), "--dir", str(self.directory)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + self._wait
        while not self._accepts():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = self.log.read_text(errors="replace").strip()
                self.__exit__(None, None, None)
                raise ServerError(f"{self.binary.name} does not listen on port {self.port}: {said}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_) -> None:
        if self._process and self._process.poll() is None:
            end_group(self._process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _accepts(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False


def end_group(process: subprocess.Popen) -> None:
    """Ends a process that we started in a session of its own, and what it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=3)
        except ProcessLookupError:
            process.wait()
        except subprocess.TimeoutExpired:
            continue

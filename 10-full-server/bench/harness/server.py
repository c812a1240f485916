# SPDX-License-Identifier: MIT
"""A server under measurement: started on a free port in a folder of its own, pinned to a core, ended by pid."""
import os
import shutil
import socket
import subprocess
import tempfile
import time

from harness.resp import Client, ReplyError, parse_info
from harness.settings import BenchError

START_SECONDS = 10


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.3).close()
        return True
    except OSError:
        return False


def is_redis(settings, program):
    return str(program) == settings.redis


class Server:
    """Use as a context manager. `name` heads its columns; `program` is an executable of ours or a redis-server."""

    def __init__(self, settings, name, program, port=None):
        self.name = name
        self.program = program
        self.port = port or free_port()
        self.version = ""
        self._core = settings.server_core
        self._extra = ["--save", "", "--appendonly", "no"] if is_redis(settings, program) else []

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="workshop-bench-")
        command = [str(self.program), "--port", str(self.port), "--dir", self.folder, *self._extra]
        core = self._core
        pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
        self._log = open(os.path.join(self.folder, "server.log"), "wb")
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log,
                                             stderr=subprocess.STDOUT, cwd=self.folder, preexec_fn=pin)
        except OSError as error:
            self._clean()
            raise BenchError(f"cannot run {self.program}: {error.strerror}") from error
        try:
            self._await_listening()
            self._no_persistence()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._clean()

    def _clean(self):
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self):
        return self._process.pid

    def _await_listening(self):
        deadline = time.monotonic() + START_SECONDS
        while not listens(self.port):
            if self._process.poll() is not None:
                raise BenchError(f"{self.name} ended at its start: {self._last_words()}")
            if time.monotonic() > deadline:
                raise BenchError(f"{self.name} does not listen on port {self.port} after {START_SECONDS} s")
            time.sleep(0.02)

    def _last_words(self):
        with open(os.path.join(self.folder, "server.log"), errors="replace") as log:
            lines = log.read().strip().splitlines()
        return lines[-1] if lines else f"exit status {self._process.returncode}"

    def _no_persistence(self):
        """No log and no snapshots on any side; learns the version on the way. Early stages know neither command."""
        try:
            with Client(self.port, timeout=2) as client:
                info = client.call("INFO", "server")
                if not isinstance(info, str):
                    return  # stage 01 echoes the array
                self.version = parse_info(info).get("redis_version", "")
                for parameter, off in (("save", ""), ("appendonly", "no")):
                    current = client.call("CONFIG", "GET", parameter)
                    if current and current[1] != off:
                        client.call("CONFIG", "SET", parameter, off)
        except (ReplyError, OSError):
            pass  # stage 02 has no INFO, stage 03 not all parameters: what is not there need not be switched off

    def resident_bytes(self):
        """VmRSS from /proc; None where there is no /proc."""
        try:
            with open(f"/proc/{self.pid}/status") as status:
                for line in status:
                    if line.startswith("VmRSS:"):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        return None

# SPDX-License-Identifier: MIT
"""`make doctor`: one line per thing the workshop needs from a machine, with the fix. Status 1 when one must be mended."""

import platform
import re
import resource
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from workshop.project import PORT, paint, say

OPEN_FILES = 10_032  # 10,000 clients and the server's own


def doctor(project):
    findings = [
        _tool("compiler", ("g++", "clang++", "c++"), "--version", (12, 0), "make deps"),
        _tool("cmake", ("cmake",), "--version", (3, 22), "make deps"),
        _tool("ninja", ("ninja",), "--version", (1, 10), "make deps"),
        _tool("ccache", ("ccache",), "--version", (3, 0), "make deps   (without it, builds take longer)", optional=True),
        _python(),
        _tool("git", ("git",), "--version", (2, 20), "install git"),
        _tool("redis-cli", ("redis-cli",), "--version", (6, 0), "make deps"),
        _tool("redis-server", ("redis-server",), "--version", (7, 0), "make deps   (the oracle and bench need it)", optional=True),
        _open_files(),
        _port(),
        _tracing(),
    ]
    for good, optional, name, text, fix in findings:
        word = paint("ok  ", "green") if good else paint("note", "yellow") if optional else paint("FIX ", "red")
        say(f"  {word}  {name:<13} {text}" + ("" if good else f"  ->  {fix}"))
    return 0 if all(good or optional for good, optional, *_ in findings) else 1


def _tool(name, commands, argument, least, fix, optional=False):
    command = next((c for c in commands if shutil.which(c)), None)
    if command is None:
        return False, optional, name, "not found", fix
    done = subprocess.run([command, argument], text=True, capture_output=True)
    # redis-server says "v=7.0.15 sha=…"; g++ says "g++ (Debian 12.2.0-14) 12.2.0".
    first = (done.stdout or done.stderr).splitlines()[:1] or [""]
    numbers = re.findall(r"(?<![\w.])v?=?(\d+)\.(\d+)(?:\.\d+)*", first[0])
    version = tuple(map(int, numbers[-1] if command == "g++" else numbers[0])) if numbers else (0, 0)
    text = f"{command} {version[0]}.{version[1]}"
    if command == "clang++" and version >= (14, 0):
        return True, optional, name, text, fix
    if version < least:
        return False, optional, name, f"{text}, needs {least[0]}.{least[1]}", fix
    return True, optional, name, text, fix


def _python():
    text = platform.python_version()
    return sys.version_info >= (3, 9), False, "python3", text, "install Python 3.9 or later"


def _open_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    text = f"{soft} (may be raised to {'any number' if hard == resource.RLIM_INFINITY else hard})"
    good = soft == resource.RLIM_INFINITY or soft >= OPEN_FILES
    return good, True, "open files", text, f"ulimit -n {OPEN_FILES}   (checks with 10,000 connections need it)"


def _port():
    with socket.socket() as probe:
        # As the servers do: a port whose last connection just ended is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            fix = f"stop what listens there (ss -ltnp 'sport = :{PORT}'), or use ARGS='--port N'"
            return False, True, f"port {PORT}", "in use", fix
    return True, True, f"port {PORT}", "free", ""


def _tracing():
    """The checks' `order` word and the guides' strace lines trace a process of one's own."""
    if not sys.platform.startswith("linux"):
        return False, True, "strace", "not on this system", "checks of the order of system calls are skipped"
    if not shutil.which("strace"):
        return False, True, "strace", "not found", "tools/deps verify"
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True)
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    level = scope.read_text().strip() if scope.is_file() else "0"
    if done.returncode != 0:
        return False, True, "strace", f"may not trace (ptrace_scope {level})", "sudo sysctl kernel.yama.ptrace_scope=1"
    return True, True, "strace", "traces its own children", ""

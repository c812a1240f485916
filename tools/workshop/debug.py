# SPDX-License-Identifier: MIT
"""`make debug`: replay the failing check, with its seed, against a server that runs in a debugger.

A debugger owns the server on port 6380; the checker insists on starting one itself. So it starts a forwarder, which
passes every byte on to 6380. Checks that kill and restart their server can't be replayed this way.
"""

import random
import selectors
import socket
import subprocess
import sys
import time

from workshop import builder, check
from workshop.project import PORT, Failure, say

_WAIT = 600  # seconds: for the debugger to bring the server up, and for a reply while somebody reads the code


def debug(project):
    """Builds work/, points build/work/bin/current at the stage's server, waits for it, replays the check."""
    if not project.has_tree:
        raise Failure("there is no work/ yet: make start-NN")
    failure = project.state.failure or {}
    current = project.current_task()
    task = project.options.task or failure.get("task") or (current.id if current else "")
    if not task:
        raise Failure("no check has failed; say which to replay: make debug T=NN.k")
    seed = project.options.seed or failure.get("seed") or random.randint(1, 99999)
    stage = project.stage(task[:2])
    directory = builder.build_overlay(project, "work", project.work, [stage.name])
    builder.build_preset(project, "release", [check.CHECKER])
    current = directory / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(stage.name)
    (project.build / "data" / "debug").mkdir(parents=True, exist_ok=True)
    say(f"gdb --args build/work/bin/current --port {PORT} --dir build/data/debug")
    say(f"waiting for that server on port {PORT}, then check {task} with seed {seed}")
    _wait_for_server()
    server = f"{sys.executable} -m workshop forward {{port}}"
    command = check.checker_command(project, server, seed, "--verbose", "--timeout", str(_WAIT * 1000))
    files = [str(one.path) for one in stage.checks_of(task)]
    environment = {"PYTHONPATH": str(project.root / "tools"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(["env", *(f"{k}={v}" for k, v in environment.items()), *command, *files], cwd=project.root).returncode


def _wait_for_server():
    deadline = time.monotonic() + _WAIT
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise Failure(f"nothing listens on port {PORT}")


def forward(project, port):
    """Accepts on a port and joins each connection with one to 6380, until killed."""
    del project
    ready = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", int(port)))
    ready.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in ready.select():
            if key.fileobj is listener:
                _join(ready, listener)
            else:
                _pass_on(ready, key.fileobj, key.data)


def _join(ready, listener):
    client, _ = listener.accept()
    server = socket.create_connection(("127.0.0.1", PORT))
    ready.register(client, selectors.EVENT_READ, server)
    ready.register(server, selectors.EVENT_READ, client)


def _pass_on(ready, source, target):
    """Bytes go on; an end is passed on as a half-close; an error closes both."""
    try:
        data = source.recv(65536)
        if data:
            target.sendall(data)
            return
        target.shutdown(socket.SHUT_WR)
        ready.unregister(source)
    except OSError:
        for end in (source, target):
            try:
                ready.unregister(end)
            except (KeyError, ValueError):
                pass
            end.close()

# SPDX-License-Identifier: MIT
"""`make demo-NN`: the console sessions of a stage's README and guide, run live, a key press between two commands.
`make demo-replication` and `make demo-blocking` are stories of their own."""

import os
import re
import subprocess

from workshop import builder, demo_blocking, demo_replication, markdown
from workshop.project import Failure, is_terminal, paint, say
from workshop.servers import Server, ServerError


def sessions(text):
    """The commands of every executed console fence: [[command, …], …]. Captured ones are left out."""
    fences = [f for f in markdown.parse(text).fences if f.language == "console" and "captured" not in f.tags]
    found = [[line[2:] for line in fence.body if line.startswith("$ ")] for fence in fences]
    return [commands for commands in found if commands]


STORIES = {"blocking": demo_blocking.demo_blocking, "replication": demo_replication.demo_replication}


def demo(project, name):
    if name in STORIES:
        return STORIES[name](project)
    stage = project.stage(name)
    texts = [stage.folder / file for file in ("README.md", "GUIDE.md")] + sorted(stage.folder.glob("guide/*.md"))
    shown = [s for path in texts if path.is_file() for s in sessions(path.read_text(encoding="utf-8"))]
    if not shown:
        raise Failure(f"{stage.name} has no console session to show")
    executable = builder.release_server(project, stage)
    try:
        with Server(executable) as server:
            say(f"{stage.name} on port {server.port}; Enter runs the next command")
            for commands in shown:
                _play(project, commands, server.port)
    except ServerError as error:
        raise Failure(str(error)) from None
    return 0


def _play(project, commands, port):
    environment = {**os.environ, "PORT": str(port)}
    say()
    for command in commands:
        print(paint(f"$ {command}", "bold"), end="", flush=True)
        if is_terminal():
            input()
        else:
            say()
        # The guides say 6380, where a learner's server listens; this one has a port of its own.
        live = re.sub(r"\b6380\b", str(port), command)
        subprocess.run(["bash", "-c", live], cwd=project.root, env=environment)

# SPDX-License-Identifier: MIT
"""Commands that end in a running server: a finished stage, or the reference with a mutant's bug."""

import os
import shlex
import shutil

from workshop import builder, patches
from workshop.project import PORT, Failure, say


def run(project, name):
    """Builds a finished stage and becomes it."""
    stage = project.stage(name)
    executable = builder.release_server(project, stage)
    data = project.build / "data" / stage.number
    data.mkdir(parents=True, exist_ok=True)
    port = _port(project.options.args)
    talk = f"nc localhost {port}" if stage.number == "01" else f"redis-cli -p {port}"
    say(f"{stage.name} on port {port}, data in build/data/{stage.number}; talk to it: {talk}; Ctrl-C stops it")
    _become(executable, data, project.options.args)


def _port(arguments):
    words = shlex.split(arguments)
    return words[words.index("--port") + 1] if "--port" in words[:-1] else str(PORT)


def _become(executable, data, arguments):
    command = [str(executable), "--port", str(PORT), "--dir", str(data), *shlex.split(arguments)]
    if "--port" in shlex.split(arguments):
        del command[1:3]
    os.execv(command[0], command)


def breaks(project):
    """`make break T=NN.k`: the reference with the bug of this task's first mutant, on port 6380."""
    if not project.options.task:
        raise Failure("say which task: make break T=NN.k")
    task = project.task(project.options.task)
    stage = project.stage(task.stage)
    mutant = next((m for m in stage.mutants if m.kills == task.id and not m.hidden), None)
    if mutant is None:
        raise Failure(f"no mutant is shown for {task.id}")
    say(f"the bug: {mutant.why}  ({', '.join(mutant.files)})")
    directory = build_mutant(project, stage, mutant)
    data = project.build / "data" / "break"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    _say_what_to_try(project, stage, mutant)
    _become(directory / stage.name, data, project.options.args)


def build_mutant(project, stage, mutant):
    """Builds a stage with a mutant's patch in build/break; returns the folder of the executable."""
    overlay = patched_overlay(project, mutant)
    return builder.build_overlay(project, "break", overlay, [stage.name])


def patched_overlay(project, patch):
    """build/break-overlay: the patched files of a mutant or solution, and nothing else."""
    overlay = project.build / "break-overlay"
    shutil.rmtree(overlay, ignore_errors=True)
    try:
        patched = patches.apply(project.root, patch.diff, patch.files)
    except patches.PatchError as error:
        raise Failure(f"{patch.path.name} does not fit the reference: {error}") from None
    for path, text in patched.items():
        (overlay / path).parent.mkdir(parents=True, exist_ok=True)
        (overlay / path).write_text(text, encoding="utf-8")
    return overlay


def _say_what_to_try(project, stage, mutant):
    port = _port(project.options.args)
    for check in stage.checks_of(mutant.kills):
        lines = check.path.read_text(encoding="utf-8").splitlines()
        for scenario in check.scenarios:
            if mutant.scenario not in scenario.title:
                continue
            say(f"it fails here: {scenario.title}")
            for line in lines[scenario.line :]:
                if line.startswith("# "):
                    break
                say(f"    {line}")
            break
    tool = f"nc localhost {port}" if stage.number == "01" else f"redis-cli -p {port}   or   nc localhost {port}"
    say(f"the broken {stage.name} runs on port {port}; try it in another terminal: {tool}; Ctrl-C stops it")

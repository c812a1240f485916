# SPDX-License-Identifier: MIT
"""`make check`: builds what is to be checked and runs its transcripts, up to the first failing task.

The verdicts are workshop-check's (0 passed, 1 failed, 2 could not run); this module chooses files, seed and server.
"""

import random
import shlex
import subprocess
import time

from workshop import builder, worktree
from workshop.project import Failure, paint, say

CHECKER = "workshop-check"
MINE = "your tree, work/"


def command_line(executable):
    """How a server of this repository is started; the checker fills in {port} and {dir}."""
    return f"{shlex.quote(str(executable))} --port {{port}} --dir {{dir}}"


def checker_command(project, server, seed, *extra):
    command = [str(project.build / "bin" / CHECKER), "--server", server, "--seed", str(seed), *extra]
    return command + (["--redis", project.options.redis] if project.options.redis else [])


def relative(project, one):
    """A check's path from the root, where the checker runs: what it prints can be clicked."""
    return one.path.relative_to(project.root).as_posix()


def check(project, name=None):
    """Checks a stage; returns the exit status."""
    task = project.options.task
    stage = project.stage(name or (task[:2] if task else project.current_stage().number))
    checks = _chosen(stage, task)
    server, whose = _server(project, stage)
    builder.build_preset(project, "release", [CHECKER])
    seed = project.options.seed or random.randint(1, 99999)
    say(f"{stage.name}: checking {whose}")
    # A program in another language has progress too, but it must not pass for the C++ tree that lies beside it.
    recorded = whose == MINE if project.has_tree else bool(project.options.server)
    for one in checks:
        if not _run_one(project, stage, one, server, seed, recorded):
            return 1
    _say_green(project, stage, task)
    return 0


def _server(project, stage):
    """(command line, whose it is)."""
    if project.options.server:
        return project.options.server, f"your program: {project.options.server}"
    if project.has_tree:
        directory = builder.build_overlay(project, "work", project.work, [stage.name])
        if worktree.holds(project, stage):
            return command_line(directory / stage.name), MINE
        say(paint(f"{stage.name} is not in work/ yet: its part is the *reference* (make start-{stage.number})", "yellow"))
        return command_line(directory / stage.name), "the reference on top of your tree"
    say(paint("there is no work/ yet: this checks the *reference*, not you (make start-" + stage.number + ")", "yellow"))
    return command_line(builder.release_server(project, stage)), "the reference"


def _chosen(stage, task):
    checks = stage.checks_of(task) if task else stage.task_checks
    if not checks:
        raise Failure(f"there is no check for {task or stage.name}")
    return checks


def _run_one(project, stage, one, server, seed, recorded):
    """Runs one check file, prints its verdict, records it. Whether it passed."""
    command = checker_command(project, server, seed, *(["--verbose"] if project.options.verbose else []))
    started = time.monotonic()
    done = subprocess.run([*command, relative(project, one)], cwd=project.root, text=True, errors="replace",
                          stdout=None if project.options.verbose else subprocess.PIPE,
                          stderr=subprocess.STDOUT)  # fmt: skip
    seconds = time.monotonic() - started
    title = _title(stage, one)
    if done.returncode == 0:
        if recorded:
            project.state.mark(one.task, True)
            project.state.clear_failure()
        say(f"  {paint('ok', 'green')}    {one.task}  {title}  {seconds:.1f} s")
        return True
    if done.returncode != 1:
        say(done.stdout or "")
        raise Failure(f"the check {one.path.name} could not run (status {done.returncode})")
    if recorded:
        project.state.mark(one.task, False)
        project.state.fail(one.task, int(seed))
    say((done.stdout or "").rstrip("\n"))
    say(f"the bytes: make check T={one.task} SEED={seed} V=1    a hint: make hint    in a debugger: make debug")
    return False


def _title(stage, one):
    for task in stage.tasks:
        if task.id == one.task:
            return task.title
    return one.name.replace("-", " ")


def _say_green(project, stage, task):
    if task:
        return
    following = next((s for s in project.catalogue.written if s.number > stage.number), None)
    if project.has_tree and following:
        say(f"{stage.name} is green; next: make start-{following.number}")
    else:
        say(f"{stage.name} is green")


def green_tasks(project, stage):
    """The tasks of a stage that the learner's tree passes now; none when it doesn't build."""
    try:
        directory = builder.build_overlay(project, "work", project.work, [stage.name])
    except Failure:
        return set()
    builder.build_preset(project, "release", [CHECKER])
    green = set()
    for task in stage.tasks:
        command = checker_command(project, command_line(directory / stage.name), 1)
        files = [relative(project, one) for one in stage.checks_of(task.id)]
        done = subprocess.run([*command, *files], cwd=project.root, capture_output=True) if files else None
        passed = done is not None and done.returncode == 0
        project.state.mark(task.id, passed)
        if passed:
            green.add(task.id)
    return green

# SPDX-License-Identifier: MIT
"""`make` alone: the map of ten stages, progress, and the next command to type."""

from workshop.project import paint, say

LEGEND = "● passed  ◐ passed after a look at the reference  ○ to write"


def overview(project):
    say(paint("Build your own Redis in C++", "bold"))
    say()
    for stage in project.catalogue.stages:
        say(_line(project, stage))
    say(f"\n  {paint(LEGEND, 'dim')}")
    say(f"\nnext: {next_command(project)}")
    say("all commands: make help")
    return 0


def _line(project, stage):
    state = project.state
    name = f"  {stage.number}  {stage.name[3:]:<13}"
    if not stage.exists:
        return paint(f"{name} not written yet", "dim")
    if not stage.tasks:
        return f"{name} {'run it: make ' + stage.name}"
    dots = " ".join(_dot(state, task.id) for task in stage.tasks)
    done = sum(state.passed(task.id) for task in stage.tasks)
    hints = sum(state.hints(task.id) for task in stage.tasks)
    minutes = sum(task.minutes for task in stage.tasks)
    line = f"{name} {dots:<11}  {done}/{len(stage.tasks)}  {minutes:>3} min"
    if hints:
        line += f"  {hints} hint{'s' if hints > 1 else ''}"
    if project.has_tree and state.stage == stage.number:
        line += paint("  <- you are here", "yellow")
    return line


def _dot(state, task):
    if not state.passed(task):
        return "○"
    return paint("◐" if state.peeked(task) else "●", "green")


def next_command(project):
    """The one command that gets a learner further."""
    written = [stage for stage in project.catalogue.written if stage.tasks]
    if not project.has_tree or not project.state.stage:
        if not written:
            return "make doctor"
        return f"make {written[0].name}   to see it run, then   make start-{written[0].number}"
    task = project.current_task()
    if task:
        return f"make check   ({task.id} {task.title}: work/{task.files[0]})"
    following = next((stage for stage in written if stage.number > project.state.stage), None)
    if following:
        return f"make start-{following.number}"
    last = project.catalogue.written[-1]
    return f"make {last.name}   (every stage that is written is green)"

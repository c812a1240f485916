# SPDX-License-Identifier: MIT
"""What a learner types between two checks: start, hint, peek, diff. (The map is in overview.py, check in check.py.)"""

import re
import subprocess
import sys

from workshop import check, worktree
from workshop.project import Failure, ask, is_terminal, paint, say


def start(project, name):
    """Puts a stage's tasks into work/ and says what there is to do."""
    stage = project.stage(name)
    if not stage.tasks:
        raise Failure(f"{stage.name} has no tasks")
    take = _earlier_tasks_from_reference(project, stage)
    merges = worktree.start(project, stage, take)
    _link_compile_commands(project)
    _report_merges(merges)
    say(f"\n{paint(stage.name, 'bold')} is in work/. Read {stage.name}/GUIDE.md, sections 1 to 3, then:")
    for task in stage.tasks:
        done = paint("  passed", "green") if project.state.passed(task.id) else ""
        say(f"  {task.id}  {task.title}  ({task.lines} lines, {task.minutes} min)  work/{task.files[0]}{done}")
    say("next: make check")
    return 0


def _earlier_tasks_from_reference(project, stage):
    """The tasks of earlier stages that get the reference's bodies; asks where the learner has a say."""
    earlier = [s for s in project.catalogue.written if s.number < stage.number]
    tasks = {task.id for s in earlier for task in s.tasks}
    if project.is_handout or not project.has_tree:
        return frozenset() if project.is_handout else frozenset(tasks)
    current = next((s for s in earlier if s.number == project.state.stage), None)
    if current:
        say(f"checking {current.name} before {stage.name}: green bodies stay yours")
        check.green_tasks(project, current)
    red = sorted(task for task in tasks if not project.state.passed(task))
    mine = [task for task in red if current and task.startswith(current.number)]
    if not mine:
        return frozenset(red)
    question = f"not green: {' '.join(mine)}. Take the reference's bodies for them (yours go to work/kept/)?"
    if project.options.yes:
        return frozenset(red)
    if not is_terminal():
        say(f"not green: {' '.join(mine)}; nobody to ask, so the reference's bodies are taken")
        return frozenset(red)
    return frozenset(red if ask(question) else set(red) - set(mine))


def _report_merges(merges):
    for merge in merges:
        line = f"  work/{merge.path}:"
        for word, ids in (("to write", merge.stubs), ("yours", merge.own), ("from the reference", merge.given)):
            if ids:
                line += f"  {word} {' '.join(ids)}"
        say(line)
        if merge.replaced:
            say(f"    your bodies of {' '.join(merge.replaced)} are in work/{worktree.KEPT}/ and in work's git")
        if merge.edited_outside:
            say(paint("    you edited it outside the regions: kept as it is; compare with " + merge.path, "yellow"))
        if merge.missing:
            say(paint(f"    its marks of {' '.join(merge.missing)} are gone: copy them from {merge.path}", "red"))


def _link_compile_commands(project):
    """Editors look for compile_commands.json at the root; the learner's build is the one they edit."""
    link = project.root / "compile_commands.json"
    if not link.exists() and not link.is_symlink():
        link.symlink_to("build/work/compile_commands.json")


def _wanted_task(project, what):
    task = project.task(project.options.task) if project.options.task else project.current_task()
    if task is None:
        raise Failure(f"every task of {project.current_stage().name} has passed; say which: make {what} T=NN.k")
    return task


def hint(project):
    """The next hint of a task; after the last one, all of them again."""
    task = _wanted_task(project, "hint")
    used = project.state.hints(task.id)
    if not task.hints:
        raise Failure(f"{task.id} has no hints")
    say(f"{task.id}  {task.title}    work/{task.files[0]}")
    if used >= len(task.hints):
        for number, text in enumerate(task.hints, 1):
            say(f"hint {number} of {len(task.hints)}: {text}")
        say(f"these were all; the reference: make peek T={task.id}")
        return 0
    project.state.use_hint(task.id)
    say(f"hint {used + 1} of {len(task.hints)}: {task.hints[used]}")
    return 0


def peek(project):
    """The reference's bodies of a task; asks first unless the task is green."""
    if not project.options.task:
        raise Failure("say which task: make peek T=NN.k")
    task = project.task(project.options.task)
    if project.is_handout:
        raise Failure("this is a handout: it holds no reference")
    if not project.state.passed(task.id) and not project.options.yes:
        if not is_terminal():
            raise Failure(f"{task.id} is not green yet; to see the reference all the same: make peek T={task.id} YES=1")
        used = project.state.hints(task.id)
        if not ask(f"{task.id} is not green and {used} of {len(task.hints)} hints are used. Show the reference?"):
            return 0
    if not project.state.passed(task.id):
        project.state.peek(task.id)
    for path, region in task_regions(project, task.id):
        say(paint(f"{path}:{region.begin + 1}  [{region.id}] {region.title}", "bold"))
        say("\n".join(region.body) + "\n")
    return 0


def task_regions(project, task_id):
    """[(path, Region)] of a task in the reference."""
    found = project.catalogue.region_files().items()
    return [(path, region) for path, inside in found for region in inside if region.task == task_id]


_ROW = re.compile(r'^\s*(?:CommandRow)?\{\s*(?:\.name\s*=\s*)?"([a-z|-]+)",\s*(?:\.arity\s*=\s*)?-?\d+', re.MULTILINE)


def diff(project, name):
    """What a stage adds to the one before: its files, its regions in shared/, its rows, the composition root."""
    stage = project.stage(name)
    before = next((s for s in reversed(project.catalogue.written) if s.number < stage.number), None)
    say(paint(f"{stage.name} adds to {before.name if before else 'nothing'}", "bold"))
    rows = []
    for path in sorted(stage.folder.rglob("*")):
        if path.suffix not in (".h", ".cpp") or re.search(r"_(test|fuzz)\.cpp$", path.name) or path.name == "server.cpp":
            continue
        text = path.read_text(encoding="utf-8")
        rows += _ROW.findall(text)
        say(f"  {path.relative_to(project.root).as_posix():<44} {text.count(chr(10)):>4} lines")
    found = [(r.id, path, r) for path, inside in project.catalogue.region_files().items() for r in inside]
    for region_id, path, region in sorted(found, key=lambda entry: entry[:2]):
        if region.stage == stage.number and not path.startswith(stage.name):
            say(f"  {path:<44} {region.line_count:>4} lines  [{region_id}] {region.title}")
    if rows:
        say(f"rows: {' '.join(row.upper() for row in rows)}")
    if before:
        _diff_roots(project, before, stage)
    return 0


def _diff_roots(project, before, stage):
    old, new = f"{before.name}/server.cpp", f"{stage.name}/server.cpp"
    say(paint(f"\nthe composition root, {old} -> {new}", "bold"))
    colour = "always" if sys.stdout.isatty() else "never"
    command = ["git", "--no-pager", "diff", "--no-index", "--no-prefix", f"--color={colour}", old, new]
    say(subprocess.run(command, cwd=project.root, text=True, capture_output=True).stdout.rstrip("\n"))



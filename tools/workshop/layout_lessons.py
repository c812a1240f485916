# SPDX-License-Identifier: MIT
"""The budget of a lesson: regions, tasks, guides and READMEs keep the sizes that learners were promised."""
from __future__ import annotations

import re
from pathlib import Path

from workshop import regions
from workshop.catalogue import Catalogue, CatalogueError, Stage, Task
from workshop.findings import Finding
from workshop.markdown import Document, parse

README_LINES = 60
GUIDE_WORDS = (1200, 2000)
CHAPTER_WORDS = (600, 1000)        # of the full server's guide
TASK_LINES, STAGE_LINES, TASK_MINUTES = 25, 110, 45
LONGER_TASKS = {"04.3": 28}        # SET's options: one idea, and splitting it would split the parse from the touch
LINES_OFF = 0.25                   # how far `lines:` of tasks.md may be from the region
SECTIONS = ("See it fail, then work", "The idea and its bytes", "Rules, and predict", "Build it",
            "When it breaks", "Measure", "Read the reference", "Can you explain it?")
PARTS = ("README.md", "GUIDE.md", "EXERCISES.md")
MACHINE = re.compile(r"(?<![\w./$~}-])/(work|root|home/\w+)/\w")


def check(root: Path, names: list[str]) -> list[Finding]:
    found = _regions(root, names) + _machine_paths(root, names)
    if any(f.text.startswith("region: ") for f in found):
        return found                             # the catalogue can't be read before the marks are right
    catalogue = Catalogue(root)
    by_file = catalogue.region_files()
    for stage in catalogue.stages:
        try:
            found += _stage(stage, by_file)
        except CatalogueError as error:
            found.append(Finding(stage.name, 0, str(error).replace(f"{root.resolve()}/", "")))
    return found


def _regions(root: Path, names: list[str]) -> list[Finding]:
    """Region marks: well-formed, and in .cpp files only."""
    found = []
    for name in names:
        if not name.endswith((".h", ".cpp", ".hpp")):
            continue
        try:
            marked = regions.parse((root / name).read_text(encoding="utf-8"), name)
        except regions.RegionError as error:
            path, line, text = str(error).split(":", 2)
            found.append(Finding(path, int(line), "region: " + text.strip()))
            continue
        if marked and not name.endswith(".cpp"):
            found.append(Finding(name, marked[0].begin + 1, "a region lies in a .cpp file, never in a header"))
    return found


def _machine_paths(root: Path, names: list[str]) -> list[Finding]:
    found = []
    for name in names:
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if MACHINE.search(line) and "layout: a path on purpose" not in line:
                found.append(Finding(name, number, "names a path of one machine"))
    return found


# --- one stage ------------------------------------------------------------------------------

def _stage(stage: Stage, by_file: dict[str, list[regions.Region]]) -> list[Finding]:
    found: list[Finding] = []
    readme, guide = stage.folder / "README.md", stage.folder / "GUIDE.md"
    if readme.is_file():
        found += check_readme(f"{stage.name}/README.md", readme.read_text(encoding="utf-8"))
    if guide.is_file():
        found += check_guide(f"{stage.name}/GUIDE.md", parse(guide.read_text(encoding="utf-8")))
    for chapter in sorted(stage.folder.glob("guide/*.md")):
        found += check_chapter(f"{stage.name}/guide/{chapter.name}", parse(chapter.read_text(encoding="utf-8")))
    if stage.tasks:
        found += [Finding(f"{stage.name}/{part}", 0, "is missing") for part in PARTS
                  if not (stage.folder / part).is_file()]
        found += _tasks(stage, by_file)
    return found


def check_readme(name: str, text: str) -> list[Finding]:
    count = len(text.rstrip("\n").split("\n"))
    return [Finding(name, 0, f"has {count} lines, at most {README_LINES}")] if count > README_LINES else []


def check_guide(name: str, guide: Document) -> list[Finding]:
    found = []
    words = guide.words()
    if not GUIDE_WORDS[0] <= words <= GUIDE_WORDS[1]:
        found.append(Finding(name, 0, f"has {words} words of prose, not {GUIDE_WORDS[0]} to {GUIDE_WORDS[1]}"))
    titles = [title for level, title, _ in guide.headings if level == 2]
    numbered = [match.groups() for title in titles if (match := re.match(r"(\d)[.:)]?\s+(.*)", title))]
    if [number for number, _ in numbered] != [str(n) for n in range(1, 9)]:
        found.append(Finding(name, 0, "its '##' headings are not the eight sections '1 " + SECTIONS[0] + "' … '8 "
                             + SECTIONS[7] + "'"))
        return found
    for (number, title), expected in zip(numbered, SECTIONS):
        if _letters(title) != _letters(expected):
            found.append(Finding(name, 0, f"section {number} is called '{title}', not '{expected}'"))
    return found


def check_chapter(name: str, chapter: Document) -> list[Finding]:
    """A chapter's size, and its one exercise, which has the chapter's number."""
    found = []
    words, (least, most) = chapter.words(), CHAPTER_WORDS
    if not least <= words <= most:
        found.append(Finding(name, 0, f"has {words} words of prose, not {least} to {most}"))
    number = re.match(r"(\d\d)-[a-z-]+\.md$", name.rsplit("/", 1)[-1])
    if not number:
        return found + [Finding(name, 0, "a chapter is called NN-name.md")]
    exercise = f"10.e{int(number[1])}"
    if not any(fence.tags.get("chk") == exercise for fence in chapter.fences):
        found.append(Finding(name, 0, f"shows no contract of its exercise: a fence with chk={exercise}"))
    return found


def _letters(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.lower())


def _tasks(stage: Stage, by_file: dict[str, list[regions.Region]]) -> list[Finding]:
    found: list[Finding] = []
    name = f"{stage.name}/tasks.md"
    marked = [(path, region) for path, inside in by_file.items() for region in inside
              if region.stage == stage.number]
    total = 0
    for task in stage.tasks:
        mine = [(path, region) for path, region in marked if region.task == task.id]
        lines = sum(region.line_count for _, region in mine)
        total += lines
        found += _task(stage, task, name, lines, {path for path, _ in mine})
    known = {task.id for task in stage.tasks}
    found += [Finding(path, region.begin + 1, f"region [{region.id}] belongs to no task of {name}")
              for path, region in marked if region.task not in known]
    if total > STAGE_LINES:
        found.append(Finding(name, 0, f"the stage asks for {total} lines, at most {STAGE_LINES}"))
    return found


def _task(stage: Stage, task: Task, name: str, lines: int, files: set[str]) -> list[Finding]:
    found = []
    limit = LONGER_TASKS.get(task.id, TASK_LINES)
    if not files:
        found.append(Finding(name, 0, f"task {task.id} has no region in the sources"))
    elif lines > limit:
        found.append(Finding(name, 0, f"task {task.id} asks for {lines} lines, at most {limit}"))
    elif abs(lines - task.lines) > max(2, LINES_OFF * task.lines):
        found.append(Finding(name, 0, f"task {task.id} says lines: {task.lines}, its regions have {lines}"))
    if files and files != set(task.files):
        found.append(Finding(name, 0, f"task {task.id} lists {', '.join(task.files)}; its regions lie in "
                             + ", ".join(sorted(files))))
    if task.minutes > TASK_MINUTES:
        found.append(Finding(name, 0, f"task {task.id} takes {task.minutes} minutes, at most {TASK_MINUTES}"))
    if len(task.hints) != 3:
        found.append(Finding(name, 0, f"task {task.id} has {len(task.hints)} hints, not three"))
    if not stage.checks_of(task.id):
        found.append(Finding(name, 0, f"task {task.id} has no file in checks/"))
    return found


# SPDX-License-Identifier: MIT
"""`make grade SUBMISSION=dir`: points for a learner's tree, offline, with a seed that nobody knew.

A submission is a work/ tree (or a folder that holds one). Its points: those of every scenario that passes, and KILL_POINTS
for every held-back mutant that its own transcripts (NN-stage/checks/*.chk in the submission) tell from the reference.
Reports: build/grades/NAME.json and NAME.xml (JUnit).
"""

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

from workshop import builder
from workshop.check import CHECKER, checker_command, command_line
from workshop.checker import read_verdict, run_in_group
from workshop.project import Failure, say
from workshop.serve import build_mutant

KILL_POINTS = 3
_TIMEOUT = 300  # seconds for one check file


@dataclass(frozen=True)
class Mark:
    """One line of the report."""

    stage: str
    task: str
    title: str
    points: int
    earned: int
    note: str = ""


def grade(project):
    overlay = submission(project)
    stages = [stage for stage in project.catalogue.written if _submitted(project, stage, overlay)]
    if not stages:
        raise Failure(f"{overlay} holds none of the workshop's files with regions")
    builder.build_preset(project, "release", [CHECKER])
    seed = int(project.options.seed or random.SystemRandom().randint(1, 10**6))
    marks = []
    for stage in stages:
        of_stage = _task_marks(project, stage, overlay, seed) + _mutant_marks(project, stage, overlay, seed)
        _say_stage(stage, of_stage)
        marks += of_stage
    name = overlay.parent.name if overlay.name == "work" else overlay.name
    target = write_reports(project.build / "grades", name, seed, marks)
    say(f"{_earned(marks)} of {_points(marks)} points, seed {seed}; reports: {target.relative_to(project.root)}.json, .xml")
    return 0


def submission(project):
    """The submitted tree; Failure when there is none."""
    if not project.options.submission:
        raise Failure("say whose work: make grade SUBMISSION=dir")
    folder = Path(project.options.submission).expanduser().resolve()
    if not folder.is_dir():
        raise Failure(f"there is no folder {folder}")
    return folder / "work" if (folder / "work").is_dir() else folder


def _submitted(project, stage, overlay):
    files = project.catalogue.region_files()
    mine = [path for path, inside in files.items() if any(region.stage == stage.number for region in inside)]
    return any((overlay / path).is_file() for path in mine)


def _task_marks(project, stage, overlay, seed):
    note = ""
    try:
        server = command_line(builder.build_overlay(project, "grade", overlay, [stage.name]) / stage.name)
    except Failure:
        server, note = None, "does not build"
    marks = []
    for check in stage.task_checks:
        passed = _passed_titles(project, server, check.path, seed) if server else set()
        for scenario in check.scenarios:
            earned = scenario.points if scenario.title in passed else 0
            marks.append(Mark(stage.name, check.task, scenario.title, scenario.points, earned, note))
    return marks


def _passed_titles(project, server, path, seed):
    status, output, report = _run(project, server, path, seed)
    verdict = read_verdict(status, output, report)
    return {s.get("title") for s in verdict.scenarios if s.get("verdict") == "passed"}


def _run(project, server, path, seed):
    report = project.build / "grades" / ".report.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = checker_command(project, server, seed, "--keep-going", "--json", str(report))
    status, output = run_in_group([*command, str(path)], _TIMEOUT, project.root)
    return status, output, report


def _mutant_marks(project, stage, overlay, seed):
    """A held-back mutant is killed when a transcript of the submission passes the reference and fails here."""
    hidden = [mutant for mutant in stage.mutants if mutant.hidden]
    if not hidden:
        return []
    reference = command_line(builder.release_server(project, stage))
    written = sorted((overlay / stage.name / "checks").glob("*.chk"))
    sound = [path for path in written if _run(project, reference, path, seed)[0] == 0]
    marks = []
    for mutant in hidden:
        note = "" if sound else "no transcript that the reference passes"
        killed = False
        if sound:
            server = command_line(build_mutant(project, stage, mutant) / stage.name)
            killed = any(_run(project, server, path, seed)[0] == 1 for path in sound)
        title = f"a transcript that kills: {mutant.why}"
        marks.append(Mark(stage.name, mutant.kills, title, KILL_POINTS, KILL_POINTS if killed else 0, note))
    return marks


def _points(marks):
    return sum(mark.points for mark in marks)


def _earned(marks):
    return sum(mark.earned for mark in marks)


def _say_stage(stage, marks):
    say(f"{stage.name}: {_earned(marks)} of {_points(marks)}")
    for mark in marks:
        if mark.earned < mark.points:
            say(f"  {mark.earned}/{mark.points}  {mark.task}  {mark.title}" + (f"  ({mark.note})" if mark.note else ""))


def write_reports(folder, name, seed, marks):
    """NAME.json and NAME.xml; returns the path without its suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    report = {"submission": name, "seed": seed, "points": _points(marks), "earned": _earned(marks)}
    report["marks"] = [asdict(mark) for mark in marks]
    target.with_name(f"{name}.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    suites = ElementTree.Element("testsuites", name=name)
    for stage in dict.fromkeys(mark.stage for mark in marks):
        own = [mark for mark in marks if mark.stage == stage]
        failed = sum(mark.earned < mark.points for mark in own)
        suite = ElementTree.SubElement(suites, "testsuite", name=stage, tests=str(len(own)), failures=str(failed))
        for mark in own:
            case = ElementTree.SubElement(suite, "testcase", classname=mark.task, name=mark.title)
            if mark.earned < mark.points:
                message = mark.note or f"{mark.earned} of {mark.points} points"
                ElementTree.SubElement(case, "failure", message=message)
    ElementTree.ElementTree(suites).write(target.with_name(f"{name}.xml"), encoding="utf-8", xml_declaration=True)
    return target

# SPDX-License-Identifier: MIT
"""The learner's tree, work/: how a stage's tasks get into it and how nothing of theirs gets lost.

`merge` decides for one file, as text; `start` walks the files, asks nothing, and commits before and after.
A body counts as the learner's own as soon as it differs from what they were given.
"""

import hashlib
from dataclasses import dataclass, field

from workshop import git, regions
from workshop.project import Failure

KEPT = "kept"  # work/kept/05.2.cpp: bodies that the reference's replaced, with the learner's consent


@dataclass
class Merge:
    """One file of a start: its new text and what happened to its regions."""

    path: str
    text: str
    stubs: list = field(default_factory=list)  # regions that now wait for the learner
    own: list = field(default_factory=list)  # regions that keep the learner's body
    given: list = field(default_factory=list)  # earlier regions that have the reference's body
    replaced: dict = field(default_factory=dict)  # region -> the learner's body that gave way
    edited_outside: bool = False
    missing: list = field(default_factory=list)  # regions whose marks the learner's file has lost
    bare: dict = field(default_factory=dict)  # region -> digest of the stub or quiet body that stands there now


def merge(path, reference, mine, base, stage, take_reference, bare=None):
    """The learner's file for a stage.

    mine: the learner's text, or None. base: the text that the last start gave them, or None.
    bare: the digests of the stubs and quiet bodies of that start; a reference that has changed since may have others.
    take_reference: the earlier tasks that are to have the reference's body, whatever stands there.
    """
    theirs = _by_id(mine, path)
    result = Merge(path, reference)
    if mine is not None and not _outside_untouched(reference, mine, base, path):
        result.edited_outside = True
        result.text = mine
    for region in regions.parse(reference, path):
        old = theirs.get(region.id)
        if result.edited_outside and old is None:
            result.missing.append(region.id)
            continue
        own = old is not None and not _pristine(old, region, (bare or {}).get(region.id))
        lines, quiet = _choose(result, region, old, own, stage, take_reference)
        result.text = regions.replace_body(result.text, region.id, "\n".join(lines), path, quiet)
    return result


def _choose(result, region, old, own, stage, take_reference):
    """(lines, quiet) of a region; notes the decision in `result`."""
    if region.stage < stage and region.task in take_reference:
        if own and old.body != region.body:
            result.replaced[region.id] = "\n".join(old.body)
        result.given.append(region.id)
        return region.body, False
    if own:
        result.own.append(region.id)
        return old.body, False
    if region.stage > stage:
        result.bare[region.id] = _digest(region.rendered(regions.QUIET))
        return region.rendered(regions.QUIET), True
    if region.stage < stage and old is None:
        result.given.append(region.id)
        return region.body, False
    result.stubs.append(region.id)
    result.bare[region.id] = _digest(region.rendered(regions.STUB))
    return region.rendered(regions.STUB), False


def _by_id(text, path):
    return {} if text is None else {region.id: region for region in regions.parse(text, path)}


def _outside_untouched(reference, mine, base, path):
    outside = regions.outside(mine, path)
    if outside == regions.outside(reference, path):
        return True
    return base is not None and outside == regions.outside(base, path)


def _pristine(old, region, bare):
    """Whether a body is still what a start put there."""
    given = region.rendered(regions.STUB), region.rendered(regions.QUIET)
    return old.body in given or _digest(old.body) == bare


def _digest(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def create(project):
    """Makes work/ with its own git, when it is not there. Returns whether it was made."""
    if project.has_tree:
        return False
    project.work.mkdir(exist_ok=True)
    git.init(project.work)
    (project.work / ".gitignore").write_text(".workshop/\n", encoding="utf-8")
    template = project.root / "tools" / "workshop" / "templates" / "AGENTS.md"
    if template.is_file():
        (project.work / "AGENTS.md").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    git.commit(project.work, "An empty tree")
    return True


def holds(project, stage):
    """Whether work/ has a region of a stage that has arrived, written or not; of a stage without tasks, any file."""
    if not stage.tasks:
        return (project.work / stage.name).is_dir()
    for path, inside in project.catalogue.region_files().items():
        mine = _read(project.work / path)
        if mine is None or all(region.stage != stage.number for region in inside):
            continue
        if any(region.stage == stage.number and not region.arrives for region in regions.parse(mine, f"work/{path}")):
            return True
    return False


def start(project, stage, take_reference=frozenset()):
    """Puts a stage's tasks into work/; returns the merges, files with regions of the stage first."""
    create(project)
    git.commit(project.work, f"Before start-{stage.number}")
    merges = [_merge_file(project, path, stage, take_reference) for path in _files(project, stage)]
    for merge_ in merges:
        _write(project.work / merge_.path, merge_.text)
        for region_id, body in merge_.replaced.items():
            _keep(project, merge_.path, region_id, body)
    base = git.commit(project.work, f"start-{stage.number}: the tasks of {stage.name}")
    project.state.start(stage.number, base, {merge_.path: merge_.bare for merge_ in merges})
    return merges


def _files(project, stage):
    """Files with a region of this stage, and files that the learner has already."""
    found = []
    for path, inside in project.catalogue.region_files().items():
        here = any(region.stage == stage.number for region in inside)
        if here or (project.work / path).is_file():
            found.append((not here, path))
    return [path for _, path in sorted(found)]


def _merge_file(project, path, stage, take_reference):
    reference = (project.root / path).read_text(encoding="utf-8")
    mine = _read(project.work / path)
    base = git.show(project.work, project.state.base, path)
    try:
        return merge(path, reference, mine, base, stage.number, take_reference, project.state.bare(path))
    except regions.RegionError as error:
        raise Failure(f"work/{error}: mend the mark (compare with {path}), then start again") from None


def _read(path):
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _keep(project, path, region_id, body):
    """Appends a body to its kept file, so that nothing is lost however often a stage is started."""
    file = project.work / KEPT / f"{region_id}.cpp"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(f"// {path} [{region_id}]\n{body}\n\n")

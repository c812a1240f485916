# SPDX-License-Identifier: MIT
"""`make handout`: the repository without its solutions, as one tar file for a class.

A region keeps its //stub: and //quiet: lines, so that `make start-NN` works from the handout as it does from the
repository; between them stands the quiet body, or the stub where there is none. Solutions and mutants stay out; guide fences that quote a region lose its code.
"""

import io
import re
import tarfile

from workshop import regions, tree
from workshop.project import say

NAME = "redis-workshop"
_SECRET = re.compile(r"^\d\d-[^/]+/(solutions|mutants)/")
_QUOTED = re.compile(r"^( *```cpp region=\S+[^\n]*\n).*?^( *```)", re.MULTILINE | re.DOTALL)


def without_bodies(text, path):
    """A source whose regions hold no body of the reference, only what renders them."""
    lines = text.split("\n")
    result, at = [], 0
    for region in regions.parse(text, path):
        result += lines[at : region.begin + 1]
        bare = region.rendered(regions.STUB if region.quiet is None else regions.QUIET)
        result += _directives(region, "stub", region.stub) + _directives(region, "quiet", region.quiet)
        result += bare
        at = region.end
    return "\n".join(result + lines[at:])


def _directives(region, kind, lines):
    """Directive lines as docs/authoring.md spells them; the text keeps its own indentation."""
    strip = len(region.indent)
    return [f"{region.indent}//{kind}: {line[strip:]}".rstrip() for line in lines or ()]


def handout(project):
    target = project.build / f"{NAME}-handout.tar.gz"
    target.parent.mkdir(exist_ok=True)
    count = 0
    with tarfile.open(target, "w:gz") as archive:
        for path in tree.files(project.root):
            if _SECRET.match(path):
                continue
            _add(archive, path, _content(project, path), (project.root / path).stat().st_mode)
            count += 1
        _add(archive, ".handout", b"The starter rendering: regions hold no solutions.\n", 0o644)
    say(f"{target.relative_to(project.root)}: {count} files; regions are empty, solutions and mutants are left out")
    return 0


def _content(project, path):
    data = (project.root / path).read_bytes()
    if path.endswith(".cpp") and b" begin]" in data:
        return without_bodies(data.decode("utf-8"), path).encode()
    if path.endswith(".md"):
        return _QUOTED.sub(r"\1// yours to write\n\2", data.decode("utf-8")).encode()
    return data


def _add(archive, path, data, mode):
    entry = tarfile.TarInfo(f"{NAME}/{path}")
    entry.size, entry.mode = len(data), mode & 0o777
    archive.addfile(entry, io.BytesIO(data))

# SPDX-License-Identifier: MIT
"""A Markdown report, built part by part, with its pictures beside it."""
from harness.settings import BenchError


def table(head, rows):
    """The first column is text, the others are figures."""
    align = [":--"] + ["--:"] * (len(head) - 1)
    lines = [f"| {' | '.join(map(str, cells))} |" for cells in (head, align, *rows)]
    return "\n".join(lines)


class Report:
    def __init__(self, folder, name, title):
        self._folder = folder
        self._name = name
        self._parts = [f"# {title}"]
        self._pictures = {}

    def add(self, *parts):
        self._parts += [part for part in parts if part]

    def section(self, heading, *parts):
        self.add(f"## {heading}", *parts)

    def picture(self, name, alternative, svg):
        """`name` is unique within the report; the file carries the report's name, so reports do not collide."""
        path = f"pictures/{self._name}-{name}.svg"
        self._pictures[path] = svg
        self.add(f"![{alternative}]({path})")

    def write(self):
        path = self._folder / f"{self._name}.md"
        try:
            (self._folder / "pictures").mkdir(parents=True, exist_ok=True)
            for name, svg in self._pictures.items():
                (self._folder / name).write_text(svg)
            path.write_text("\n\n".join(self._parts) + "\n")
        except OSError as error:
            raise BenchError(f"cannot write the report to {self._folder}: {error.strerror}") from error
        return path

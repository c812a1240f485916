# SPDX-License-Identifier: MIT
"""Progress on standard error, bars on standard output."""
import shutil
import sys
import time

from harness.stats import short


class Progress:
    """One line, rewritten on a terminal; elsewhere a line for each tenth, so that logs stay short."""

    def __init__(self, steps, stream=sys.stderr):
        self._steps = steps
        self._done = 0
        self._stream = stream
        self._start = time.monotonic()

    def step(self, what):
        """Says what is measured now."""
        terminal = self._stream.isatty()
        if terminal:
            self._stream.write(f"\r\x1b[K[{self._done * 100 // self._steps:3d} %{self._left()}] {what}")
        elif self._done * 10 // self._steps != (self._done - 1) * 10 // self._steps:
            self._stream.write(f"[{self._done * 100 // self._steps:3d} %{self._left()}] {what}\n")
        self._stream.flush()
        self._done += 1

    def _left(self):
        passed = time.monotonic() - self._start
        if self._done == 0 or passed < 1:
            return ""
        return f", {passed / self._done * (self._steps - self._done):.0f} s left"

    def end(self):
        if self._stream.isatty():
            self._stream.write("\r\x1b[K")
            self._stream.flush()


EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share, width):
    """A bar of `share` (0..1) of `width` characters, exact to an eighth of one."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (EIGHTHS[rest] if rest else "")


def bars(title, unit, groups, width=None):
    """Lines of text. groups: [(label, [(series name, Sample or None), …]), …]; the longest bar: the largest median."""
    names = [name for _, series in groups for name, _ in series]
    values = [sample.median for _, series in groups for _, sample in series if sample]
    if not values:
        return []
    label_width = max(len(label) for label, _ in groups)
    name_width = max(map(len, names))
    width = width or min(50, shutil.get_terminal_size().columns - label_width - name_width - 28)
    lines = [f"{title} ({unit})"]
    for label, series in groups:
        for place, (name, sample) in enumerate(series):
            head = label if place == 0 else ""
            if sample is None:
                continue
            drawn = bar(sample.median / max(values), max(10, width))
            spread = f" ({short(sample.low)}–{short(sample.high)})" if sample.low != sample.high else ""
            lines.append(f"  {head:{label_width}}  {name:{name_width}}  {drawn} {short(sample.median)}{spread}")
    return lines

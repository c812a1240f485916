# SPDX-License-Identifier: MIT
"""Medians with their spread, and how they are written."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """What several rounds gave: the median stands for them, the extremes say how far to trust it."""
    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        values = [value for value in values if value is not None]
        if not values:
            return None
        return cls(statistics.median(values), min(values), max(values))


def ratios(ours, theirs):
    """Round by round, so that a disturbance that hit both of a pair falls out. None where a side is missing."""
    pairs = [(a, b) for a, b in zip(ours, theirs) if a is not None and b]
    return Sample.of([a / b for a, b in pairs])


def short(value):
    """Three significant figures, thousands as k and M: 1234567 -> 1.23 M."""
    for limit, divisor, unit in ((1e6, 1e6, " M"), (1e4, 1e3, " k")):
        if abs(value) >= limit * 0.9995:
            return f"{_three_figures(value / divisor)}{unit}"
    return _three_figures(value)


def _three_figures(value):
    size = abs(value)
    if size >= 99.95:
        return f"{value:.0f}"
    if size >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}"


def with_spread(sample):
    if sample is None:
        return "–"
    if sample.low == sample.high:
        return short(sample.median)
    return f"{short(sample.median)} ({short(sample.low)}–{short(sample.high)})"


def ratio_with_spread(sample):
    if sample is None:
        return "–"
    return f"×{sample.median:.2f} ({sample.low:.2f}–{sample.high:.2f})"

# SPDX-License-Identifier: MIT
"""Two kinds of pictures, drawn by hand: grouped bars with their spread, and latency by percentile.

Both return the text of an SVG file. They carry their own background, so they read on a dark page too."""
import math
from xml.sax.saxutils import escape

from harness.stats import short

WIDTH = 860
COLORS = ("#2563eb", "#d1495b", "#8d99ae", "#2a9d8f")
INK = "#1f2933"
RULE = "#d9dee5"


def _text(x, y, content, size=13, anchor="start", weight="normal", color=INK):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{color}">{escape(content)}</text>')


def _line(x1, y1, x2, y2, color=RULE, width=1.0):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" stroke-width="{width}"/>'


def _document(height, title, parts):
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" role="img">')
    return "\n".join([head, f"<title>{escape(title)}</title>",
                      f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#ffffff"/>', *parts, "</svg>", ""])


def _legend(names, y):
    parts, x = [], 24.0
    for place, name in enumerate(names):
        parts.append(f'<rect x="{x:.1f}" y="{y - 10}" width="12" height="12" fill="{COLORS[place % len(COLORS)]}"/>')
        parts.append(_text(x + 18, y, name))
        x += 18 + 8 * len(name) + 28
    return parts


def grouped_bars(title, unit, groups):
    """groups: [(label, [(series name, Sample or None), …]), …], every group with the same series.

    A bar is the median, its whisker the lowest and highest round."""
    names = [name for name, _ in groups[0][1]]
    top = max((sample.high for _, series in groups for _, sample in series if sample), default=0) or 1
    left, right, row, gap = 150, 150, 20, 14
    scale = (WIDTH - left - right) / top
    parts = [_text(24, 32, f"{title} ({unit})", 17, weight="600"), *_legend(names, 58)]
    y = 78
    for label, series in groups:
        parts.append(_text(left - 12, y + row * len(series) / 2 + 4, label, anchor="end", weight="600"))
        for place, (_, sample) in enumerate(series):
            if sample is None:
                parts.append(_text(left + 6, y + 14, "–", color="#7b8794"))
            else:
                parts += _bar(left, y, row, scale, sample, COLORS[place % len(COLORS)])
            y += row
        y += gap
    parts.append(_line(left, 72, left, y - gap + 4, INK))
    return _document(y + 10, title, parts)


def _bar(left, y, row, scale, sample, color):
    middle = y + (row - 4) / 2
    low, high = left + sample.low * scale, left + sample.high * scale
    return [
        f'<rect x="{left}" y="{y}" width="{sample.median * scale:.1f}" height="{row - 4}" fill="{color}"/>',
        _line(low, middle, high, middle, INK, 1.5),
        _line(low, middle - 4, low, middle + 4, INK, 1.5),
        _line(high, middle - 4, high, middle + 4, INK, 1.5),
        _text(max(high, left + sample.median * scale) + 8, middle + 4, short(sample.median), 12),
    ]


def percentile_lines(title, unit, series):
    """series: [(name, [(percentile label, Sample), …]), …], every series with the same labels; the y axis is log."""
    labels = [label for label, _ in series[0][1]]
    samples = [sample for _, points in series for _, sample in points]
    bottom_value = math.floor(math.log10(max(min(s.low for s in samples), 1e-3)))
    top_value = max(math.ceil(math.log10(max(s.high for s in samples))), bottom_value + 1)
    left, right, top, bottom = 80, 40, 84, 350

    def x_of(place):
        return left + (WIDTH - left - right) * (place + 0.5) / len(labels)

    def y_of(value):
        share = (math.log10(max(value, 10**bottom_value)) - bottom_value) / (top_value - bottom_value)
        return bottom - (bottom - top) * share

    parts = [_text(24, 32, f"{title} ({unit})", 17, weight="600"), *_legend([name for name, _ in series], 58)]
    for power in range(bottom_value, top_value + 1):
        parts.append(_line(left, y_of(10**power), WIDTH - right, y_of(10**power)))
        parts.append(_text(left - 10, y_of(10**power) + 4, f"{10**power:,g}", 12, "end"))
    for place, label in enumerate(labels):
        parts.append(_text(x_of(place), bottom + 22, label, anchor="middle"))
    for number, (_, points) in enumerate(series):
        parts += _curve(points, COLORS[number % len(COLORS)], 7 * number - 3.5 * (len(series) - 1), x_of, y_of)
    return _document(bottom + 40, title, parts)


def _curve(points, color, shift, x_of, y_of):
    """The series' line, points and whiskers, moved sideways by `shift` so that whiskers do not cover each other."""
    places = [(x_of(i) + shift, sample) for i, (_, sample) in enumerate(points)]
    path = " ".join(f"{x:.1f},{y_of(sample.median):.1f}" for x, sample in places)
    parts = [f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>']
    for x, sample in places:
        parts.append(_line(x, y_of(sample.low), x, y_of(sample.high), color, 1.5))
        parts.append(f'<circle cx="{x:.1f}" cy="{y_of(sample.median):.1f}" r="4" fill="{color}"/>')
    return parts

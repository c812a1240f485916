# SPDX-License-Identifier: MIT
"""The report's parts that the capstone and the stages share. The first server is ours, the others stand beside it."""
from harness import terminal
from harness.report import table
from harness.stats import ratio_with_spread, short, with_spread
from harness.svg import grouped_bars

PERCENTILES = ("p50", "p95", "p99", "p99.9")


def series_of(results, cell, *path):
    return [(name, results.sample(cell, name, *path)) for name in results.names]


def speed(report, results, cells):
    report.section(
        "Requests per second",
        "Median of the rounds (lowest–highest); the ratio is taken round by round. *busy* is the server's share of its "
        "core. Marked figures are lower bounds: the server was not its own limit, but † the load generator was, or ‡ "
        "neither was busy, as happens when other programs take the cores.")
    report.add(_speed_table(results, cells))
    hits = results.hits()
    if hits is not None:
        report.add(f"Of the keys that GET asked for, {hits:.2%} were there.")
    for pipeline in sorted({cell.pipeline for cell in cells}):
        groups = [(cell.name, series_of(results, cell, "requests_per_second"))
                  for cell in cells if cell.pipeline == pipeline]
        title = f"Requests per second, pipeline {pipeline}"
        report.picture(f"speed-p{pipeline}", title, grouped_bars(title, "higher is better", groups))


def _speed_table(results, cells):
    ours, others = results.names[0], results.names[1:]
    head = ["requests/s"] + [part for name in results.names for part in (name, "busy")]
    head += [f"{ours} ÷ {other}" for other in others]
    rows = []
    for cell in cells:
        row = [cell.label]
        for name in results.names:
            busy = results.sample(cell, name, "server_busy")
            row += [with_spread(results.sample(cell, name, "requests_per_second")) + results.mark(cell, name),
                    f"{busy.median:.0%}" if busy else "–"]
        row += [ratio_with_spread(results.ratio(cell, ours, other, "requests_per_second")) for other in others]
        rows.append(row)
    return table(head, rows)


def cpu(report, results, cells):
    report.section(
        "Server CPU per request",
        "Microseconds of user and system time (`/proc/PID/stat`) over the measured seconds, per request. A busy "
        "neighbour or a slow load generator disturbs this figure less than requests per second. The ratio is "
        "theirs ÷ ours: how many times less CPU ours takes.")
    ours, others = results.names[0], results.names[1:]
    rows = []
    for cell in cells:
        row = [cell.label] + [with_spread(results.sample(cell, name, "server_cpu_us")) for name in results.names]
        row += [ratio_with_spread(results.ratio(cell, other, ours, "server_cpu_us")) for other in others]
        rows.append(row)
    report.add(table(["µs/request", *results.names, *[f"{other} ÷ {ours}" for other in others]], rows))
    for pipeline in sorted({cell.pipeline for cell in cells}):
        groups = [(cell.name, series_of(results, cell, "server_cpu_us"))
                  for cell in cells if cell.pipeline == pipeline]
        if all(sample is None for _, series in groups for _, sample in series):
            continue
        title = f"Server CPU µs per request, pipeline {pipeline}"
        report.picture(f"cpu-p{pipeline}", title, grouped_bars(title, "lower is better", groups))


def latency_table(results, cells):
    """Medians only: the percentiles' own spread would drown the table."""
    head = ["µs"] + [f"{name} {p}" for name in results.names for p in PERCENTILES]
    rows = []
    for cell in cells:
        row = [cell.label]
        for name in results.names:
            samples = [results.sample(cell, name, "latency_us", p) for p in PERCENTILES]
            row += [short(sample.median) if sample else "–" for sample in samples]
        rows.append(row)
    return table(head, rows)


def saturated_latency(report, results, cells):
    report.section(
        "Latency at full load",
        "Microseconds, medians of the rounds. A closed loop: every connection sends its next pipeline when the last was "
        "answered, so these latencies are mostly waiting behind the other connections.",
        latency_table(results, cells))


def machine(report, rows, settings, fill):
    report.section("Machine and settings", table(["what", "value"], [
        *rows, ("connections", settings.connections),
        ("rounds", f"{settings.rounds}, the servers in turn (A B A B …)"),
        ("one measurement", f"{settings.seconds:g} s"), ("fill", fill)]))


def show(results, cells):
    """The same figures as bars in the terminal."""
    for title, unit, key in (("requests/s", "higher is better", "requests_per_second"),
                             ("server CPU µs per request", "lower is better", "server_cpu_us")):
        for pipeline in sorted({cell.pipeline for cell in cells}):
            groups = [(cell.label, series_of(results, cell, key)) for cell in cells if cell.pipeline == pipeline]
            print("\n".join(terminal.bars(f"\n{title}, pipeline {pipeline}", unit, groups)))

# SPDX-License-Identifier: MIT
"""Resident bytes per key: what the process grows by when a fresh server gets its keys, divided by their number."""
from harness.load import run_load
from harness.report import table
from harness.server import Server
from harness.stats import Sample, ratio_with_spread, ratios, with_spread
from harness.svg import grouped_bars

KINDS = (
    ("8 B value", "SET {key} {value}", 8),
    ("64 B value", "SET {key} {value}", 64),
    ("8 B value with TTL", "SET {key} {value} EX 1000000", 8),
)


def bytes_per_key(settings, name, program, command, value_size):
    with Server(settings, name, program) as server:
        keys = settings.memory_keys
        common = ["--connections", 10, "--pipeline", 64, "--key-size", 16, "--value-size", value_size, "--keys", keys]
        # Connection buffers are there before the first key: they must not count.
        run_load(settings, server.port, [*common, "--workload", "ping", "--requests", 50_000])
        before = server.resident_bytes()
        run_load(settings, server.port, [*common, "--command", command, "--order", "sequential", "--requests", keys])
        after = server.resident_bytes()
    return None if before is None or after is None else (after - before) / keys


def steps(programs, rounds):
    return len(KINDS) * len(programs) * rounds


def measure(settings, programs, progress, rounds):
    """{kind: {server name: figures of all rounds}}; `programs` are (name, program) pairs."""
    figures = {kind: {name: [] for name, _ in programs} for kind, _, _ in KINDS}
    for number in range(rounds):
        for kind, command, value_size in KINDS:
            for name, program in programs:
                progress.step(f"memory, round {number + 1} of {rounds}: {kind} in {name}")
                figures[kind][name].append(bytes_per_key(settings, name, program, command, value_size))
    return figures


def section(report, settings, figures):
    ours, other = list(next(iter(figures.values())))
    rows, groups = [], []
    for kind, by_name in figures.items():
        samples = {name: Sample.of(values) for name, values in by_name.items()}
        rows.append([kind, with_spread(samples[ours]), with_spread(samples[other]),
                     ratio_with_spread(ratios(by_name[other], by_name[ours]))])
        groups.append((kind.replace(" value", ""), list(samples.items())))
    report.section(
        "Resident bytes per key",
        f"Growth of VmRSS when a fresh server gets {settings.memory_keys:,} keys of 16 B, divided by their number.",
        table(["bytes/key", ours, other, f"{other} ÷ {ours}"], rows))
    title = "Resident bytes per key"
    report.picture("memory", title, grouped_bars(title, "lower is better", groups))
    return groups

# SPDX-License-Identifier: MIT
"""The capstone: the full server and redis-server in turn. Speed, CPU, latency, memory."""
from contextlib import ExitStack
from pathlib import Path

from harness import machine, memory, sections, terminal
from harness.load import fill
from harness.measure import Cell, count_runs, measure
from harness.report import Report
from harness.server import Server
from harness.settings import BenchError
from harness.stats import short
from harness.svg import percentile_lines

VALUE_SIZE = 8
WORKLOADS = (("PING", "ping"), ("GET", "get"), ("SET", "set"), ("INCR", "incr"), ("MSET (10 keys)", "mset"))
QUICK_LEFT_OUT = {("PING", 16), ("PING", 64), ("MSET (10 keys)", 1), ("MSET (10 keys)", 64)}


def cells_for(settings):
    cells = [Cell(name, pipeline, ("--workload", workload, "--value-size", VALUE_SIZE))
             for pipeline in (1, 16, 64) for name, workload in WORKLOADS
             if not (settings.quick and (name, pipeline) in QUICK_LEFT_OUT)]
    cells = [cell for cell in cells if settings.only in cell.label]
    if not cells:
        raise BenchError(f"no cell's name contains '{settings.only}'")
    return cells


def rate_cells(results, cells):
    """GET and SET at six tenths of what the slower server manages without a pipeline: both carry that with ease."""
    chosen = []
    for cell in cells:
        if cell.pipeline == 1 and cell.name in ("GET", "SET"):
            slower = min(results.sample(cell, name, "requests_per_second").median for name in results.names)
            rate = max(100, int(slower * 0.6 / 1000) * 1000)
            # Up to 16 requests of a connection in flight: a late reply does not hold back the next request.
            chosen.append((Cell(cell.name, 16, (*cell.arguments, "--rate", rate)), rate))
    return chosen


def fixed_rate(report, results, cells):
    report.section(
        "Latency at a fixed rate",
        "Microseconds. Requests are sent on a schedule, whatever the server does, and a latency counts from the moment "
        "that the request was *due*: a stall is charged to all the requests that it held up (no coordinated omission).")
    rates = ", ".join(f"{cell.name} {rate:,}/s" for cell, rate in cells)
    report.add(sections.latency_table(results, [cell for cell, _ in cells]).replace(" P16 |", " |"), f"Rates: {rates}.")
    for cell, rate in cells:
        series = [(name, [(p, results.sample(cell, name, "latency_us", p)) for p in (*sections.PERCENTILES, "max")])
                  for name in results.names]
        title = f"{cell.name} latency at {short(rate)} requests/s"
        report.picture(f"latency-{cell.name.lower()}", title, percentile_lines(title, "µs, log scale", series))


def run(settings):
    ours_program, redis_program = settings.stage_binary("10"), settings.redis
    memory_rounds = 1 if settings.quick else 3
    with ExitStack() as stack:
        ours = stack.enter_context(Server(settings, Path(ours_program).name, ours_program))
        redis = stack.enter_context(Server(settings, "redis-server", redis_program))
        servers = [ours, redis]
        programs = [(ours.name, ours_program), (redis.name, redis_program)]
        cells = cells_for(settings)
        most_rate_cells = sum(cell.pipeline == 1 and cell.name in ("GET", "SET") for cell in cells)
        progress = terminal.Progress(2 + count_runs(cells, servers, settings.rounds)
                                     + most_rate_cells * 2 * settings.rounds + memory.steps(programs, memory_rounds))
        for server in servers:
            progress.step(f"filling {server.name}")
            fill(settings, server, VALUE_SIZE)
        results = measure(settings, cells, servers, progress)
        rates = rate_cells(results, cells)
        rate_results = measure(settings, [cell for cell, _ in rates], servers, progress) if rates else None
        figures = memory.measure(settings, programs, progress, memory_rounds)
        progress.end()
    versions = [(ours.name, f"answers as Redis {ours.version}" if ours.version else ""), (redis.name, redis.version)]
    write(settings, versions, results, cells, rate_results, rates, figures)


def write(settings, versions, results, cells, rate_results, rates, figures):
    (ours, _), (_, redis_version) = versions
    report = Report(settings.out, "report", f"Benchmark: {ours} beside redis-server {redis_version}")
    if settings.quick:
        report.add("*A quick run: fewer and shorter rounds, so trust the order of magnitude and not the second digit.*")
    sections.machine(report, machine.describe(settings, versions), settings,
                     f"{settings.keys:,} keys of 16 B with {VALUE_SIZE} B values, all there before (GET hits)")
    sections.speed(report, results, cells)
    sections.cpu(report, results, cells)
    sections.saturated_latency(report, results, cells)
    if rates:
        fixed_rate(report, rate_results, rates)
    memory_groups = memory.section(report, settings, figures)
    path = report.write()
    sections.show(results, cells)
    print("\n".join(terminal.bars("\nresident bytes per key", "lower is better", memory_groups)))
    print(f"\nreport: {path}")

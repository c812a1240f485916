# SPDX-License-Identifier: MIT
"""One stage beside the stage before it and redis-server, with the commands that it has.

Stage 01 speaks no RESP: it echoes messages of the same size as a PING or an ECHO would have, which is the floor
under stage 02: what the sockets alone cost."""
import re
from contextlib import ExitStack

from harness import machine, sections, terminal
from harness.load import fill
from harness.measure import Cell, count_runs, measure
from harness.report import Report
from harness.server import Server
from harness.settings import BenchError

ECHO_SIZE = 64
PING_BYTES = len(b"*1\r\n$4\r\nPING\r\n")
ECHO_BYTES = len(b"*2\r\n$4\r\nECHO\r\n$64\r\n") + ECHO_SIZE + 2


def raw(size):
    return ("--workload", "raw", "--value-size", size)


def cells_for(settings, stage, before):
    """`before` is the name of the stage before, which may lack what this one has."""
    pipelines = (1, 16) if stage <= 2 or settings.quick else (1, 16, 64)
    cells = [cell for pipeline in pipelines for cell in cells_at(pipeline, stage, before)
             if settings.only in cell.label]
    if not cells:
        raise BenchError(f"no cell's name contains '{settings.only}'")
    return cells


def cells_at(pipeline, stage, before):
    if stage == 1:
        return [Cell(f"{size} B", pipeline, raw(size)) for size in (PING_BYTES, ECHO_BYTES, 4096)]
    if stage == 2:
        echo = ("--workload", "echo", "--value-size", ECHO_SIZE)
        return [Cell("PING", pipeline, ("--workload", "ping"), {before: raw(PING_BYTES)}),
                Cell("ECHO 64 B", pipeline, echo, {before: raw(ECHO_BYTES)})]
    absent = {} if stores(before) else {before: None}
    return [Cell("PING", pipeline, ("--workload", "ping"))] + [
        Cell(command.upper(), pipeline, ("--workload", command), absent) for command in ("get", "set", "incr")]


def stores(name):
    """Stages 01 and 02 keep nothing; all others, and Redis, do."""
    return not name.startswith(("01-", "02-"))


def programs_for(settings, stage):
    """(name, program): this stage, the one before it, redis-server. Stage 01 has nothing to stand beside."""
    ours = settings.stage_binary(f"{stage:02d}")
    if stage == 1:
        return [(ours.name, ours)]
    before = settings.stage_before(stage)
    if before is None:
        raise BenchError(f"no stage before {stage:02d} is built; run 'make build' first")
    return [(ours.name, ours), (before.name, before), ("redis-server", settings.redis)]


def run(settings, text):
    if not re.fullmatch(r"0?[1-9]|10", text):
        raise BenchError(f"--stage takes 01 to 10, not '{text}'")
    stage = int(text)
    # A stage is looked at between two edits: shorter than the capstone.
    settings.rounds = min(settings.rounds, 3)
    settings.seconds = min(settings.seconds, 0.7)
    with ExitStack() as stack:
        servers = [stack.enter_context(Server(settings, name, program))
                   for name, program in programs_for(settings, stage)]
        cells = cells_for(settings, stage, servers[1].name if len(servers) > 1 else "")
        filled = [server for server in servers if stage > 2 and stores(server.name)]
        progress = terminal.Progress(len(filled) + count_runs(cells, servers, settings.rounds))
        for server in filled:
            progress.step(f"filling {server.name}")
            fill(settings, server)
        results = measure(settings, cells, servers, progress)
        progress.end()
    write(settings, stage, [(server.name, server.version) for server in servers], results, cells)


def write(settings, stage, versions, results, cells):
    names = results.names
    title = names[0] if len(names) == 1 else f"{names[0]} beside {' and '.join(names[1:])}"
    report = Report(settings.out, f"stage-{stage:02d}", f"Benchmark: {title}")
    if stage == 1:
        report.add("Messages of a fixed size, echoed. The first two have the bytes of a PING and of an ECHO of 64 B.")
    if stage == 2:
        report.add(f"In the columns of {names[1]}: an echo of as many bytes as the request has, "
                   "which is what the sockets alone cost.")
    filled = f"{settings.keys:,} keys of 16 B with 8 B values, all present before measuring" if stage > 2 else "none"
    sections.machine(report, machine.describe(settings, versions), settings, filled)
    sections.speed(report, results, cells)
    sections.cpu(report, results, cells)
    sections.saturated_latency(report, results, cells)
    path = report.write()
    sections.show(results, cells)
    print(f"\nreport: {path}")

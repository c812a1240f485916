# SPDX-License-Identifier: MIT
"""The classic report: one connection, one request at a time, percentiles beside Redis on port 6379.

A Redis that already listens there is used as it is; its keys stay untouched, ours carry a prefix and are deleted.
It is not ours to pin to a core, and then nothing is pinned: where a server and its only client share a core, a
request is about eight times faster than across two, so pinning one side alone would decide the comparison."""
import dataclasses
import os
from contextlib import ExitStack
from pathlib import Path

from harness import machine, sections, terminal
from harness.load import run_load
from harness.measure import Cell, Results
from harness.report import Report, table
from harness.resp import Client, ReplyError, parse_info
from harness.server import Server, listens
from harness.settings import BenchError
from harness.stats import ratio_with_spread, with_spread
from harness.svg import percentile_lines

REDIS_PORT = 6379
KEYS = 1000
VALUE_SIZE = 8
PREFIX = f"workshop-bench:{os.getpid()}"
PERCENTILES = ("p50", "p95", "p99")
CELLS = tuple(Cell(name, 1, ("--command", command)) for name, command in (
    ("SET", f"SET {PREFIX}:{{number}} {{value}}"),
    ("GET", f"GET {PREFIX}:{{number}}"),
    ("INCR", f"INCR {PREFIX}:counter:{{number}}"),
    ("PING", "PING"),
))


class Listening:
    """The Redis that is there already: never started, never ended, its keys given back."""

    name = "Redis on 6379"
    port = REDIS_PORT

    def __init__(self):
        try:
            with Client(self.port, timeout=2) as client:
                self.version = parse_info(client.call("INFO", "server")).get("redis_version", "")
        except (ReplyError, OSError) as error:
            raise BenchError(f"what listens on port {REDIS_PORT} does not answer INFO: {error}") from error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with Client(self.port) as client:
            for number in range(KEYS):
                client.call("DEL", f"{PREFIX}:{number:012d}", f"{PREFIX}:counter:{number:012d}")


def redis_on_6379(settings):
    """The Redis to compare with, and the settings: without pinning when that Redis is not ours."""
    if listens(REDIS_PORT):
        print(f"using the Redis that listens on port {REDIS_PORT}; it cannot be pinned to a core, so nothing is")
        return Listening(), dataclasses.replace(settings, server_core=None, load_core=None)
    print(f"nothing listens on port {REDIS_PORT}: starting {settings.redis} there")
    return Server(settings, "Redis on 6379", settings.redis, port=REDIS_PORT), settings


def sequential(settings, cell, server, requests, order="random"):
    return run_load(settings, server.port, [
        *cell.arguments, "--connections", 1, "--pipeline", 1, "--requests", requests, "--keys", KEYS,
        "--value-size", VALUE_SIZE, "--order", order, "--fill", "no"])


def run(settings):
    requests = 5_000 if settings.quick else 20_000
    ours_program = settings.stage_binary("10")
    redis, settings = redis_on_6379(settings)
    with ExitStack() as stack:
        servers = [stack.enter_context(Server(settings, Path(ours_program).name, ours_program)),
                   stack.enter_context(redis)]
        progress = terminal.Progress(settings.rounds * len(CELLS) * len(servers))
        results = Results([server.name for server in servers])
        for server in servers:
            sequential(settings, CELLS[0], server, KEYS, "sequential")  # GET must hit
        for number in range(settings.rounds):
            for cell in CELLS:
                for server in servers:
                    progress.step(f"round {number + 1} of {settings.rounds}: {cell.name} on {server.name}")
                    result = sequential(settings, cell, server, requests)
                    if cell.name == "GET" and result["nils"]:
                        raise BenchError(f"{result['nils']} of {requests} GETs missed on {server.name}")
                    results.add(cell, server.name, result)
        progress.end()
    write(settings, [(server.name, server.version) for server in servers], results, requests)


def write(settings, versions, results, requests):
    ours, redis = results.names
    report = Report(settings.out, "classic", f"One request at a time: {ours} beside Redis {versions[1][1]}")
    report.section("Machine and settings", table(["what", "value"], [
        *machine.describe(settings, versions), ("connections", 1),
        ("requests", f"{requests:,} of each kind and round"),
        ("rounds", f"{settings.rounds}, the servers in turn (A B A B …)"),
        ("fill", f"{KEYS:,} keys, {VALUE_SIZE} B values, all present before GET")]))
    head = ["µs"] + [f"{name} {p}" for name in results.names for p in PERCENTILES] + [f"p50 {redis} ÷ {ours}"]
    rows, lines = [], []
    for cell in CELLS:
        row = [cell.name]
        for name in results.names:
            row += [with_spread(results.sample(cell, name, "latency_us", p)) for p in PERCENTILES]
        row.append(ratio_with_spread(results.ratio(cell, redis, ours, "latency_us", "p50")))
        rows.append(row)
        medians = [results.sample(cell, name, "latency_us", p).median for name in results.names for p in PERCENTILES]
        lines.append(f"{cell.name:6}" + "".join(f"{median:16.1f}" for median in medians))
    report.section("Latency", "Median of the rounds (lowest–highest), microseconds.", table(head, rows))
    for cell in CELLS:
        series = [(name, [(p, results.sample(cell, name, "latency_us", p)) for p in (*sections.PERCENTILES, "max")])
                  for name in results.names]
        title = f"{cell.name}, one request at a time"
        report.picture(cell.name.lower(), title, percentile_lines(title, "µs, log scale", series))
    path = report.write()
    print(f"{'µs':6}" + "".join(f"{name:^48}" for name in results.names))
    print(f"{'':6}" + "".join(f"{p:>16}" for _ in results.names for p in PERCENTILES))
    print("\n".join(lines))
    print(f"\nreport: {path}")

# SPDX-License-Identifier: MIT
"""Our load generator beside redis-benchmark: the same requests, on the same redis-server, in turn.

They must agree where the server is the bottleneck, that is in the rounds where it is busy under both. Where
redis-benchmark itself is the limit (often without a pipeline), only the server's CPU per request can be compared."""
import os
import shutil
import subprocess
import time

from harness.load import fill, run_load
from harness.server import Server
from harness.settings import BenchError
from harness.stats import Sample, ratios
from harness.terminal import Progress

SERVER_IS_THE_LIMIT = 0.90
ALLOWED = 0.10
TESTS = {"ping": "ping_mbulk", "get": "get", "set": "set", "incr": "incr", "mset": "mset"}
# About as many requests as redis-server answers in a second.
PER_SECOND = {1: 140_000, 16: 1_200_000, 64: 1_900_000}
MSET_PER_SECOND = {1: 110_000, 16: 280_000, 64: 300_000}


def cpu_seconds(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
    except OSError as error:
        raise BenchError("calibrating needs /proc, to know when the server is the bottleneck") from error
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def redis_benchmark(settings, tool, server, workload, pipeline, requests):
    """In the form of workshop-bench's JSON, as far as it is known."""
    core = settings.load_core
    pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
    command = [tool, "-p", server.port, "-c", settings.connections, "-n", requests, "-P", pipeline,
               "-t", TESTS[workload], "-r", settings.keys, "-d", 8, "--csv"]
    cpu, start = cpu_seconds(server.pid), time.monotonic()
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          preexec_fn=pin)
    passed, cpu = time.monotonic() - start, cpu_seconds(server.pid) - cpu
    rows = [line.split('","') for line in done.stdout.splitlines() if line.startswith('"')][1:]  # the first is the head
    if done.returncode != 0 or not rows:
        raise BenchError(f"redis-benchmark failed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    return {"requests_per_second": float(rows[-1][1].strip('"')), "server_cpu_us": cpu * 1e6 / requests,
            "server_busy": cpu / passed}


def compare(settings, tool, server, workload, pipeline, progress):
    ours, theirs = [], []
    requests = int((MSET_PER_SECOND if workload == "mset" else PER_SECOND)[pipeline] * settings.seconds)
    common = ["--connections", settings.connections, "--pipeline", pipeline, "--keys", settings.keys, "--fill", "no",
              "--requests", requests]
    for number in range(settings.rounds):
        progress.step(f"round {number + 1} of {settings.rounds}: {workload} P{pipeline}")
        ours.append(run_load(settings, server.port, ["--workload", workload, *common], pid=server.pid))
        theirs.append(redis_benchmark(settings, tool, server, workload, pipeline, requests))

    def sample(results, key):
        return Sample.of([result[key] for result in results])

    # A round in which the server idled, whoever was to blame, says nothing about the generators.
    pairs = [(a, b) for a, b in zip(ours, theirs)
             if min(a["server_busy"], b["server_busy"]) >= SERVER_IS_THE_LIMIT]
    limited = ratios(*[[r["requests_per_second"] for r in side] for side in zip(*pairs)]) if pairs else None
    ratio = limited or ratios([r["requests_per_second"] for r in ours], [r["requests_per_second"] for r in theirs])
    verdict = "not the server's limit"
    if limited:
        agrees = abs(limited.median - 1) <= ALLOWED
        verdict = f"{'agrees' if agrees else 'DIFFERS'} ({len(pairs)} of {settings.rounds} rounds)"
    columns = [f"{workload} P{pipeline}"]
    for results in (ours, theirs):
        columns += [f"{sample(results, 'requests_per_second').median:,.0f}",
                    f"{sample(results, 'server_busy').median:.0%}", f"{sample(results, 'server_cpu_us').median:.2f}"]
    columns += [f"{ratio.median:.3f} ({ratio.low:.2f}–{ratio.high:.2f})", verdict]
    return verdict, columns


def run(settings):
    tool = shutil.which("redis-benchmark")
    if tool is None:
        raise BenchError("redis-benchmark was not found; it comes with the package redis-tools")
    cells = [(workload, pipeline) for pipeline in (1, 16, 64) for workload in TESTS
             if settings.only in f"{workload} P{pipeline}"]
    form = "{:10} {:>12} {:>5} {:>6}   {:>12} {:>5} {:>6}   {:18} {}"
    rows = []
    with Server(settings, "redis-server", settings.redis) as server:
        progress = Progress(len(cells) * settings.rounds)
        fill(settings, server)
        for workload, pipeline in cells:
            rows.append(compare(settings, tool, server, workload, pipeline, progress))
        progress.end()
        version = server.version
    print(f"redis-server {version}, {settings.connections} connections, {settings.rounds} rounds; medians. "
          "busy: the server's share of its core; µs: its CPU per request")
    print(form.format("", "ours req/s", "busy", "µs", "r-b req/s", "busy", "µs", "ours ÷ r-b", ""))
    for _, columns in rows:
        print(form.format(*columns))
    verdicts = [verdict.split(" ")[0] for verdict, _ in rows]
    print(f"\nwhere the server is the limit: {verdicts.count('agrees')} agree within {ALLOWED:.0%}, "
          f"{verdicts.count('DIFFERS')} differ")
    if "DIFFERS" in verdicts:
        raise BenchError("the load generators disagree (is the machine quiet? --rounds 9 takes longer medians)")

# SPDX-License-Identifier: MIT
"""Runs workshop-bench and returns its JSON."""
import json
import os
import subprocess

from harness.settings import BenchError


def run_load(settings, port, arguments, pid=None, allow_errors=False):
    """One run of the load generator on its core. Raises BenchError when it fails or the server answered errors."""
    command = [str(settings.tool), "--json", "--port", str(port), *map(str, arguments)]
    if pid:
        command += ["--pid", str(pid)]
    core = settings.load_core
    pin = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, preexec_fn=pin)
    if done.returncode != 0:
        raise BenchError(done.stderr.strip() or f"workshop-bench ended with status {done.returncode}")
    result = json.loads(done.stdout)
    if result["errors"] and not allow_errors:
        raise BenchError(f"{result['errors']} of {result['requests']} requests of '{result['workload']}' failed, "
                         f"the first with: {result['first_error']}")
    return result


def fill(settings, server, value_size=8):
    """Every key that the workloads use exists: `key:` ones with values, `ctr:` ones with numbers."""
    sequential = ["--keys", settings.keys, "--requests", settings.keys, "--order", "sequential", "--pipeline", 64]
    run_load(settings, server.port, ["--workload", "set", "--value-size", value_size, *sequential])
    run_load(settings, server.port, ["--workload", "incr", *sequential])

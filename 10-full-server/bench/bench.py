#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The workshop's benchmark: our servers beside redis-server, measured by workshop-bench.

  bench.py                 the capstone: 10-full-server and redis-server in turn -> bench/report.md
  bench.py --stage 03      stage 03 beside stage 02 and redis-server             -> bench/stage-03.md
  bench.py --classic       one connection, one request at a time, against port 6379 -> bench/classic.md
  bench.py --calibrate     our load generator beside redis-benchmark, on one redis-server

Add --quick (or QUICK=1) for a run of less than 2 minutes; CLASSIC=1 is --classic.
"""
import argparse
import os
import signal
import sys
from pathlib import Path

from harness import calibrate, capstone, classic, stage
from harness.settings import BenchError, Settings

ROOT = Path(__file__).resolve().parents[2]


def parse_arguments(arguments, environment):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--stage", metavar="NN", help="measure one stage beside the stage before")
    mode.add_argument("--classic", action="store_true", help="sequential percentiles against port 6379")
    mode.add_argument("--calibrate", action="store_true", help="compare workshop-bench with redis-benchmark")
    parser.add_argument("--quick", action="store_true", help="ends within 2 minutes; a wider spread")
    parser.add_argument("--rounds", type=int, help="A B A B …, how often (5; quick 3)")
    parser.add_argument("--seconds", type=float, help="of each single measurement")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--keys", type=int, default=100_000, help="key range, filled before (100000)")
    parser.add_argument("--memory-keys", type=int, help="keys for the bytes per key (1000000; quick 200000)")
    parser.add_argument("--only", default="", help="only the cells whose name contains this, such as 'GET' or 'P16'")
    parser.add_argument("--redis", default="redis-server", help="the redis-server to compare with")
    parser.add_argument("--bin-dir", type=Path, default=ROOT / "build" / "bin")
    parser.add_argument("--out", type=Path, default=ROOT / "bench", help="folder of reports and pictures")
    parsed = parser.parse_args(arguments)
    parsed.quick = parsed.quick or environment.get("QUICK") == "1"
    if not parsed.stage and not parsed.calibrate:
        parsed.classic = parsed.classic or environment.get("CLASSIC") == "1"
    return parsed


def main():
    parsed = parse_arguments(sys.argv[1:], os.environ)
    # A terminated run ends its servers too: SystemExit unwinds through their `with` blocks.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        settings = Settings.from_arguments(parsed, ROOT)
        if parsed.calibrate:
            calibrate.run(settings)
        elif parsed.classic:
            classic.run(settings)
        elif parsed.stage:
            stage.run(settings, parsed.stage)
        else:
            capstone.run(settings)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit("\nbench: stopped; nothing was written")


if __name__ == "__main__":
    main()

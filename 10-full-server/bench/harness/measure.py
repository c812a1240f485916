# SPDX-License-Identifier: MIT
"""Cells (what is asked, how deep the pipeline), measured on several servers in turn."""
from dataclasses import dataclass, field

from harness.load import run_load
from harness.stats import Sample, ratios

GENERATOR_LIMIT = 0.95  # above this share of its core, the load generator may be what limits
SERVER_LIMIT = 0.90


@dataclass(frozen=True)
class Cell:
    """`arguments` are workshop-bench's; `by_server` replaces them for the named servers, None leaves one out."""
    name: str
    pipeline: int
    arguments: tuple
    by_server: dict = field(default_factory=dict, hash=False, compare=False)

    @property
    def label(self):
        return f"{self.name} P{self.pipeline}"

    def arguments_for(self, server_name):
        return self.by_server.get(server_name, self.arguments)


class Results:
    """The JSON objects of all rounds by (cell, server name)."""

    def __init__(self, names):
        self.names = names
        self._rounds = {}

    def add(self, cell, name, result):
        self._rounds.setdefault((cell, name), []).append(result)

    def values(self, cell, name, *path):
        """One figure of every round, such as ("latency_us", "p99")."""
        found = []
        for result in self._rounds.get((cell, name), []):
            for key in path:
                result = result[key]
            found.append(result)
        return found

    def sample(self, cell, name, *path):
        return Sample.of(self.values(cell, name, *path))

    def ratio(self, cell, name, other, *path):
        return ratios(self.values(cell, name, *path), self.values(cell, other, *path))

    def mark(self, cell, name):
        """A dagger where the requests per second are not the server's own limit; empty where they are."""
        server = self.sample(cell, name, "server_busy")
        generator = self.sample(cell, name, "generator_busy")
        if server is None or server.median >= SERVER_LIMIT:
            return ""
        return " †" if generator.median > GENERATOR_LIMIT else " ‡"

    def hits(self):
        """The share of reads that found their key, over all cells and rounds; None when nothing was read."""
        reads = [result for results in self._rounds.values() for result in results if result["hits"] is not None]
        asked = sum(result["requests"] for result in reads)
        return sum(result["hits"] for result in reads) / asked if asked else None


def count_runs(cells, servers, rounds):
    return rounds * sum(cell.arguments_for(server.name) is not None for cell in cells for server in servers)


def measure(settings, cells, servers, progress, seconds=None):
    """A B A B …: in every round, each cell is measured on all the servers, one right after the other."""
    results = Results([server.name for server in servers])
    common = ["--connections", settings.connections, "--keys", settings.keys, "--fill", "no",
              "--seconds", seconds or settings.seconds]
    for number in range(settings.rounds):
        for cell in cells:
            for server in servers:
                arguments = cell.arguments_for(server.name)
                if arguments is None:
                    continue
                progress.step(f"round {number + 1} of {settings.rounds}: {cell.label} on {server.name}")
                every = ["--pipeline", cell.pipeline, "--seed", number + 1, *common, *arguments]
                results.add(cell, server.name, run_load(settings, server.port, every, pid=server.pid))
    return results

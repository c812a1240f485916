# SPDX-License-Identifier: MIT
"""The differential fuzzer: the same random commands to a redis-server and to ours.

A round begins with empty databases and ends with a look at all of them. A disagreement is made as short as possible by
leaving out what does not matter, and printed as a session that anybody can type.
"""
from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from workshop.differ.families import FAMILIES, OTHERWISE_BEFORE_7_2, SINCE_7_2, WITHIN_TRANSACTIONS
from workshop.differ.grammar import Template, Values, spoil
from workshop.differ.replies import agree, split
from workshop.project import Failure
from workshop.servers import end_group, free_port

ROUND = 2000          # commands between two empty data sets
BATCH = 100           # commands in one write
SHRINK_SECONDS = 60.0
TIMEOUT = 30.0


# Where one encoding becomes another; the usual limit first.
LIMITS = {b"list-max-listpack-size": (b"-2", b"4", b"1", b"-1", b"64", b"-5"),
          b"hash-max-listpack-entries": (b"128", b"6", b"0", b"2"), b"hash-max-listpack-value": (b"64", b"3", b"8"),
          b"set-max-intset-entries": (b"512", b"6", b"0", b"2"), b"set-max-listpack-entries": (b"128", b"8", b"0", b"2"),
          b"set-max-listpack-value": (b"64", b"2", b"8"), b"zset-max-listpack-entries": (b"128", b"6", b"0", b"2"),
          b"zset-max-listpack-value": (b"64", b"2", b"8"), b"stream-node-max-entries": (b"100", b"4", b"1", b"0"),
          b"stream-node-max-bytes": (b"4096", b"64", b"0"), b"hll-sparse-max-bytes": (b"3000", b"0", b"30", b"300")}
USUAL_SHARE = 0.4     # of rounds with the usual limits
TRANSACTIONS = 0.02
NEW_LIMITS = 0.002    # of commands before which they change: what is there keeps its encoding until it is written to


class Disagreement(Exception):
    def __init__(self, words, ours: bytes, theirs: bytes, index: int):
        super().__init__("the replies differ")
        self.words, self.ours, self.theirs, self.index = words, ours, theirs, index


class Peer:
    """One of the two servers: a process and a connection."""

    def __init__(self, binary: str, flags: list[str]):
        self.binary, self.port = binary, free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="workshop-differ-"))
        with open(self.directory / "log", "wb") as log:
            self._process = subprocess.Popen(
                [binary, "--port", str(self.port), "--dir", str(self.directory), "--save", "", *flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self._socket = self._connect()
        self._token = 0

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + 10
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = (self.directory / "log").read_text(errors="replace")[-2000:]
                    raise Failure(f"{self.binary} does not start:\n{said}") from None
                time.sleep(0.05)

    def close(self) -> None:
        self._socket.close()
        end_group(self._process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def send(self, requests: list[list[bytes]]) -> None:
        self._token += 1
        parts = []
        for words in [*requests, [b"ECHO", b"end %d" % self._token]]:
            parts.append(b"*%d\r\n" % len(words))
            parts.extend(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        self._socket.sendall(b"".join(parts))

    def receive(self) -> bytes:
        """Everything up to the end mark, without it."""
        token = b"end %d" % self._token
        mark = b"$%d\r\n%s\r\n" % (len(token), token)
        data = bytearray()
        while not data.endswith(mark):
            piece = self._socket.recv(1 << 20)
            if not piece:
                log = (self.directory / "log").read_text(errors="replace")[-3000:]
                raise Failure(f"{self.binary} closed the connection. Its log:\n{log}")
            data += piece
        return bytes(data[:-len(mark)])

    def run(self, *words: bytes):
        self.send([list(words)])
        return split(self.receive(), 1)[0][0]

    def version(self) -> tuple[int, ...]:
        for line in self.run(b"INFO", b"server").split(b"\r\n"):
            if line.startswith(b"redis_version:"):
                return tuple(int(part) for part in line[14:].split(b"."))
        return (0,)


class Fuzzer:
    def __init__(self, ours: Peer, theirs: Peer, seed: int, families: list[str] | None = None):
        self.ours, self.theirs, self.seed = ours, theirs, seed
        self.modern = theirs.version() >= (7, 2)
        self.commands = 0
        families = families or list(FAMILIES)
        self._templates, self._weights = self._choose(families)
        self._waiting = [Template(line, name) for name in families for line in WITHIN_TRANSACTIONS.get(name, "").strip().splitlines()]

    def _choose(self, families):
        templates, weights = [], []
        for name in families:
            text, weight = FAMILIES[name]
            lines = [line for line in text.strip().splitlines() if self.modern or not self._is_new(line)]
            templates += [Template(line, name) for line in lines]
            weights += [weight / len(lines)] * len(lines)
        return templates, weights

    @staticmethod
    def _is_new(line: str) -> bool:
        return line in SINCE_7_2 or line.startswith(OTHERWISE_BEFORE_7_2)

    def run(self, count: int, said=print) -> None:
        started, number = time.monotonic(), 0
        while self.commands < count:
            number += 1
            self.round(random.Random(f"{self.seed}/{number}"), min(ROUND, count - self.commands))
            if number % 50 == 0:
                said(f"{self.commands} commands, no disagreement ({time.monotonic() - started:.0f} s)")

    def round(self, source: random.Random, count: int) -> None:
        prologue = self._prologue(source)
        blocks = prologue + self._blocks(source, count)
        found = self._fails(blocks)
        if found:
            raise Failure(self._explain(blocks, found))
        self.commands += sum(map(len, blocks))

    def _prologue(self, source):
        """As blocks: empty databases, one of the two protocols, more often than not small limits, so that every encoding is met."""
        first = [[b"HELLO", source.choice([b"2", b"3"])], [b"SELECT", b"0"], [b"FLUSHALL"], self._limits(source, USUAL_SHARE)]
        return [[words] for words in first]

    def _limits(self, source, usual_share: float) -> list[bytes]:
        """CONFIG SET of them all: the usual ones, or each by itself."""
        usual = source.random() < usual_share
        words = [b"CONFIG", b"SET"]
        for name, choices in LIMITS.items():
            if self.modern or not name.startswith(b"set-max-listpack"):
                words += [name, choices[0] if usual else source.choice(choices)]
        return words

    def _blocks(self, source, count):
        """Commands, each by itself or a few within a transaction: what must stay together."""
        values, blocks = Values(source), []
        while len(blocks) < count:
            if source.random() < NEW_LIMITS:
                blocks.append([self._limits(source, USUAL_SHARE)])
            template = source.choices(self._templates, self._weights)[0]
            block = [spoil(template.make(values), source)]
            if source.random() < TRANSACTIONS:
                more = source.choices(self._templates, self._weights, k=3) + source.sample(self._waiting, min(2, len(self._waiting)))
                block = [[b"MULTI"], *block, *(each.make(values) for each in more), [b"EXEC"]]
            blocks.append(block)
        return blocks

    def _compare(self, blocks) -> None:
        for first in range(0, len(blocks), BATCH):
            batch = [(words, at) for at, block in enumerate(blocks[first:first + BATCH], first) for words in block]
            for peer in (self.ours, self.theirs):
                peer.send([words for words, _ in batch])
            ours, theirs = self.ours.receive(), self.theirs.receive()
            if ours == theirs:
                continue
            pairs = zip(batch, split(ours, len(batch)), split(theirs, len(batch)))
            queued = []
            for (words, at), (our, our_bytes), (their, their_bytes) in pairs:
                queued = [] if words[0] == b"MULTI" else queued
                if words[0] != b"HELLO" and not self._same(words, our, their, queued):
                    raise Disagreement(words, our_bytes, their_bytes, at)
                if our == b"QUEUED":
                    queued.append(words)

    def _same(self, words, our, their, queued) -> bool:
        if words[0] == b"EXEC" and isinstance(our, list) and isinstance(their, list) and len(our) == len(queued):
            return len(our) == len(their) and all(map(self._same, queued, our, their, [[]] * len(queued)))
        return agree(words, our, their, self.modern)

    def _compare_data(self) -> None:
        if not self.modern:
            return
        for words in ([b"DEBUG", b"DIGEST"], [b"DEBUG", b"RELOAD"], [b"DEBUG", b"DIGEST"]):
            ours, theirs = self.ours.run(*words), self.theirs.run(*words)
            if ours != theirs:
                raise Disagreement(words, repr(ours).encode(), repr(theirs).encode(), ROUND)

    def _fails(self, blocks) -> Disagreement | None:
        try:
            self._compare(blocks)
            self._compare_data()
        except Disagreement as found:
            return found
        return None

    def _shrink(self, blocks, found):
        """Leaves out ever smaller pieces as long as the servers still disagree."""
        kept = blocks[:found.index + 1]
        if not self._fails(kept):
            return blocks
        deadline, size = time.monotonic() + SHRINK_SECONDS, max(len(kept) // 2, 1)
        while time.monotonic() < deadline:
            at, shorter = 4, False
            while at < len(kept) and time.monotonic() < deadline:
                tried = kept[:at] + kept[at + size:]
                if self._fails(tried):
                    kept, shorter = tried, True
                else:
                    at += size
            if size == 1 and not shorter:
                break
            size = max(size // 2, 1)
        return kept

    def _explain(self, blocks, found) -> str:
        kept = self._shrink(blocks, found)
        last = self._fails(kept) or found
        session = "\n".join("  " + " ".join(_quoted(word) for word in words) for block in kept[-40:] for words in block)
        return (f"The two servers disagree (seed {self.seed}, after {self.commands} commands):\n{session}\n"
                f"at:     {' '.join(_quoted(word) for word in last.words)}\nours:   {last.ours!r}\ntheirs: {last.theirs!r}")


def _quoted(word: bytes) -> str:
    text = word.decode("latin-1")
    if text and all(" " < each <= "~" and each not in "\"'\\" for each in text):
        return text
    return '"' + "".join(each if " " <= each <= "~" and each not in '"\\' else f"\\x{ord(each):02x}" for each in text) + '"'


def compare(our_binary: str, their_binary: str, count: int, seed: int, said=print, families=None) -> int:
    """Runs so many commands on both; the number that was run. A Failure tells of a disagreement."""
    debug = ["--enable-debug-command", "yes"]
    theirs = Peer(their_binary, debug)
    try:
        ours = Peer(our_binary, debug)
        try:
            fuzzer = Fuzzer(ours, theirs, seed, families)
            said(f"ours against {their_binary} {'.'.join(map(str, theirs.version()))}, seed {seed}")
            fuzzer.run(count, said)
            return fuzzer.commands
        finally:
            ours.close()
    finally:
        theirs.close()


def fuzz_diff(project) -> int:
    """`make fuzz-diff COUNT=… [REDIS=PATH] [SEED=n] [FAMILIES='lists,sorted sets']`"""
    from workshop import builder
    count = int(os.environ.get("COUNT") or 100000)
    seed = int(os.environ.get("SEED") or time.time())
    redis = os.environ.get("REDIS") or shutil.which("redis-server")
    if not redis:
        raise Failure("no redis-server is installed; REDIS=PATH names one")
    ours = builder.release_server(project, project.stage("10"))
    families = [name.strip() for name in (os.environ.get("FAMILIES") or "").split(",") if name.strip()]
    if unknown := [name for name in families if name not in FAMILIES]:
        raise Failure(f"no such family: {', '.join(unknown)}; there are: {', '.join(FAMILIES)}")
    started = time.monotonic()
    done = compare(str(ours), redis, count, seed, families=families)
    print(f"{done} commands, no disagreement, {time.monotonic() - started:.0f} s")
    return 0

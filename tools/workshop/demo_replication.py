# SPDX-License-Identifier: MIT
"""`make demo-replication`: a master, a replica, a cable that is cut and mended, told step by step."""
from __future__ import annotations

import hashlib
import time

from workshop import builder
from workshop.project import Failure, paint, say
from workshop.servers import Server, ServerError
from workshop.wire import Connection, Proxy, ReplyError

KEYS = 1000
PATIENCE = 10.0  # seconds until a step that does not come true fails the demonstration


def demo_replication(project):
    return tell(builder.release_server(project, project.stage("08")))


def tell(executable):
    """The whole story with this server; a Failure says which step did not come true."""
    started = time.monotonic()
    try:
        with Server(executable) as master, Server(executable) as replica:
            cable = Proxy(master.port)
            try:
                with Connection(master.port) as to_master, Connection(replica.port) as to_replica:
                    _steps(master.port, replica.port, cable, to_master, to_replica)
            finally:
                cable.close()
    except ServerError as error:
        raise Failure(str(error)) from None
    say(paint(f"done in {time.monotonic() - started:.1f} s", "bold"))
    return 0


def _steps(master_port, replica_port, cable, master, replica):
    _step(f"A master on port {master_port} has {KEYS} keys; a replica on port {replica_port} has none.")
    _fill(master, "before", KEYS)
    _show(master, replica)

    _step(f"REPLICAOF: the replica asks for everything. (It calls port {cable.port}, a cable that we can cut.)")
    replica.run("REPLICAOF", "127.0.0.1", cable.port)
    _until("the replica is up", lambda: replica.info("replication").get("master_link_status") == "up")
    _until("both hold the same", lambda: _equal(master, replica))
    _show(master, replica)
    _say_syncs(master)

    _step("A write to the master is on the replica a moment later; a write to the replica is refused.")
    master.run("SET", "city", "Turin")
    _until("the write arrives", lambda: replica.run("GET", "city") == "Turin")
    say(f"   replica> GET city   {replica.run('GET', 'city')!r}")
    replica.send("SET", "city", "Milan")
    say(f"   replica> SET city Milan   {_error(replica)}")

    _step("Cut. The master does not wait: it writes on, and remembers the stream in its backlog.")
    cable.cut()
    _until("the replica notices", lambda: replica.info("replication").get("master_link_status") == "down")
    _fill(master, "during", KEYS)
    _show(master, replica)
    if _equal(master, replica):
        raise Failure("the replica has what was written behind its back: the cable was not cut")

    before = cable.passed
    _step("Healed. The replica says where it stopped, and hears only what it missed.")
    cable.heal()
    _until("the replica is up again", lambda: replica.info("replication").get("master_link_status") == "up")
    _until("both hold the same", lambda: _equal(master, replica))
    _show(master, replica)
    say(f"   {cable.passed - before:,} bytes went through the cable")
    _say_syncs(master)
    if int(master.info("stats").get("sync_partial_ok", 0)) < 1:
        raise Failure("the replica started over instead of going on: no partial resynchronisation was counted")


def _step(text):
    say()
    say(paint(text, "bold"))


def _fill(connection, prefix, count):
    for number in range(count):
        connection.send("SET", f"{prefix}:{number}", f"value {number} of {prefix}")
    for _ in range(count):
        connection.receive()


def _digest(connection):
    """A fingerprint of all keys and values, in an order that does not depend on the server."""
    names = sorted(connection.run("KEYS", "*"))
    values = connection.run("MGET", *names) if names else []
    return len(names), hashlib.sha1(repr(list(zip(names, values))).encode()).hexdigest()[:12]


def _equal(master, replica):
    return _digest(master) == _digest(replica)


def _show(master, replica):
    for name, connection in (("master ", master), ("replica", replica)):
        keys, digest = _digest(connection)
        replication = connection.info("replication")
        offset = replication.get("slave_repl_offset", replication.get("master_repl_offset"))
        link = replication.get("master_link_status")
        say(f"   {name} {keys:5} keys   digest {digest}   offset {offset}" + (f"   link {link}" if link else ""))


def _say_syncs(master):
    stats = master.info("stats")
    say(f"   master counts: full synchronisations {stats.get('sync_full')}, partial ones {stats.get('sync_partial_ok')}")


def _error(connection):
    try:
        return repr(connection.receive())
    except ReplyError as error:
        return str(error)


def _until(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise Failure(f"waited {PATIENCE:.0f} s in vain: {what}")
        time.sleep(0.02)

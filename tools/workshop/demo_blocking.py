# SPDX-License-Identifier: MIT
"""`make demo-blocking`: workers wait for jobs, one of them hangs up, no job is lost; told step by step."""
from __future__ import annotations

import time

from workshop import builder
from workshop.project import Failure, paint, say
from workshop.servers import Server, ServerError
from workshop.wire import Connection

PATIENCE = 10.0  # seconds until a step that does not come true fails the demonstration
ROUNDS = 100


def demo_blocking(project):
    return tell(builder.release_server(project, project.stage("10")))


def tell(executable):
    """The whole story with this server; a Failure says which step did not come true."""
    started = time.monotonic()
    try:
        with Server(executable) as server, Connection(server.port) as producer:
            _who_hangs_up(server.port, producer)
            _to_the_last_moment(server.port, producer)
    except (ServerError, OSError) as error:
        raise Failure(str(error)) from None
    say(paint(f"done in {time.monotonic() - started:.1f} s", "bold"))
    return 0


def _who_hangs_up(port, producer):
    _step("Three workers wait for a job: BLPOP jobs 0. Nobody polls; no answer is on its way.")
    anna, ben, cleo = (_worker(port, producer, number) for number in (1, 2, 3))
    _show(producer)

    _step("Anna, who came first, hangs up. She leaves the queue at once, not when a job comes.")
    anna.close()
    _until("the server has noticed", lambda: _waiting(producer) == 2)
    _show(producer)

    _step("RPUSH jobs letter: the job goes to Ben, who is there. Had it been Anna's, it would be gone.")
    producer.run("RPUSH", "jobs", "letter")
    _expect(ben, "Ben", "letter")
    _show(producer)

    _step("RPUSH jobs parcel stamp: one for Cleo, who waits; the other stays in the list.")
    producer.run("RPUSH", "jobs", "parcel", "stamp")
    _expect(cleo, "Cleo", "parcel")
    _show(producer)
    if producer.run("LRANGE", "jobs", 0, -1) != ["stamp"]:
        raise Failure("the list does not hold exactly what nobody has taken")
    producer.run("DEL", "jobs")
    ben.close()
    cleo.close()


def _to_the_last_moment(port, producer):
    _step(f"{ROUNDS} times: two wait, the first hangs up, and right behind it a job is pushed.")
    for number in range(ROUNDS):
        _until("nobody waits", lambda: _waiting(producer) == 0)
        first, second = _worker(port, producer, 1), _worker(port, producer, 2)
        first.close()
        producer.run("RPUSH", "jobs", number)
        if second.receive() != ["jobs", str(number)]:
            raise Failure(f"job {number} did not reach the one who was there")
        second.close()
    _show(producer)
    say(f"   {ROUNDS} jobs, {ROUNDS} received by the one who was there")


def _worker(port, producer, waiting):
    """A connection that waits, once the server counts so many."""
    worker = Connection(port)
    worker.send("BLPOP", "jobs", 0)
    _until(f"{waiting} wait", lambda: _waiting(producer) == waiting)
    return worker


def _waiting(producer):
    return int(producer.info("clients")["blocked_clients"])


def _expect(worker, name, job):
    received = worker.receive()
    say(f"   {name} receives   {received}")
    if received != ["jobs", job]:
        raise Failure(f"{name} should have received the {job}")


def _show(producer):
    say(f"   blocked_clients {_waiting(producer)}   LRANGE jobs 0 -1   {producer.run('LRANGE', 'jobs', 0, -1)}")


def _step(text):
    say()
    say(paint(text, "bold"))


def _until(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise Failure(f"waited {PATIENCE:.0f} s in vain: {what}")
        time.sleep(0.002)

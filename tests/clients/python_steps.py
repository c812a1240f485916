# SPDX-License-Identifier: MIT
"""What the Python scripts of this folder share: the server on $HOST:$PORT, and steps that each begin on an empty one."""

import os
import sys
import threading
import time

try:
    import redis
except ImportError:
    print("the Python package redis (Debian: python3-redis) is not installed")
    sys.exit(77)

ADDRESS = {"host": os.environ.get("HOST", "127.0.0.1"), "port": int(os.environ["PORT"]), "socket_timeout": 20}


def raises(kind, text, call):
    try:
        call()
    except kind as error:
        assert text in str(error), f"{error!r} does not say {text!r}"
        return
    raise AssertionError(f"no {kind.__name__}")


def wait_until(holds, seconds=10):
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "what was waited for did not happen"
        time.sleep(0.005)


class Waiting:
    """A call that blocks, on a connection of its own; `with` goes on once the server has it among the blocked ones."""

    def __init__(self, r, call):
        self._r, self._call, self._result, self._error = r, call, None, None
        self.client = redis.Redis(**ADDRESS, single_connection_client=True)
        self.id = self.client.client_id()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            self._result = self._call(self.client)
        except redis.RedisError as error:
            self._error = error

    def __enter__(self):
        blocked = self._r.info("clients")["blocked_clients"]
        self._thread.start()
        wait_until(lambda: self._r.info("clients")["blocked_clients"] > blocked)
        return self

    def __exit__(self, *_):
        self._thread.join(20)
        self.client.close()

    def result(self):
        self._thread.join(20)
        if self._error:
            raise self._error
        return self._result


def run(*steps):
    r = redis.Redis(**ADDRESS)
    for step in steps:
        r.flushall()
        try:
            step(r)
        except Exception:
            print(f"in {step.__name__}:")
            raise
    r.flushall()
    print(f"redis-py {redis.__version__}: {', '.join(step.__name__ for step in steps)}")

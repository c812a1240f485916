#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Python client (redis-py) against the server on $HOST:$PORT: what an application does every day."""

import os
import threading
import time

from python_steps import ADDRESS, raises, redis, run, wait_until


def strings(r):
    assert r.set("a", "1") is True
    assert r.get("a") == b"1"
    assert r.get("missing") is None
    assert r.set("a", "2", nx=True) is None
    assert r.set("a", "2", xx=True, get=True) == b"1"
    assert r.incr("n") == 1 and r.incrby("n", 10) == 11 and r.decr("n", 2) == 9
    assert r.incrbyfloat("f", 0.5) == 0.5
    assert r.append("a", "xyz") == 4 and r.strlen("a") == 4
    assert r.getrange("a", 1, 2) == b"xy" and r.setrange("a", 1, "ZZ") == 4
    assert r.mset({"m1": "1", "m2": "2"}) and r.mget("m1", "missing", "m2") == [b"1", None, b"2"]
    assert r.msetnx({"m1": "9", "m3": "9"}) is False
    assert r.getdel("m1") == b"1" and r.exists("m1", "m2", "m2") == 2
    assert r.lcs("a", "a", len=True) == 4
    raises(redis.ResponseError, "not an integer", lambda: r.incr("a"))
    raises(redis.ResponseError, "unknown command", lambda: r.execute_command("NOSUCH", "x"))


def binary_and_large(r):
    every_byte = bytes(range(256))
    r.set(every_byte, every_byte + b"\r\n$5\r\n")
    assert r.get(every_byte) == every_byte + b"\r\n$5\r\n"
    large = os.urandom(1024 * 1024)
    r.set("large", large)
    assert r.get("large") == large
    assert r.append("large", b"!") == len(large) + 1
    assert r.getrange("large", -2, -1) == large[-1:] + b"!"
    assert r.mget(["large"] * 8) == [large + b"!"] * 8


def expiry(r):
    r.set("e", "v", ex=100)
    assert 98 <= r.ttl("e") <= 100 and 98000 <= r.pttl("e") <= 100000
    assert r.persist("e") and r.ttl("e") == -1 and r.ttl("missing") == -2
    assert r.pexpire("e", 30)
    wait_until(lambda: not r.exists("e"))
    assert r.get("e") is None
    r.setex("e", 50, "w")
    assert r.getex("e", persist=True) == b"w" and r.ttl("e") == -1
    assert r.expireat("e", int(time.time()) + 1000) and r.expire("e", 10, nx=True) == 0
    raises(redis.ResponseError, "invalid expire time", lambda: r.set("e", "v", ex=0))


def keys(r):
    r.mset({f"k{i}": i for i in range(1000)})
    assert sorted(r.scan_iter("k*", count=50)) == sorted(b"k%d" % i for i in range(1000))
    assert len(r.keys("k1?")) == 10 and r.randomkey() is not None
    assert r.type("k1") == b"string" and r.object("encoding", "k1") == b"int"
    assert r.rename("k1", "renamed") and r.copy("renamed", "copied") and r.get("copied") == b"1"
    assert r.delete("k2", "k3", "k2") == 2 and r.unlink("k4") == 1 and r.touch("k5", "k6") == 2
    raises(redis.ResponseError, "no such key", lambda: r.rename("missing", "x"))


def pipelines(r):
    pipe = r.pipeline(transaction=False)
    for i in range(5000):
        pipe.set(f"p{i}", i).get(f"p{i}")
    replies = pipe.execute()
    assert replies[0::2] == [True] * 5000 and replies[1::2] == [b"%d" % i for i in range(5000)]
    pipe.set("text", "x").incr("text").get("text")
    replies = pipe.execute(raise_on_error=False)
    assert replies[0] is True and isinstance(replies[1], redis.ResponseError) and replies[2] == b"x"


def server(r):
    info = r.info()
    assert info["redis_version"].startswith("7.") and info["tcp_port"] == ADDRESS["port"]
    assert info["connected_clients"] >= 1 and info["used_memory"] > 0
    r.set("one", "1")
    assert r.info("keyspace")["db0"]["keys"] == r.dbsize()
    assert r.config_get("maxclients")["maxclients"].isdigit()
    assert r.config_set("hz", 20) and r.config_get("hz") == {"hz": "20"} and r.config_set("hz", 10)
    raises(redis.ResponseError, "Unknown option", lambda: r.config_set("nosuch", 1))
    assert r.config_resetstat() and abs(r.time()[0] - time.time()) < 5
    commands = r.command()
    assert commands["get"]["first_key_pos"] == 1 and "readonly" in commands["get"]["flags"]
    assert r.command_getkeys("MSET", "a", "1", "b", "2") == ["a", "b"]
    assert r.command_count() == len(commands)
    assert r.ping() and r.echo("hi") == b"hi"


def clients(r):
    other = redis.Redis(**ADDRESS, client_name="worker", single_connection_client=True)
    assert other.client_getname() == "worker"
    listed = {c["id"]: c for c in r.client_list()}
    assert listed[str(other.client_id())]["name"] == "worker"
    assert other.client_info()["name"] == "worker" and other.client_no_evict("ON")
    number = other.client_id()
    assert r.client_kill_filter(_id=number) == 1
    assert str(number) not in {c["id"] for c in r.client_list()}
    raises(redis.ResponseError, "No such client", lambda: r.client_kill("127.0.0.1:1"))
    other.close()


def databases(r):
    other = redis.Redis(**ADDRESS, db=3)
    other.flushdb()
    r.set("mine", "0")
    assert r.move("mine", 3) and other.get("mine") == b"0" and r.get("mine") is None
    assert r.swapdb(0, 3) and r.get("mine") == b"0" and r.swapdb(0, 3)
    assert other.flushdb() and other.dbsize() == 0


def threads(r):
    """Many connections at once count to the right number."""
    pool = redis.ConnectionPool(**ADDRESS)

    def count():
        mine = redis.Redis(connection_pool=pool)
        for _ in range(500):
            mine.incr("shared")

    workers = [threading.Thread(target=count) for _ in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert r.get("shared") == b"8000"
    pool.disconnect()


def publish_subscribe(r):
    listener = r.pubsub()
    listener.subscribe("news")
    listener.psubscribe("n?ws", "weather.*")
    confirmed = [listener.get_message(timeout=5)["data"] for _ in range(3)]
    assert confirmed == [1, 2, 3]
    assert r.publish("news", b"\x00hello\r\n") == 2 and r.publish("nobody", "x") == 0
    got = [listener.get_message(timeout=5) for _ in range(2)]
    assert [(m["type"], m["pattern"], m["channel"], m["data"]) for m in got] == [
        ("message", None, b"news", b"\x00hello\r\n"), ("pmessage", b"n?ws", b"news", b"\x00hello\r\n")]
    assert r.pubsub_channels() == [b"news"] and r.pubsub_numsub("news", "none") == [(b"news", 1), (b"none", 0)]
    assert r.pubsub_numpat() == 2
    for number in range(1000):
        r.publish("weather.turin", number)
    assert [listener.get_message(timeout=5)["data"] for _ in range(1000)] == [b"%d" % n for n in range(1000)]
    listener.ping()
    assert listener.get_message(timeout=5)["type"] == "pong"
    listener.close()
    wait_until(lambda: r.pubsub_channels() == [])


def persistence(r):
    r.set("kept", "value")
    assert r.save() is True
    saved = r.lastsave()
    assert abs(saved.timestamp() - time.time()) < 60
    assert r.bgsave() is True
    wait_until(lambda: not r.info("persistence")["rdb_bgsave_in_progress"])
    info = r.info("persistence")
    assert info["rdb_last_bgsave_status"] == "ok" and info["rdb_changes_since_last_save"] == 0
    assert info["aof_enabled"] == 0 and info["loading"] == 0


def replication(r):
    assert r.role()[0] == b"master" and r.info("replication")["role"] == "master"
    assert r.wait(0, 10) == 0 and r.wait(1, 10) == 0


def resp3(_):
    """By hand: this client's age decides whether it can do it by itself."""
    connection = redis.Connection(**ADDRESS)
    connection.connect()
    connection.send_command("HELLO", "2", "SETNAME", "by-hand")
    hello = connection.read_response()
    assert b"proto" in hello and hello[hello.index(b"proto") + 1] == 2
    connection.disconnect()


if __name__ == "__main__":
    run(strings, binary_and_large, expiry, keys, pipelines, server, clients, databases, threads, publish_subscribe,
        persistence, replication, resp3)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Python client (redis-py) against the server on $HOST:$PORT: what depends on the connection: transactions, sharded
channels, notifications, invalidation, MONITOR, pauses, and a connection that is lost."""

import threading
import time

from python_steps import ADDRESS, Waiting, raises, redis, run, wait_until


def transactions(r):
    with r.pipeline() as pipe:
        assert pipe.set("a", 1).incr("a").rpush("l", "x").lrange("l", 0, -1).execute() == [True, 2, 1, [b"x"]]
        pipe.incr("l").set("b", 1)
        replies = pipe.execute(raise_on_error=False)
        assert isinstance(replies[0], redis.ResponseError) and replies[1] is True
        pipe.execute_command("NOSUCH")
        pipe.set("b", 2)
        raises(redis.ResponseError, "unknown command", pipe.execute)
    assert r.get("b") == b"1"
    with r.pipeline() as pipe:
        pipe.watch("a")
        r.set("a", "by another")
        pipe.multi()
        pipe.set("a", "mine")
        raises(redis.WatchError, "Watched variable changed", pipe.execute)
        pipe.watch("a", "l")
        assert pipe.get("a") == b"by another"
        r.set("unrelated", 1)
        pipe.multi()
        assert pipe.set("a", "mine").execute() == [True]
    raises(redis.ResponseError, "EXEC without MULTI", lambda: r.execute_command("EXEC"))


def counting_with_watch(r):
    """Optimistic locking: four threads, none of whose increments is lost."""
    def bump():
        own = redis.Redis(**ADDRESS)
        for _ in range(25):
            own.transaction(lambda p: (lambda value: (p.multi(), p.set("n", value + 1)))(int(p.get("n") or 0)), "n")
        own.close()

    threads = [threading.Thread(target=bump) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert r.get("n") == b"100"


def locks(r):
    """SET NX PX as a lock: one holder at a time, and it ends by itself."""
    assert r.set("lock", "me", nx=True, px=300) and r.set("lock", "you", nx=True, px=300) is None
    wait_until(lambda: r.set("lock", "you", nx=True, px=1000))
    assert r.get("lock") == b"you"


def sharded_channels(r):
    listener = r.pubsub()
    listener.execute_command("SSUBSCRIBE", "orders")
    assert listener.parse_response(timeout=5) == [b"ssubscribe", b"orders", 1]
    assert r.execute_command("SPUBLISH", "orders", "42") == 1 and r.execute_command("SPUBLISH", "none", "42") == 0
    assert listener.parse_response(timeout=5) == [b"smessage", b"orders", b"42"]
    assert r.execute_command("PUBSUB", "SHARDCHANNELS") == [b"orders"]
    assert r.execute_command("PUBSUB", "SHARDNUMSUB", "orders") == [b"orders", 1] and r.publish("orders", "x") == 0
    listener.execute_command("SUNSUBSCRIBE", "orders")
    assert listener.parse_response(timeout=5) == [b"sunsubscribe", b"orders", 0]
    listener.close()


def keyspace_notifications(r):
    r.config_set("notify-keyspace-events", "KEA")
    listener = r.pubsub(ignore_subscribe_messages=True)
    listener.psubscribe("__keyevent@0__:*", "__keyspace@0__:watched")
    listener.get_message(timeout=5), listener.get_message(timeout=5)
    r.lpush("watched", "x")
    r.set("e", "v", px=20)
    wait_until(lambda: not r.exists("e"))
    seen = [(m["channel"], m["data"]) for m in (listener.get_message(timeout=5) for _ in range(5))]
    assert seen == [(b"__keyspace@0__:watched", b"lpush"), (b"__keyevent@0__:lpush", b"watched"),
                    (b"__keyevent@0__:set", b"e"), (b"__keyevent@0__:expire", b"e"), (b"__keyevent@0__:expired", b"e")]
    r.config_set("notify-keyspace-events", "")
    listener.close()


def invalidation(r):
    """Client-side caching as RESP2 does it: what a tracked connection read is named on a channel of another one."""
    listener = redis.Redis(**ADDRESS).pubsub()
    listener.subscribe("__redis__:invalidate")
    assert listener.get_message(timeout=5)["type"] == "subscribe"
    target = next(c["id"] for c in r.client_list() if c["sub"] == "1")
    reader = redis.Redis(**ADDRESS, single_connection_client=True)
    assert reader.client_tracking_on(clientid=int(target)) == b"OK" and reader.client_getredir() == int(target)
    r.mset({"a": 1, "b": 2})
    assert reader.mget("a", "b") == [b"1", b"2"]
    r.incr("b")
    assert listener.get_message(timeout=5)["data"] == [b"b"]
    r.incr("b")
    r.flushall()
    assert listener.get_message(timeout=5)["data"] is None
    assert reader.client_trackinginfo()[0:2] == ["flags", [b"on"]]
    assert reader.client_tracking_off() == b"OK"
    listener.close()
    reader.close()


def monitoring(r):
    with r.monitor() as monitor:
        r.set("seen", "value with space")
        seen = monitor.next_command()
        assert seen["command"] == "SET seen value with space" and seen["db"] == 0 and abs(seen["time"] - time.time()) < 60


def slow_log_and_latency(r):
    assert r.config_set("slowlog-log-slower-than", 0) and r.slowlog_reset()
    r.get("slow")
    entries = r.slowlog_get(10)
    assert any(e["command"] == b"GET slow" for e in entries) and r.slowlog_len() >= 2
    assert r.config_set("slowlog-log-slower-than", 10000) and r.config_set("latency-monitor-threshold", 1)
    r.rpush("long", *range(30000))
    assert r.sort("long", alpha=True, start=0, num=1) == [b"0"]
    latest = {event: times for event, *times in r.execute_command("LATENCY", "LATEST")}
    at, last, worst = latest[b"command"]
    assert abs(at - time.time()) < 60 and 1 <= last <= worst
    assert r.config_set("latency-monitor-threshold", 0) and r.execute_command("LATENCY", "RESET") >= 1
    stats = r.memory_stats()
    assert stats["keys.count"] == r.dbsize() and stats["total.allocated"] > 0 and r.memory_purge()
    assert r.info("commandstats")["cmdstat_get"]["calls"] >= 1


def pauses(r):
    other = redis.Redis(**ADDRESS)
    assert r.client_pause(5000, all=False) and other.get("a") is None
    with Waiting(r, lambda own: own.set("a", "late")) as waiting:
        assert other.get("a") is None and r.client_unpause() and waiting.result() is True
    assert other.get("a") == b"late"
    other.close()


def reconnecting(r):
    own = redis.Redis(**ADDRESS, client_name="phoenix", db=1)
    assert own.set("kept", "v")
    for _ in range(3):
        before = own.client_id()
        assert r.client_kill_filter(_id=before) == 1
        assert own.get("kept") == b"v" and own.client_id() != before
        assert own.client_info()["name"] == "phoenix" and own.client_info()["db"] == 1
    own.connection_pool.disconnect()
    wait_until(lambda: "phoenix" not in {c["name"] for c in r.client_list()})
    assert own.get("kept") == b"v"
    own.close()


if __name__ == "__main__":
    run(transactions, counting_with_watch, locks, sharded_channels, keyspace_notifications, invalidation,
        monitoring, slow_log_and_latency, pauses, reconnecting)

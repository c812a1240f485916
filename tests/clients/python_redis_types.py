#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Python client (redis-py) against the server on $HOST:$PORT: every data type's everyday commands."""

import time

from python_steps import Waiting, raises, redis, run


def lists(r):
    assert r.rpush("l", "a", "b", "c") == 3 and r.lpush("l", "z") == 4
    assert r.lrange("l", 0, -1) == [b"z", b"a", b"b", b"c"] and r.llen("l") == 4
    assert r.lindex("l", -1) == b"c" and r.lindex("l", 9) is None
    assert r.linsert("l", "BEFORE", "b", "x") == 5 and r.linsert("l", "AFTER", "none", "x") == -1
    assert r.lset("l", 0, "y") and r.lpos("l", "b") == 3 and r.lpos("l", "none") is None
    assert r.lpos("l", "b", rank=-1, count=0) == [3]
    assert r.lrem("l", 0, "x") == 1 and r.ltrim("l", 1, -1) and r.lrange("l", 0, -1) == [b"a", b"b", b"c"]
    assert r.lmove("l", "m", "LEFT", "RIGHT") == b"a" and r.rpoplpush("l", "m") == b"c"
    assert r.lrange("m", 0, -1) == [b"c", b"a"] and r.lpop("m", 5) == [b"c", b"a"] and r.exists("m") == 0
    assert r.lmpop(2, "none", "l", direction="LEFT", count=3) == [b"l", [b"b"]] and r.rpop("l") is None
    assert r.lpushx("l", "1") == 0 and r.rpushx("l", "1") == 0
    assert r.rpush("long", *range(5000)) == 5000
    assert r.llen("long") == 5000 and r.lindex("long", 2500) == b"2500" and r.object("encoding", "long") == b"quicklist"
    assert r.lrange("long", 4998, -1) == [b"4998", b"4999"]
    r.set("text", "x")
    raises(redis.ResponseError, "WRONGTYPE", lambda: r.lpush("text", "a"))
    raises(redis.ResponseError, "index out of range", lambda: r.lset("long", 9999, "x"))


def blocking(r):
    assert r.rpush("q", "first") and r.blpop(["empty", "q"], timeout=1) == (b"q", b"first")
    assert r.blpop("q", timeout=0.02) is None and r.brpoplpush("q", "p", timeout=0.02) is None
    with Waiting(r, lambda own: own.blpop(["q", "other"], timeout=15)) as waiting:
        assert r.rpush("other", "hello", "more") == 2
        assert waiting.result() == (b"other", b"hello") and r.lrange("other", 0, -1) == [b"more"]
    with Waiting(r, lambda own: own.blmove("q", "target", 15, "RIGHT", "LEFT")) as waiting:
        assert r.lpush("q", "moved") == 1
        assert waiting.result() == b"moved" and r.lrange("target", 0, -1) == [b"moved"]
    with Waiting(r, lambda own: own.blmpop(15, 2, "q", "q2", direction="LEFT", count=2)) as waiting:
        assert r.rpush("q2", "1", "2", "3") == 3
        assert waiting.result() == [b"q2", [b"1", b"2"]]
    with Waiting(r, lambda own: own.bzpopmin("scores", timeout=15)) as waiting:
        assert r.zadd("scores", {"b": 2, "a": 1}) == 2
        assert waiting.result() == (b"scores", b"a", 1.0)
    with Waiting(r, lambda own: own.blpop("never", timeout=15)) as waiting:
        assert r.client_unblock(waiting.id) and waiting.result() is None
    with Waiting(r, lambda own: own.blpop("never", timeout=15)) as waiting:
        assert r.client_unblock(waiting.id, error=True)
        raises(redis.ResponseError, "UNBLOCKED", waiting.result)


def hashes(r):
    assert r.hset("h", mapping={"a": 1, "b": "two"}) == 2 and r.hset("h", "a", 5) == 0
    assert r.hget("h", "a") == b"5" and r.hget("h", "none") is None
    assert r.hgetall("h") == {b"a": b"5", b"b": b"two"} and r.hgetall("none") == {}
    assert r.hmget("h", "b", "none") == [b"two", None] and r.hlen("h") == 2 and r.hstrlen("h", "b") == 3
    assert r.hincrby("h", "a", -7) == -2 and r.hincrbyfloat("h", "f", 0.25) == 0.25
    assert r.hsetnx("h", "a", 9) == 0 and r.hexists("h", "a") and not r.hexists("h", "none")
    assert sorted(r.hkeys("h")) == [b"a", b"b", b"f"] and sorted(r.hvals("h")) == [b"-2", b"0.25", b"two"]
    assert r.hrandfield("h") in (b"a", b"b", b"f") and len(r.hrandfield("h", -9, withvalues=True)) == 18
    assert r.object("encoding", "h") == b"listpack"
    assert r.hdel("h", "a", "b", "none") == 2 and r.hdel("h", "f") == 1 and r.exists("h") == 0
    assert r.hset("large", mapping={f"f{i}": i for i in range(1500)}) == 1500
    assert dict(r.hscan_iter("large", count=200)) == {b"f%d" % i: b"%d" % i for i in range(1500)}
    assert dict(r.hscan_iter("large", match="f1?", count=400)) == {b"f%d" % i: b"%d" % i for i in range(10, 20)}
    assert r.object("encoding", "large") == b"hashtable"
    raises(redis.ResponseError, "hash value is not an integer", lambda: r.hset("h", "t", "x") and r.hincrby("h", "t"))


def sets(r):
    assert r.sadd("s", "a", "b", "c") == 3 and r.sadd("s", "a") == 0 and r.scard("s") == 3
    assert r.smembers("s") == {b"a", b"b", b"c"} and r.sismember("s", "a") and not r.sismember("s", "z")
    assert r.smismember("s", ["a", "z"]) == [1, 0] and r.sadd("t", "b", "c", "d") == 3
    assert r.sinter("s", "t") == {b"b", b"c"} and r.sunion("s", "t") == {b"a", b"b", b"c", b"d"}
    assert r.sdiff("s", "t") == {b"a"} and r.sinterstore("i", "s", "t") == 2 and r.sunionstore("u", "s", "t") == 4
    assert r.sdiffstore("d", "s", "t") == 1 and r.sintercard(2, ["s", "t"], limit=1) == 1
    assert r.smove("s", "t", "a") and r.srem("t", "a", "none") == 1 and r.spop("d") == b"a" and r.exists("d") == 0
    assert r.srandmember("s") in (b"b", b"c") and len(r.srandmember("s", -10)) == 10
    assert sorted(r.spop("u", 9)) == [b"a", b"b", b"c", b"d"]
    assert r.sadd("numbers", *range(100)) == 100 and r.object("encoding", "numbers") == b"intset"
    assert r.sadd("numbers", *(f"m{i}" for i in range(1000))) == 1000
    assert len(set(r.sscan_iter("numbers", count=30))) == 1100 and r.object("encoding", "numbers") == b"hashtable"
    assert r.sort("i", alpha=True, desc=True) == [b"c", b"b"]


def sorted_sets(r):
    assert r.zadd("z", {"a": 1, "b": 2, "c": 3.5}) == 3 and r.zadd("z", {"a": 9}, nx=True) == 0
    assert r.zadd("z", {"a": 2}, gt=True, ch=True) == 1 and r.zadd("z", {"a": -1}, incr=True) == 1.0
    assert r.zscore("z", "c") == 3.5 and r.zscore("z", "none") is None and r.zmscore("z", ["a", "no"]) == [1.0, None]
    assert r.zrange("z", 0, -1, withscores=True) == [(b"a", 1.0), (b"b", 2.0), (b"c", 3.5)]
    assert r.zrevrange("z", 0, 0) == [b"c"] and r.zrangebyscore("z", "(1", "+inf") == [b"b", b"c"]
    assert r.zrevrangebyscore("z", 3, 0, start=1, num=1) == [b"a"]
    assert r.zrange("z", 0, 3, byscore=True, desc=False, offset=0, num=9) == [b"a", b"b"]
    assert r.zrank("z", "b") == 1 and r.zrevrank("z", "b") == 1 and r.zcount("z", 1, 2) == 2 and r.zcard("z") == 3
    assert r.zincrby("z", 10, "a") == 11.0 and r.zrange("z", -1, -1) == [b"a"]
    assert r.zadd("y", {"b": 5, "d": 1}) == 2 and r.zunion(["z", "y"], aggregate="MAX", withscores=True) == [
        (b"d", 1.0), (b"c", 3.5), (b"b", 5.0), (b"a", 11.0)]
    assert r.zinterstore("i", {"z": 2, "y": 1}) == 1 and r.zscore("i", "b") == 9.0
    assert r.zdiff(["z", "y"]) == [b"c", b"a"] and r.zrangestore("copy", "z", 0, 1) == 2
    assert r.zpopmin("z") == [(b"b", 2.0)] and r.zpopmax("z", 2) == [(b"a", 11.0), (b"c", 3.5)]
    assert r.zmpop(2, ["none", "y"], max=True) == [b"y", [[b"b", b"5"]]]
    assert r.zadd("names", dict.fromkeys("abcde", 0)) == 5 and r.zlexcount("names", "-", "(c") == 2
    assert r.zrangebylex("names", "[b", "(d") == [b"b", b"c"] and r.zremrangebylex("names", "-", "[b") == 2
    assert r.zremrangebyrank("names", 0, 0) == 1 and r.zremrangebyscore("names", 0, 0) == 2 and not r.exists("names")
    assert r.zadd("large", {f"m{i}": i / 2 for i in range(1000)}) == 1000
    assert dict(r.zscan_iter("large")) == {b"m%d" % i: i / 2 for i in range(1000)}
    assert r.object("encoding", "large") == b"skiplist" and r.zrank("large", "m700") == 700
    raises(redis.ResponseError, "not a valid float", lambda: r.execute_command("ZADD", "z", "x", "a"))


def streams(r):
    assert r.xadd("s", {"n": 1}, id="1-1") == b"1-1" and r.xadd("s", {"n": 2, "m": "x"}, id="1-*") == b"1-2"
    assert r.xlen("s") == 2 and r.xrange("s", "-", "+") == [(b"1-1", {b"n": b"1"}), (b"1-2", {b"n": b"2", b"m": b"x"})]
    assert r.xrevrange("s", count=1)[0][0] == b"1-2" and r.xread({"s": "1-1"}) == [[b"s", [(b"1-2", {b"n": b"2", b"m": b"x"})]]]
    raises(redis.ResponseError, "equal or smaller", lambda: r.xadd("s", {"n": 3}, id="1-1"))
    with Waiting(r, lambda own: own.xread({"s": "$"}, block=15000)) as waiting:
        assert r.xadd("s", {"late": 1}, id="2-0") == b"2-0"
        assert waiting.result() == [[b"s", [(b"2-0", {b"late": b"1"})]]]
    assert r.xdel("s", "2-0", "7-7") == 1 and r.xinfo_stream("s")["last-generated-id"] == b"2-0"
    assert r.xtrim("s", maxlen=1, approximate=False) == 1 and r.xlen("s") == 1
    last = [r.xadd("auto", {"i": i}, maxlen=100, approximate=False) for i in range(300)][-1]
    assert r.xlen("auto") == 100 and r.xinfo_stream("auto")["last-generated-id"] == last


def consumer_groups(r):
    assert r.xgroup_create("s", "g", id="0", mkstream=True)
    raises(redis.ResponseError, "BUSYGROUP", lambda: r.xgroup_create("s", "g"))
    ids = [r.xadd("s", {"job": i}) for i in range(5)]
    got = r.xreadgroup("g", "ann", {"s": ">"}, count=3)
    assert [entry for entry, _ in got[0][1]] == ids[:3] and r.xreadgroup("g", "bob", {"s": ">"})[0][1][0][0] == ids[3]
    assert r.xack("s", "g", ids[0], ids[0]) == 1
    assert r.xpending("s", "g") == {"pending": 4, "min": ids[1], "max": ids[4], "consumers": [
        {"name": b"ann", "pending": 2}, {"name": b"bob", "pending": 2}]}
    one = r.xpending_range("s", "g", "-", "+", 10, consumername="ann")
    assert [(p["message_id"], p["times_delivered"]) for p in one] == [(ids[1], 1), (ids[2], 1)]
    assert r.xclaim("s", "g", "bob", 0, [ids[1]]) == [(ids[1], {b"job": b"1"})]
    assert r.xautoclaim("s", "g", "eve", 0, justid=True) == ids[1:] and r.xreadgroup("g", "ann", {"s": "0"}) == [[b"s", []]]
    assert [(c["name"], c["pending"]) for c in r.xinfo_consumers("s", "g")] == [(b"ann", 0), (b"bob", 0), (b"eve", 4)]
    group = r.xinfo_groups("s")[0]
    assert (group["name"], group["consumers"], group["pending"], group["last-delivered-id"]) == (b"g", 3, 4, ids[4])
    with Waiting(r, lambda own: own.xreadgroup("g", "ann", {"s": ">"}, block=15000)) as waiting:
        fresh = r.xadd("s", {"job": "new"})
        assert waiting.result() == [[b"s", [(fresh, {b"job": b"new"})]]]
    assert r.xgroup_delconsumer("s", "g", "eve") == 4 and r.xgroup_setid("s", "g", "0") and r.xgroup_destroy("s", "g")
    raises(redis.ResponseError, "NOGROUP", lambda: r.xreadgroup("g", "ann", {"s": ">"}))


def bitmaps(r):
    assert r.setbit("b", 7, 1) == 0 and r.setbit("b", 7, 1) == 1 and r.getbit("b", 7) == 1 and r.getbit("b", 999) == 0
    r.set("foo", "foobar")
    assert r.bitcount("foo") == 26 and r.bitcount("foo", 1, 1) == 6 and r.bitcount("foo", 5, 30, "BIT") == 17
    assert r.bitpos("foo", 1) == 1 and r.bitpos("foo", 0, 1) == 8
    r.set("bar", "abcdef")
    assert r.bitop("AND", "dest", "foo", "bar") == 6 and r.get("dest") == b"`bc`ab"
    assert r.bitop("NOT", "dest", "foo") == 6 and r.get("dest") == bytes(255 - c for c in b"foobar")
    field = r.bitfield("f").set("u8", "#1", 200).incrby("u8", "#1", 100, overflow="SAT").get("i4", 0)
    assert field.execute() == [0, 255, 0] and r.execute_command("BITFIELD_RO", "f", "GET", "u8", 8) == [255]


def hyperloglogs(r):
    assert r.pfadd("h", "a", "b", "c") == 1 and r.pfadd("h", "a") == 0 and r.pfcount("h") == 3
    assert r.pfadd("big", *range(20000)) == 1 and abs(r.pfcount("big") - 20000) < 20000 * 0.03
    assert r.pfadd("i", "c", "d") == 1 and r.pfcount("h", "i") == 4 and r.pfmerge("m", "h", "i") and r.pfcount("m") == 4
    raises(redis.ResponseError, "not a valid HyperLogLog", lambda: r.set("t", "x") and r.pfcount("t"))


def geo(r):
    assert r.geoadd("sicily", (13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania")) == 2
    assert r.geodist("sicily", "Palermo", "Catania", unit="km") == 166.2742 and r.geodist("sicily", "Palermo", "x") is None
    assert r.geohash("sicily", "Palermo", "Catania", "x") == ["sqc8b49rny0", "sqdtr74hyu0", None]
    longitude, latitude = r.geopos("sicily", "Palermo")[0]
    assert abs(longitude - 13.361389) < 1e-5 and abs(latitude - 38.115556) < 1e-5
    near = r.geosearch("sicily", longitude=15, latitude=37, radius=200, unit="km", sort="ASC", withdist=True)
    assert near == [[b"Catania", 56.4413], [b"Palermo", 190.4424]]
    assert r.geosearch("sicily", member="Palermo", width=100, height=100, unit="km") == [b"Palermo"]
    assert r.geosearchstore("near", "sicily", longitude=15, latitude=37, radius=100, unit="km") == 1
    assert r.zrange("near", 0, -1) == [b"Catania"] and r.georadius("sicily", 15, 37, 100, "km") == [b"Catania"]
    assert r.georadiusbymember("sicily", "Catania", 1) == [b"Catania"] and r.zscore("sicily", "Palermo") == 3479099956230698


def sorting_and_moving(r):
    assert r.rpush("l", 3, 1, 2) == 3
    r.mset({"w1": 30, "w2": 20, "w3": 10, "n1": "one", "n2": "two", "n3": "three"})
    assert r.sort("l") == [b"1", b"2", b"3"] and r.sort("l", by="w*", get="n*") == [b"three", b"two", b"one"]
    assert r.sort("l", start=0, num=2, desc=True, store="out") == 2 and r.lrange("out", 0, -1) == [b"3", b"2"]
    for name in ("l", "w1"):
        assert r.restore(f"{name}-copy", 0, r.dump(name))
    assert r.lrange("l-copy", 0, -1) == [b"3", b"1", b"2"] and r.get("w1-copy") == b"30"
    raises(redis.ResponseError, "BUSYKEY", lambda: r.restore("l", 0, r.dump("l")))
    assert r.expire("l", 100) and r.expiretime("l") - int(time.time()) in (99, 100, 101)
    assert {r.type(k) for k in r.scan_iter(_type="list")} == {b"list"} and r.memory_usage("l") > 30


if __name__ == "__main__":
    run(lists, blocking, hashes, sets, sorted_sets, streams, consumer_groups, bitmaps, hyperloglogs, geo,
        sorting_and_moving)

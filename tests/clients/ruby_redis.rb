#!/usr/bin/env ruby
# SPDX-License-Identifier: MIT
# The Ruby client (redis-rb) against the server on $HOST:$PORT: every data type's everyday commands, transactions,
# pipelines, messages, and a connection that is lost.

begin
  require "redis"
rescue LoadError
  puts "the Ruby package redis (Debian: ruby-redis) is not installed"
  exit 77
end

ADDRESS = { host: ENV.fetch("HOST", "127.0.0.1"), port: Integer(ENV.fetch("PORT")), timeout: 20 }.freeze

def same(expected, actual)
  raise "expected #{expected.inspect}, got #{actual.inspect}" unless expected == actual
end

def fails(text, kind = Redis::CommandError)
  yield
rescue kind => e
  raise "#{e.message.inspect} does not say #{text.inspect}" unless e.message.include?(text)
else
  raise "no #{kind}"
end

def wait_until
  give_up = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 10
  until yield
    raise "what was waited for did not happen" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > give_up

    sleep 0.005
  end
end

# What `call` returns on a connection of its own that waits until the block has run.
def while_blocked(r, call)
  other = Redis.new(ADDRESS)
  before = r.info("clients")["blocked_clients"].to_i
  waiting = Thread.new { call.call(other) }
  wait_until { r.info("clients")["blocked_clients"].to_i > before }
  yield
  waiting.value
ensure
  other.close
end

STEPS = {
  strings: lambda { |r|
    same "OK", r.set("a", 1)
    same "1", r.get("a")
    same nil, r.get("none")
    same false, r.set("a", 2, nx: true)
    same "1", r.set("a", 2, xx: true, get: true)
    same [7, 1.5, 3], [r.incrby("n", 7), r.incrbyfloat("f", 1.5), r.append("b", "xyz")]
    same ["2", nil], r.mget("a", "none")
    same({ "a" => "2", "n" => "7" }, r.mapped_mget("a", "n"))
    same "y", r.getrange("b", 1, 1)
    binary = (0..255).to_a.pack("C*") * 1000
    r.set(binary[0, 256], binary)
    same binary, r.get(binary[0, 256]).b
    same "xyz", r.getdel("b")
    fails("not an integer") { r.set("t", "x") && r.incr("t") }
  },

  keys: lambda { |r|
    r.mapped_mset((0...600).to_h { |i| ["k#{i}", i] })
    same((0...600).map { |i| "k#{i}" }.sort, r.scan_each(match: "k*", count: 40).to_a.uniq.sort)
    same [true, true, 50], [r.expire("k1", 50), r.persist("k1") && r.expire("k1", 50), r.ttl("k1")]
    same ["string", 2, 1], [r.type("k1"), r.exists("k1", "k2", "no"), r.unlink("k2")]
    same "int", r.object("encoding", "k1")
    same ["OK", true], [r.rename("k3", "moved"), r.copy("moved", "copied")]
    same %w[3 OK 3], [r.get("copied"), r.restore("again", 0, r.dump("moved")), r.get("again")]
    r.set("short", "v", px: 20)
    wait_until { !r.exists?("short") }
    same(-2, r.ttl("short"))
  },

  lists: lambda { |r|
    same [3, 4], [r.rpush("l", %w[a b c]), r.lpush("l", "z")]
    same %w[z a b c], r.lrange("l", 0, -1)
    same [5, 1, "OK"], [r.linsert("l", :before, "b", "x"), r.lrem("l", 0, "x"), r.lset("l", 0, "y")]
    same %w[y c], [r.lmove("l", "m", "LEFT", "RIGHT"), r.rpoplpush("l", "m")]
    same [%w[c y], nil], [r.lpop("m", 3), r.rpop("m")]
    same ["l", %w[a]], r.call("LMPOP", 2, "none", "l", "LEFT")
    same %w[q job], while_blocked(r, ->(o) { o.blpop("p", "q", timeout: 15) }) { r.rpush("q", "job") }
    same "x", while_blocked(r, ->(o) { o.blmove("p", "done", "LEFT", "LEFT", timeout: 15) }) { r.rpush("p", "x") }
    same [nil, %w[x]], [r.brpop("none", timeout: 0.02), r.lrange("done", 0, -1)]
    same %w[1 2 3], r.rpush("n", [3, 1, 2]) && r.sort("n")
    fails("WRONGTYPE") { r.get("l") }
  },

  hashes: lambda { |r|
    same 2, r.hset("h", { "a" => 1, "b" => "two" })
    same({ "a" => "1", "b" => "two" }, r.hgetall("h"))
    same [["two", nil], 6, 0.5], [r.hmget("h", "b", "none"), r.hincrby("h", "a", 5), r.hincrbyfloat("h", "f", 0.5)]
    same [%w[a b f], 3, true], [r.hkeys("h").sort, r.hlen("h"), r.hexists("h", "a")]
    same [2, false], [r.hdel("h", "f", "b", "no"), r.hsetnx("h", "a", 1)]
    r.mapped_hmset("large", (0...700).to_h { |i| ["f#{i}", i] })
    same((0...700).to_h { |i| ["f#{i}", i.to_s] }, r.hscan_each("large", count: 40).to_h)
  },

  sets: lambda { |r|
    same [3, false, 3], [r.sadd("s", %w[a b c]), r.sadd?("s", "a"), r.scard("s")]
    same 2, r.sadd("t", %w[b z])
    same [%w[b], %w[a b c z], %w[a c]], [r.sinter("s", "t"), r.sunion("s", "t").sort, r.sdiff("s", "t").sort]
    same [[true, false], true, 2], [r.smismember("s", "a", "z"), r.smove("s", "t", "a"), r.sinterstore("i", "t", "t") - 1]
    same %w[a b z], r.sscan_each("t").to_a.sort
    same [%w[b c], false], [r.spop("s", 9).sort, r.exists?("s")]
  },

  sorted_sets: lambda { |r|
    same 3, r.zadd("z", [[1, "a"], [2.5, "b"], [Float::INFINITY, "c"]])
    same [["a", 1.0], ["b", 2.5], ["c", Float::INFINITY]], r.zrange("z", 0, -1, with_scores: true)
    same [2.5, nil, 1, 1], [r.zscore("z", "b"), r.zscore("z", "no"), r.zrank("z", "b"), r.zcount("z", "(1", 3)]
    same [%w[b], %w[c b]], [r.zrangebyscore("z", "(1", 3), r.zrange("z", 0, 1, rev: true)]
    same [3.5, 3], [r.zincrby("z", 2.5, "a"), r.zunionstore("u", %w[z z], weights: [1, 2])]
    same [["b", 7.5], %w[a c]], [r.zpopmin("u"), r.zrange("u", 0, -1)]
    same ["w", "m", 4.0], while_blocked(r, ->(o) { o.bzpopmax("w", timeout: 15) }) { r.zadd("w", 4, "m") }
    same [["a", 3.5], ["b", 2.5], ["c", Float::INFINITY]], r.zscan_each("z").to_a.sort
    same 2, r.zremrangebyscore("z", 0, 100)
  },

  streams_and_groups: lambda { |r|
    same "1-1", r.xadd("s", { "n" => 1 }, id: "1-1")
    same "1-2", r.xadd("s", { "n" => 2 }, id: "1-2")
    same [["1-1", { "n" => "1" }], ["1-2", { "n" => "2" }]], r.xrange("s")
    late = while_blocked(r, ->(o) { o.xread("s", "$", block: 15_000) }) { r.xadd("s", { "n" => 3 }, id: "2-1") }
    same({ "s" => [["2-1", { "n" => "3" }]] }, late)
    same "OK", r.xgroup(:create, "s", "g", "0")
    same({ "s" => [["1-1", { "n" => "1" }], ["1-2", { "n" => "2" }]] }, r.xreadgroup("g", "ann", "s", ">", count: 2))
    same 1, r.xack("s", "g", "1-1")
    same({ "size" => 1, "min_entry_id" => "1-2", "max_entry_id" => "1-2", "consumers" => { "ann" => "1" } },
         r.xpending("s", "g"))
    same [["1-2", { "n" => "2" }]], r.xclaim("s", "g", "bob", 0, "1-2")
    same ["0-0", [["1-2", { "n" => "2" }]]], r.xautoclaim("s", "g", "eve", 0, "0").values_at("next", "entries")
    same [3, 1], r.xinfo(:groups, "s")[0].values_at("consumers", "lag")
    same [1, 2, 1], [r.xdel("s", "2-1"), r.xlen("s"), r.xtrim("s", 1)]
    fails("BUSYGROUP") { r.xgroup(:create, "s", "g", "0") }
  },

  bits_and_estimates_and_places: lambda { |r|
    same [0, 1, 1, 9], [r.setbit("b", 9, 1), r.getbit("b", 9), r.bitcount("b"), r.bitpos("b", 1)]
    same [2, 0, [255]], [r.bitop("or", "c", "b", "none"), r.setbit("c", 0, 1), r.call("BITFIELD", "d", "INCRBY", "u8", 0, 255)]
    same [true, false, 3], [r.pfadd("p", %w[x y z]), r.pfadd("p", "x"), r.pfcount("p")]
    same [true, 3], [r.pfmerge("q", "p"), r.pfcount("p", "q")]
    same 2, r.geoadd("g", 13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania")
    same ["166.2742", ["sqc8b49rny0"]], [r.geodist("g", "Palermo", "Catania", "km"), r.geohash("g", "Palermo")]
    same %w[Catania Palermo], r.georadius("g", 15, 37, 200, "km", sort: "asc")
    same %w[Palermo], r.call("GEOSEARCH", "g", "FROMMEMBER", "Palermo", "BYBOX", 9, 9, "km")
  },

  transactions_and_pipelines: lambda { |r|
    same ["OK", 2, ["x"]], (r.multi { |t| t.set("a", 1) && t.incr("a") && t.rpush("l", "x") && t.lrange("l", 0, -1) }.values_at(0, 1, 3))
    other = Redis.new(ADDRESS)
    same nil, (r.watch("a") { other.set("a", "changed") && r.multi { |t| t.set("a", "mine") } })
    same ["OK"], (r.watch("a") { r.multi { |t| t.set("a", "mine") } })
    same "mine", other.get("a")
    replies = r.pipelined { |p| 2000.times { |i| p.set("p#{i}", i) && p.get("p#{i}") } }
    same (0...2000).flat_map { |i| ["OK", i.to_s] }, replies
    fails("WRONGTYPE") { r.pipelined { |p| p.lpush("a", "x") } }
    other.close
  },

  publish_and_subscribe: lambda { |r|
    seen = []
    listener = Thread.new do
      Redis.new(ADDRESS).psubscribe("n?ws", "none") do |on|
        on.psubscribe { |pattern, count| seen << [pattern, count] }
        on.pmessage { |pattern, channel, text| seen << [pattern, channel, text] && text == "end" && Thread.exit }
      end
    end
    wait_until { r.pubsub("numpat") == 2 }
    same [1, 0, 1], [r.publish("news", "hello"), r.publish("other", "x"), r.publish("news", "end")]
    listener.join(10)
    same [["n?ws", 1], ["none", 2], %w[n?ws news hello], %w[n?ws news end]], seen
    same 0, r.call("SPUBLISH", "shard", "x")
  },

  server_and_reconnecting: lambda { |r|
    same "master", r.info("replication")["role"]
    same({ "hz" => "10" }, r.config(:get, "hz"))
    same true, r.call("CLIENT", "LIST").include?("cmd=client|list")
    own = Redis.new(ADDRESS.merge(id: "phoenix", db: 1))
    own.set("kept", "v")
    before = own.call("CLIENT", "ID")
    same 1, r.call("CLIENT", "KILL", "ID", before)
    same ["v", false], [own.get("kept"), own.call("CLIENT", "ID") == before]
    lonely = Redis.new(ADDRESS.merge(reconnect_attempts: 0))
    same 1, r.call("CLIENT", "KILL", "ID", lonely.call("CLIENT", "ID"))
    fails("Connection lost", Redis::ConnectionError) { lonely.get("kept") }
    own.close
  }
}.freeze

r = Redis.new(ADDRESS)
STEPS.each do |name, step|
  r.flushall
  step.call(r)
rescue StandardError => e
  warn "in #{name}: #{e.class}: #{e.message}", e.backtrace.grep(/#{File.basename(__FILE__)}/).first(3)
  exit 1
end
r.flushall
puts "redis-rb #{Redis::VERSION}: #{STEPS.keys.join(', ')}"

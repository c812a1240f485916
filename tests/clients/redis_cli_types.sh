#!/bin/bash
# SPDX-License-Identifier: MIT
# redis-cli against the server on $HOST:$PORT: every data type, as a person types it and sees it printed.
. "$(dirname "$0")/cli_steps.sh"

# shows EXPECTED COMMAND… : lines joined by " | "; words that begin with a number and ")" keep it, as on a terminal.
shows() {
  local expected=$1
  shift
  expect "$*" "$expected" "$(cli --no-raw "$@" 2>&1 | sed 's/^ *//; s/ *$//' | paste -sd'|' | sed 's/|/ | /g')"
}

shows '(integer) 4' rpush l a b c d
shows '1) "a" | 2) "b" | 3) "c" | 4) "d"' lrange l 0 -1
shows '1) "a" | 2) "b"' lpop l 2
shows '"d"' lmove l m right left
shows '1) "m" | 2) "d"' blpop none m 0
shows '(nil)' lpop none
shows '(integer) 2' hset h name ann age 7
shows '1) "name" | 2) "ann" | 3) "age" | 4) "7"' hgetall h
shows '(integer) 8' hincrby h age 1
shows '(integer) 3' sadd s 3 1 2
shows '1) "1" | 2) "2" | 3) "3"' smembers s
shows '(integer) 1' sintercard 1 s LIMIT 1
shows '1) (integer) 1 | 2) (integer) 0' smismember s 1 9
shows '(integer) 3' zadd z 1 a 2.5 b inf c
shows '1) "a" | 2) "1" | 3) "b" | 4) "2.5" | 5) "c" | 6) "inf"' zrange z 0 -1 withscores
shows '1) "c" | 2) "b"' zrange z +inf 2 byscore rev
shows '1) "z" | 2) 1) 1) "a" | 2) "1"' zmpop 1 z min
expect "RESP3 doubles" '{"b":2.5,"c":"inf"}' "$(cli -3 --json zrange z 0 -1 withscores |
  sed 's/\[\["b",2.5\],\["c",inf\]\]/{"b":2.5,"c":"inf"}/')"
shows '"1-1"' xadd x 1-1 n 1
shows '"1-2"' xadd x '1-*' n 2
shows '1) 1) "1-1" | 2) 1) "n" | 2) "1" | 2) 1) "1-2" | 2) 1) "n" | 2) "2"' xrange x - +
shows 'OK' xgroup create x g 0
shows '1) 1) "x" | 2) 1) 1) "1-1" | 2) 1) "n" | 2) "1"' xreadgroup group g ann count 1 streams x '>'
shows '(integer) 1' xack x g 1-1
shows '1) (integer) 0 | 2) (nil) | 3) (nil) | 4) (nil)' xpending x g
expect "RESP3 maps" '{"x":[["1-2",["n","2"]]]}' "$(cli -3 --json xreadgroup group g ann count 1 streams x '>')"
shows '(nil)' xread block 10 streams x '$'
shows '(integer) 0' setbit b 9 1
shows '(integer) 9' bitpos b 1
shows '1) (integer) 0 | 2) (nil)' bitfield f set u2 0 3 overflow fail incrby u2 0 1
shows '(integer) 1' pfadd p x y z
shows '(integer) 3' pfcount p
shows '(integer) 2' geoadd g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
shows '"166.2742"' geodist g Palermo Catania km
shows '1) 1) "Catania" | 2) "56.4413"' geosearch g fromlonlat 15 37 byradius 100 km withdist
shows '(error) WRONGTYPE Operation against a key holding the wrong kind of value' get l
shows "(error) ERR wrong number of arguments for 'hset' command" hset h
shows '"listpack"' object encoding h
shows '1) "1" | 2) "2" | 3) "3"' sort s
expect "TYPE of each" "list hash set zset stream string string string zset" \
  "$(for key in l h s z x b f p g; do cli type $key; done | paste -sd' ')"
cli dump z | head -c -1 | cli -x restore copy 0 >"$folder/restored"
expect "DUMP | RESTORE" OK "$(cat "$folder/restored")"
expect "… is the same" "$(cli --no-raw zrange z 0 -1 withscores)" "$(cli --no-raw zrange copy 0 -1 withscores)"
expect "COPY" "1 3.5" "$(cli copy h other) $(cli hincrbyfloat h part 3.5)"

# Two sessions: a key that is watched, and a client that waits for an element.
mkfifo "$folder/session"
timeout 30 redis-cli -h "$HOST" -p "$PORT" <"$folder/session" >"$folder/watched" & background=$!
exec 3>"$folder/session"
printf 'watch guarded\nping\n' >&3
for _ in $(seq 100); do
  matched=$(cli client list | grep -c 'cmd=ping')
  [ "$matched" -ge 1 ] && break
  sleep 0.03
done
cli set guarded other >/dev/null
printf 'multi\nset guarded mine\nexec\nget guarded\n' >&3
exec 3>&-
wait "$background"
background=
expect "WATCH" "OK PONG OK QUEUED  other" "$(paste -sd' ' "$folder/watched")"

start popped blpop jobs late 20
for _ in $(seq 100); do
  cli info clients | grep -q 'blocked_clients:1' && break
  sleep 0.03
done
expect "RPUSH for the one who waits" 1 "$(cli rpush late work)"
appears "BLPOP" popped '^work$'
stop
expect "… took it" 0 "$(cli exists late)"
finish "of data types"

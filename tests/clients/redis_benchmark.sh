#!/bin/bash
# SPDX-License-Identifier: MIT
# redis-benchmark against the server on $HOST:$PORT: each of its tests ends, names no error, and leaves the keys behind
# that it should. Speed is not judged here.
set -u
HOST=${HOST:-127.0.0.1}
command -v redis-benchmark >/dev/null || { echo "redis-benchmark is not installed"; exit 77; }
runs=0

cli() { timeout 30 redis-cli -h "$HOST" -p "$PORT" "$@"; }

# expect TITLE EXPECTED ACTUAL
expect() {
  if [ "$2" != "$3" ]; then
    printf '%s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
    exit 1
  fi
}

# run EXPECTED-RESULTS OPTIONS… : on an empty server; it exits at the first error reply.
run() {
  local expected=$1 output status
  shift
  cli flushall >/dev/null
  output=$(timeout 60 redis-benchmark -h "$HOST" -p "$PORT" -q "$@" 2>&1)
  status=$?
  output=$(tr '\r' '\n' <<<"$output" | grep -v '^WARNING: Keepalive disabled')
  runs=$((runs + 1))
  if [ "$status" != 0 ] || grep -Eiq 'error|could not|warning' <<<"$output" ||
    [ "$(grep -c 'requests per second' <<<"$output")" != "$expected" ]; then
    printf 'redis-benchmark %s: status %s\n%s\n' "$*" "$status" "$output"
    exit 1
  fi
}

# All that it does unasked; newer versions have one test more, XADD.
xadd=$(timeout 60 redis-benchmark -h "$HOST" -p "$PORT" -q -t xadd -n 1 | grep -c 'per second')
run $((20 + xadd)) -n 1000
expect "what they leave" "list hash string string" "$(for key in mylist myhash 'key:__rand_int__' 'counter:__rand_int__'; do
  cli type $key; done | paste -sd' ')"

# Every test by its name: how many results it prints, and what it leaves behind.
while read -r name results left expected; do
  run "$results" -t "$name" -n 1000
  # shellcheck disable=SC2086 # a command and its arguments
  [ "$left" = - ] || expect "after -t $name" "$expected" "$(cli ${left//,/ })"
done <<'TESTS'
ping          2  dbsize                    0
ping_inline   1  dbsize                    0
ping_mbulk    1  dbsize                    0
set           1  strlen,key:__rand_int__   3
get           1  dbsize                    0
incr          1  get,counter:__rand_int__  1000
lpush         1  llen,mylist               1000
rpush         1  llen,mylist               1000
lpop          1  dbsize                    0
rpop          1  dbsize                    0
sadd          1  smembers,myset            element:__rand_int__
hset          1  hstrlen,myhash,element:__rand_int__  3
spop          1  dbsize                    0
zadd          1  zscore,myzset,element:__rand_int__  0
zpopmin       1  dbsize                    0
lrange_100    2  llen,mylist               1000
lrange_300    2  llen,mylist               1000
lrange_500    2  llen,mylist               1000
lrange_600    2  llen,mylist               1000
lrange        5  llen,mylist               1000
mset          1  strlen,key:__rand_int__   3
TESTS

# Its options.
run 3 -t incr,lpush,sadd -n 20000 -P 16 -r 500 -d 100
expect "-r 500" 500 "$(cli scard myset)"
expect "-d 100" 100 "$(cli lindex mylist 0 | tr -d '\n' | wc -c)"
expect "-P 16: each increment" 20000 "$(cli --scan --pattern 'counter:*' | xargs redis-cli -h "$HOST" -p "$PORT" mget | awk '{ sum += $1 } END { print sum }')"
run 2 -t set,get -n 5000 -c 200
run 2 -t set,get -n 200 -d 1000000
expect "-d 1000000" 1000000 "$(cli strlen key:__rand_int__)"
run 5 -t ping,set,get,hset -n 5000 -3
run 2 -t set,get -n 20000 --threads 2
run 2 -t set,get -n 2000 -k 0 -c 20
run 2 -t set,get -n 5000 -r 100 --enable-tracking -3
run 1 -t zadd -n 2000 -r 20 --dbnum 3
expect "--dbnum 3" "20 0" "$(cli -n 3 zcard myzset) $(cli exists myzset)"
printf 'from standard input' | run 1 -n 100 -x SET piped
expect "-x" "from standard input" "$(cli get piped)"
run 1 -n 5000 -r 1000 XADD stream MAXLEN 100 '*' field __rand_int__
expect "a command of one's own" 100 "$(cli xlen stream)"
cli flushall >/dev/null
csv=$(timeout 60 redis-benchmark -h "$HOST" -p "$PORT" -t ping,set,get,lrange_100 -n 1000 --csv --precision 3 2>&1)
expect "--csv" '"test" "PING_INLINE" "PING_MBULK" "SET" "GET" "LPUSH (needed to benchmark LRANGE)" "LRANGE_100 (first 100 elements)"' \
  "$(cut -d, -f1 <<<"$csv" | paste -sd' ')"
expect "--csv: eight figures a test" "" "$(tail -n +2 <<<"$csv" | grep -Ev '^"[^"]*"(,"[0-9]+\.[0-9]+"){7}$')"
cli flushall >/dev/null
echo "redis-benchmark $(redis-benchmark --version | cut -d' ' -f2): $((runs + 1)) runs without an error"

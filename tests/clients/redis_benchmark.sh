#!/bin/bash
# SPDX-License-Identifier: MIT
# redis-benchmark against the server on $HOST:$PORT: it finishes, names no error, and the keys are there afterwards.
# Speed is not judged here.
set -u
HOST=${HOST:-127.0.0.1}
command -v redis-benchmark >/dev/null || { echo "redis-benchmark is not installed"; exit 77; }
runs=0

# run TESTS EXPECTED-RESULTS OPTIONS…
run() {
  local tests=$1 expected=$2 output status
  shift 2
  output=$(timeout 60 redis-benchmark -h "$HOST" -p "$PORT" -t "$tests" -q "$@" 2>&1 | tr '\r' '\n')
  status=${PIPESTATUS[0]}
  runs=$((runs + 1))
  if [ "$status" != 0 ] || grep -Eiq 'error|could not|warning' <<<"$output" ||
    [ "$(grep -c 'requests per second' <<<"$output")" != "$expected" ]; then
    printf 'redis-benchmark -t %s %s: status %s\n%s\n' "$tests" "$*" "$status" "$output"
    exit 1
  fi
}

run ping,set,get,incr,mset 6 -n 20000
run set,get 2 -n 50000 -P 16 -r 10000 -d 100
run set,get 2 -n 5000 -c 200
run set,get 2 -n 200 -d 1000000
run ping,set,get 4 -n 5000 -3
run set,get 2 -n 20000 --threads 2
timeout 60 redis-benchmark -h "$HOST" -p "$PORT" -q -n 5000 -r 1000 SET key:__rand_int__ value EX 100 >/dev/null || exit 1
echo "redis-benchmark: $((runs + 1)) runs without an error"

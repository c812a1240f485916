#!/bin/bash
# SPDX-License-Identifier: MIT
# redis-cli against the server on $HOST:$PORT: its everyday modes, and what each must print.
set -u
HOST=${HOST:-127.0.0.1}
command -v redis-cli >/dev/null || { echo "redis-cli is not installed"; exit 77; }
folder=$(mktemp -d) || exit 1
trap 'rm -r "$folder"' EXIT
checks=0

cli() { timeout 30 redis-cli -h "$HOST" -p "$PORT" "$@"; }

# expect TITLE EXPECTED ACTUAL
expect() {
  checks=$((checks + 1))
  if [ "$2" != "$3" ]; then
    printf '%s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
    exit 1
  fi
}

# matches TITLE EXTENDED-REGEX ACTUAL
matches() {
  checks=$((checks + 1))
  if ! grep -Eq -- "$2" <<<"$3"; then
    printf '%s\n  expected a line like: %s\n  got: %s\n' "$1" "$2" "$3"
    exit 1
  fi
}

cli flushall >/dev/null || exit 1
expect "SET" OK "$(cli set greeting "hello world")"
expect "GET" "hello world" "$(cli get greeting)"
expect "GET as on a terminal" '"hello world"' "$(cli --no-raw get greeting)"
expect "a missing key" "(nil)" "$(cli --no-raw get missing)"
expect "an integer" "(integer) 11" "$(cli --no-raw strlen greeting)"
matches "an error" "^ERR value is not an integer" "$(cli incr greeting 2>&1)"
expect "EXPIRE" 1 "$(cli expire greeting 100)"
matches "TTL" '^(100|99)$' "$(cli ttl greeting)"
expect "-x takes the value from standard input" OK "$(printf 'a\0b\r\n' | cli -x set binary)"
expect "the value is binary" '"a\x00b\r\n"' "$(cli --no-raw get binary)"
expect "-n chooses the database" "OK/1" "$(cli -n 5 set other x)/$(cli -n 5 dbsize)"
expect "-r repeats" 3 "$(cli -r 3 incr counter | tail -1)"

expect "--json" '"hello world"' "$(cli --json get greeting)"
expect "-3 answers maps" '{"hz":"10"}' "$(cli -3 --json config get hz)"
matches "HELLO 3" '^proto 3$' "$(cli -3 hello 3)"
matches "INFO" '^redis_version:7\.' "$(cli info server)"
matches "CLIENT LIST" 'cmd=client\|list' "$(cli client list)"
expect "--csv" '"1","2"' "$(cli mset one 1 two 2 >/dev/null; cli --csv mget one two)"

for i in $(seq 500); do echo "SET many:$i value-$i"; done | cli >"$folder/replies"
expect "commands from standard input" "500 OK" "$(sort "$folder/replies" | uniq -c | tr -s ' ' | sed 's/^ //')"
expect "--scan finds every key" 500 "$(cli --scan --pattern 'many:*' | sort -u | wc -l)"
matches "--bigkeys" '^Biggest string found .*"greeting".* has 11 bytes' "$(cli --bigkeys)"

for i in $(seq 2000); do
  printf '*3\r\n$3\r\nSET\r\n$%d\r\npipe:%d\r\n$1\r\nv\r\n' $((5 + ${#i})) "$i"
done >"$folder/pipe"
matches "--pipe" '^errors: 0, replies: 2000$' "$(cli --pipe <"$folder/pipe")"
expect "--pipe arrived" 2000 "$(cli --scan --pattern 'pipe:*' | sort -u | wc -l)"

# The hints of an interactive redis-cli come from COMMAND DOCS; `help` prints the same.
matches "help" 'SET.*key value \[NX\|XX\] \[GET\]' "$(cli help set)"

# A replica's view: redis-cli asks for a full copy, as a replica would.
# In the version that every redis-check-rdb 7 knows.
expect "rdb-version 10" OK "$(cli config set rdb-version 10)"
cli --rdb "$folder/copy.rdb" >"$folder/rdb.log" 2>&1
expect "--rdb has received a file" REDIS "$(head -c 5 "$folder/copy.rdb")"
if command -v redis-check-rdb >/dev/null; then
  matches "redis-check-rdb accepts it" 'Checksum OK|RDB looks OK' "$(redis-check-rdb "$folder/copy.rdb")"
fi
cli --replica >"$folder/stream" 2>&1 & stream=$!
for _ in $(seq 100); do
  cli set streamed once >/dev/null
  grep -q streamed "$folder/stream" && break
  sleep 0.05
done
kill $stream
matches "--replica hears the stream" '"set","streamed","once"' "$(cat "$folder/stream")"

cli subscribe news >"$folder/news" & listener=$!
for _ in $(seq 100); do
  [ "$(cli publish news hello)" = 1 ] && break
  sleep 0.05
done
for _ in $(seq 100); do
  grep -q hello "$folder/news" && break
  sleep 0.05
done
kill $listener
expect "a message arrives" "message news hello" "$(grep -A2 '^message' "$folder/news" | tr '\n' ' ' | sed 's/ $//')"

cli flushall >/dev/null
cli -n 5 flushdb >/dev/null
echo "redis-cli $(redis-cli --version | cut -d' ' -f2): $checks checks"

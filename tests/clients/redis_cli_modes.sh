#!/bin/bash
# SPDX-License-Identifier: MIT
# redis-cli against the server on $HOST:$PORT: the modes that look at a whole server.
. "$(dirname "$0")/cli_steps.sh"
command -v stdbuf >/dev/null || { echo "stdbuf is not installed"; exit 77; }

for i in $(seq 2000); do
  printf '*3\r\n$3\r\nSET\r\n$%d\r\npipe:%d\r\n$1\r\nv\r\n' $((5 + ${#i})) "$i"
done >"$folder/pipe"
matches "--pipe" '^errors: 0, replies: 2000$' "$(cli --pipe <"$folder/pipe")"
matches "--pipe counts errors" '^errors: 1, replies: 2$' "$(printf 'LPUSH pipe:1 x\r\nPING\r\n' | cli --pipe 2>&1)"
expect "--scan finds every key" 2000 "$(cli --scan --pattern 'pipe:*' | sort -u | wc -l)"
expect "--scan --quoted-pattern" 199 "$(cli --scan --quoted-pattern '"\x70ipe:?1*"' | sort -u | wc -l)"

{
  echo "rpush biglist $(seq -s' ' 400)"
  echo "rpush list 1 2"
  echo "hset bighash $(for i in $(seq 300); do printf 'f%d %d ' "$i" "$i"; done)"
  echo "sadd bigset $(seq -s' ' 1000)"
  echo "zadd bigzset $(for i in $(seq 700); do printf '%d m%d ' "$i" "$i"; done)"
  for i in $(seq 30); do echo "xadd bigstream * n $i"; done
  echo "setrange bigstring 99999 x"
} | cli >/dev/null
bigkeys=$(cli --bigkeys)
matches "--bigkeys: list" '^Biggest   list found .*"biglist".* has 400 items' "$bigkeys"
matches "--bigkeys: hash" '^Biggest   hash found .*"bighash".* has 300 fields' "$bigkeys"
matches "--bigkeys: set" '^Biggest    set found .*"bigset".* has 1000 members' "$bigkeys"
matches "--bigkeys: zset" '^Biggest   zset found .*"bigzset".* has 700 members' "$bigkeys"
matches "--bigkeys: stream" '^Biggest stream found .*"bigstream".* has 30 entries' "$bigkeys"
matches "--bigkeys: string" '^Biggest string found .*"bigstring".* has 100000 bytes' "$bigkeys"
matches "--bigkeys: sums" '^2 lists with 402 items \(00?\.10% of keys, avg size 201\.00\)' "$bigkeys"
matches "--bigkeys: all" '^Sampled 2007 keys in the keyspace!' "$bigkeys"

for samples in "--memkeys" "--memkeys-samples 0"; do
  # shellcheck disable=SC2086 # an option and its value
  memkeys=$(cli $samples)
  for type in list hash set zset stream string; do
    matches "$samples: $type" "^Biggest +$type found .*\"big$type\".* has [0-9]+ bytes" "$memkeys"
  done
  matches "$samples: string" 'Biggest string found .* has 1[0-9]{5} bytes' "$memkeys"
done

expect "an LFU policy" OK "$(cli config set maxmemory-policy allkeys-lfu)"
cli -r 3000 get pipe:7 >/dev/null
matches "--hotkeys" '^hot key found with counter: [1-9][0-9]*.keyname: "pipe:7"' "$(cli --hotkeys | grep '^hot key' | head -1)"
expect "OBJECT FREQ" yes "$([ "$(cli object freq pipe:7)" -gt 8 ] && echo yes)"
expect "back to none" OK "$(cli config set maxmemory-policy noeviction)"
matches "without it" 'maxmemory policy is.*not LFU|LFU maxmemory policy is not selected' "$(cli --hotkeys 2>&1)"

start stat --stat -i 0.05
appears "--stat" stat '^2007 +[0-9.]+[KMG] +[1-9] +0 +[0-9]+ \(\+[0-9]+\) +[0-9]+'
stop
matches "--latency" '^[0-9]+,[0-9]+,[0-9.]+,[1-9][0-9]*$' "$(cli --latency --csv -i 0.2)"
start history --latency-history -i 0.1
appears "--latency-history" history '^[0-9]+ [0-9]+ [0-9.]+ [1-9][0-9]*$'
stop

start commands monitor
appears "MONITOR" commands '^[0-9]+\.[0-9]+ \[0 .*\] "set" "monitored" "a b"$' cli set monitored "a b"
stop
start news psubscribe 'n*'
appears "PSUBSCRIBE" news '^hello$' cli publish news hello
stop
start orders ssubscribe orders
appears "SSUBSCRIBE" orders '^paid$' cli spublish orders paid
stop

# A replica's view: redis-cli asks for a full copy, as a replica would; ours in the version that redis-check-rdb 7.0 knows.
cli config set repl-diskless-sync-delay 0 >/dev/null
readable=$(cli config set rdb-version 10 2>/dev/null)
keys=$(cli dbsize)
cli --rdb "$folder/copy.rdb" >"$folder/rdb.log" 2>&1
matches "--rdb" 'Transfer finished with success' "$(cat "$folder/rdb.log")"
expect "--rdb has received a file" REDIS "$(head -c 5 "$folder/copy.rdb")"
if [ "$readable" = OK ] && command -v redis-check-rdb >/dev/null; then
  checked=$(redis-check-rdb "$folder/copy.rdb")
  matches "redis-check-rdb accepts it" 'Checksum OK' "$checked"
  matches "… with every key" "\[info\] $keys keys read" "$checked"
fi
start stream --replica
appears "--replica hears the stream" stream '"set","streamed","once"' cli set streamed once
stop

expect "room for --lru-test" "OK OK" "$(cli config set maxmemory 50mb) $(cli config set maxmemory-policy allkeys-lru)"
start lru --lru-test 1000
appears "--lru-test" lru '^[1-9][0-9]* Gets/sec \| Hits: [1-9][0-9]* '
stop
expect "back to no limit" "OK OK" "$(cli config set maxmemory 0) $(cli config set maxmemory-policy noeviction)"
finish "of modes"

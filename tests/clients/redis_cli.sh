#!/bin/bash
# SPDX-License-Identifier: MIT
# redis-cli against the server on $HOST:$PORT: how it prints replies, where it takes commands and values from, how it
# logs in.
. "$(dirname "$0")/cli_steps.sh"

expect "SET" OK "$(cli set greeting "hello world")"
expect "GET" "hello world" "$(cli get greeting)"
expect "GET as on a terminal" '"hello world"' "$(cli --no-raw get greeting)"
expect "a missing key" "(nil)" "$(cli --no-raw get missing)"
expect "an integer" "(integer) 11" "$(cli --no-raw strlen greeting)"
matches "an error" "^ERR value is not an integer" "$(cli incr greeting 2>&1)"
cli -e incr greeting >/dev/null 2>&1
expect "-e makes an error the exit status" 1 $?
expect "EXPIRE" 1 "$(cli expire greeting 100)"
matches "TTL" '^(100|99)$' "$(cli ttl greeting)"
expect "-x takes the value from standard input" OK "$(printf 'a\0b\r\n' | cli -x set binary)"
expect "the value is binary" '"a\x00b\r\n"' "$(cli --no-raw get binary)"
expect "-X puts it in the middle" OK "$(printf value | cli -X place set placed place EX 100)"
expect "… and it is there" value "$(cli get placed)"
expect "--quoted-input" 1 "$(cli --quoted-input exists '"\x67reeting"')"
expect "-n chooses the database" "OK/1" "$(cli -n 5 set other x)/$(cli -n 5 dbsize)"
expect "so does -u" x "$(timeout 30 redis-cli -u "redis://$HOST:$PORT/5" get other)"
expect "-r repeats" 3 "$(cli -r 3 -i 0.01 incr counter | tail -1)"
expect "a transaction in a session" "OK QUEUED QUEUED OK 1" \
  "$(printf 'multi\nset moved 1\nmove moved 7\nexec\n' | cli | tr '\n' ' ' | sed 's/ *$//')"
expect "SELECT in a session" "OK 1" "$(printf 'select 7\nget moved\n' | cli | tr '\n' ' ' | sed 's/ *$//')"

expect "--json" '"hello world"' "$(cli --json get greeting)"
expect "-3 answers maps" '{"hz":"10"}' "$(cli -3 --json config get hz)"
matches "HELLO 3" '^proto 3$' "$(cli -3 hello 3)"
matches "INFO" '^redis_version:7\.' "$(cli info server)"
matches "CLIENT LIST" 'cmd=client\|list' "$(cli client list)"
expect "--csv" '"1","2"' "$(cli mset one 1 two 2 >/dev/null; cli --csv mget one two)"
expect "-d between elements" "1;2" "$(cli -d ';' mget one two)"
for i in $(seq 500); do echo "SET many:$i value-$i"; done | cli >"$folder/replies"
expect "commands from standard input" "500 OK" "$(sort "$folder/replies" | uniq -c | tr -s ' ' | sed 's/^ //')"

# The hints of an interactive redis-cli come from COMMAND DOCS; `help` prints the same.
matches "help" 'SET.*key value \[NX\|XX\] \[GET\]' "$(cli help set)"
matches "help of a group" '^  HINCRBY.* key field increment' "$(cli help @hash | sed 's/\x1b\[[0-9;]*m//g')"

expect "a password" OK "$(cli config set requirepass s3cret)"
matches "without it" NOAUTH "$(cli get one 2>&1)"
expect "-a" 1 "$(cli -a s3cret --no-auth-warning get one)"
expect "--user and --pass" 1 "$(cli --user default --pass s3cret --no-auth-warning get one)"
expect "REDISCLI_AUTH" OK "$(REDISCLI_AUTH=s3cret cli config set requirepass "")"

# A change that another client makes is pushed to a connection that tracks what it has read.
expect "--show-pushes" "OK 1 invalidate one 2" "$(
  {
    printf 'client tracking on\nget one\n'
    for _ in $(seq 200); do cli client list | grep -q 'cmd=get ' && break; sleep 0.02; done
    cli incr one >/dev/null
    printf 'get one\n'
  } | cli -3 --show-pushes yes | tr '\n' ' ' | tr -s ' ' | sed 's/ *$//')"

cli -n 5 flushdb >/dev/null
cli -n 7 flushdb >/dev/null
finish "of replies and sessions"

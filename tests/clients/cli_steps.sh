# SPDX-License-Identifier: MIT
# Sourced by the redis-cli scripts of this folder: how to call it on the server at $HOST:$PORT, and what must come out.
set -u
HOST=${HOST:-127.0.0.1}
command -v redis-cli >/dev/null || { echo "redis-cli is not installed"; exit 77; }
folder=$(mktemp -d) || exit 1
background=
trap '[ -z "$background" ] || kill "$background" 2>/dev/null; rm -r "$folder"' EXIT
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

# Starts redis-cli for a mode that does not end by itself; what it prints goes to $folder/FILE, line by line.
start() { # FILE ARGUMENTS…
  local file=$1
  shift
  : >"$folder/$file"
  stdbuf -oL redis-cli -h "$HOST" -p "$PORT" "$@" >"$folder/$file" 2>&1 </dev/null &
  background=$!
}

stop() {
  kill "$background" 2>/dev/null
  wait "$background" 2>/dev/null
  background=
}

# Waits until $folder/FILE has a line like REGEX, calling COMMAND… before each look; then checks that it has.
appears() { # TITLE FILE REGEX [COMMAND…]
  local title=$1 file=$2 regex=$3
  shift 3
  for _ in $(seq 200); do
    [ $# = 0 ] || "$@" >/dev/null
    grep -Eq -- "$regex" "$folder/$file" && break
    sleep 0.03
  done
  matches "$title" "$regex" "$(grep -E -m1 -- "$regex" "$folder/$file" || tail -20 "$folder/$file")"
}

finish() {
  cli flushall >/dev/null
  echo "redis-cli $(redis-cli --version | cut -d' ' -f2): $checks checks $1"
}

cli flushall >/dev/null || exit 1

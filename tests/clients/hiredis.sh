#!/bin/bash
# SPDX-License-Identifier: MIT
# The C client hiredis against the server on $HOST:$PORT: hiredis.c is compiled into a folder of its own, and run.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cc=$(command -v cc || command -v gcc || command -v clang) || { echo "no C compiler is installed"; exit 77; }
flags=$(pkg-config --cflags --libs hiredis 2>/dev/null) || { echo "hiredis (Debian: libhiredis-dev) is not installed"; exit 77; }
folder=$(mktemp -d) || exit 1
trap 'rm -r "$folder"' EXIT

# shellcheck disable=SC2086 # the flags are words
"$cc" -std=gnu11 -Wall -Wextra -Werror -O1 -o "$folder/hiredis" "$here/hiredis.c" $flags || exit 1
HOST=${HOST:-127.0.0.1} PORT=$PORT timeout 60 "$folder/hiredis"

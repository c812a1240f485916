#!/bin/bash
# SPDX-License-Identifier: MIT
# The JavaScript clients ioredis and node-redis against the server on $HOST:$PORT. They are installed into build/clients
# once; where that is impossible, the test is skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../.." && pwd)/build/clients
export HOST=${HOST:-127.0.0.1} PORT

command -v node >/dev/null && command -v npm >/dev/null || { echo "node and npm are not installed"; exit 77; }
mkdir -p "$target"
if ! cmp -s "$here/package.json" "$target/package.json" || [ ! -d "$target/node_modules/redis" ]; then
  cp "$here/package.json" "$target/package.json"
  if ! timeout 100 npm install --prefix "$target" --no-package-lock --no-audit --no-fund >"$target/install.log" 2>&1; then
    rm -f "$target/package.json"
    echo "npm could not install ioredis and redis (offline?); see build/clients/install.log"
    exit 77
  fi
fi
for script in ioredis.js ioredis_types.js node_redis.js node_redis_types.js node_redis_caching.js; do
  output=$(NODE_PATH="$target/node_modules" timeout 50 node "$here/$script" 2>&1)
  status=$?
  if [ "$status" != 0 ]; then
    printf '%s: status %s\n%s\n' "$script" "$status" "$output"
    exit 1
  fi
  echo "$output"
done

#!/usr/bin/env bash
# Tries the API against its own description: schemathesis reads /openapi.json of a server of its own, with the demo's directory, over loopback, and sends
# every operation what fits and what does not; a bounded number of calls, the same ones each time (end2end/api/schemathesis.toml). Fails where an answer
# is not described, or is a fault of the server. About a minute on a quiet machine.
# Usage: scripts/describe-api.sh [DATABASE_URL]   (a new SQLite file, unless an empty database is named)
# WOODGATE_BIN names the program (target/debug/woodgate, which is built).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh python
program=${WOODGATE_BIN:-target/debug/woodgate}
[ -n "${WOODGATE_BIN:-}" ] || cargo build --quiet --bin woodgate --features ssr
folder=$(mktemp -d)
port=$((20000 + $$ % 20000))
base=http://127.0.0.1:$port
export WOODGATE_DATABASE_URL=${1:-sqlite://$folder/described.db} WOODGATE_PUBLIC_URL=$base LEPTOS_SITE_ADDR=127.0.0.1:$port
export WOODGATE_MAIL_FOLDER=$folder WOODGATE_API_CALLS_PER_MINUTE=1000000
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
"$program" migrate >/dev/null
"$program" demo >/dev/null
"$program" serve >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 300); do
  curl -sf "$base/readyz" >/dev/null && break
  sleep 0.1
done
variables=$(target/python/bin/python end2end/api/described.py "$base")
token=$(sed -n 's/^WOODGATE_TOKEN=//p' <<<"$variables")
while IFS= read -r line; do export "${line?}"; done < <(grep -v '^WOODGATE_TOKEN=' <<<"$variables")
timeout 600 target/python/bin/schemathesis --no-color --config-file end2end/api/schemathesis.toml run "$base/openapi.json" --url "$base/v1.0" \
  --header "Authorization: Bearer $token"

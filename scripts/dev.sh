#!/usr/bin/env bash
# Serves a debug build and builds it again whenever a source changes. A build that fails leaves the last good server running.
set -euo pipefail
cd "$(dirname "$0")/.."
export LEPTOS_SITE_ROOT=target/dev/site
sources=(src style public migrations Cargo.toml Cargo.lock Leptos.toml)
server=

stop() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

scripts/setup.sh rust wasm bindgen split node
mkdir -p target/dev data
while :; do
  touch target/dev/.woodgate-seen
  if scripts/build.sh dev; then
    stop
    if target/dev/debug/woodgate demo; then
      target/dev/debug/woodgate serve &
      server=$!
    else
      echo "The server does not start; waiting for a change" >&2
    fi
  else
    echo "The build failed; waiting for a change (the last good server stays)" >&2
  fi
  until [ -n "$(find "${sources[@]}" -newer target/dev/.woodgate-seen -print -quit)" ]; do sleep 1; done
  echo "Changed: building again" >&2
done

#!/usr/bin/env bash
# Measures size and speed on this machine, on loopback, in a few minutes; prints the tables and leaves them in target/bench.md.
# BENCH_SECONDS sets how long each address is loaded (8).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh rust wasm bindgen node wrk
scripts/build.sh release
(cd end2end && node_modules/.bin/playwright test --project=bench --reporter=line)
echo "The same in target/bench.md"

#!/usr/bin/env bash
# Measures size and speed on this machine, on loopback, in a few minutes; prints the tables and writes them into docs/performance.md.
# BENCH_SECONDS sets how long each address is loaded (8).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh rust wasm bindgen node wrk
scripts/build.sh release
toolchain=$(scripts/wasm-target.sh)
[ -z "$toolchain" ] || export RUSTUP_TOOLCHAIN=$toolchain
cargo build --quiet --release --bin bare --features ssr
cd end2end
exec node_modules/.bin/playwright test --project=bench --reporter=line

#!/usr/bin/env bash
# Measures size and speed on this machine, on loopback, on SQLite and on PostgreSQL, in a few minutes; prints the tables with their ratios
# to the bare handler and writes them into docs/performance.md.
# BENCH_SECONDS sets how long each address is loaded (8).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh rust wasm bindgen split node wrk postgres
scripts/build.sh release
toolchain=$(scripts/wasm-target.sh)
[ -z "$toolchain" ] || export RUSTUP_TOOLCHAIN=$toolchain
cargo build --quiet --release --bin bare --features ssr
# Filtered pages of a million audit rows, by the tests' own build: an upper bound of what the release takes. AUDIT_ROWS sets another number.
AUDIT_ROWS=${AUDIT_ROWS:-1000000} scripts/postgres.sh run cargo test --quiet --lib -- --nocapture --test-threads=1 f167_filtered_pages | tee target/bench-audit.md
root=$PWD
cd end2end
exec "$root/scripts/postgres.sh" run node_modules/.bin/playwright test --project=bench --project=bench-postgres --workers=1 --reporter=line

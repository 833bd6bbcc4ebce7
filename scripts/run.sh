#!/usr/bin/env bash
# From a fresh clone to the running product: sets up, builds, fills the demo directory where there is no database yet, serves.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh rust wasm bindgen split node
scripts/build.sh release
database=${WOODGATE_DATABASE_URL:-sqlite://data/woodgate.db}
case $database in
  sqlite:*)
    file=${database#sqlite:}
    file=${file#//}
    file=${file%%\?*}
    mkdir -p "$(dirname "$file")"
    ;;
esac
program=${CARGO_TARGET_DIR:-target}/release/woodgate
"$program" demo
exec "$program" serve

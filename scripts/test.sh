#!/usr/bin/env bash
# Everything that CI checks, in order, stopping at the first step that fails. The last line gives the true number of tests.
# Usage: scripts/test.sh [STEP...]   all steps, or those named: fmt clippy clippy-admin clippy-my-access domain tests deps build size sqlite postgres
set -euo pipefail
cd "$(dirname "$0")/.."

# The whole run shares one PostgreSQL; this script runs inside it.
if [ -z "${TEST_DATABASE_URL:-}" ]; then
  scripts/setup.sh postgres
  exec scripts/postgres.sh run scripts/test.sh "$@"
fi
steps=" $* "
known="setup fmt clippy clippy-admin clippy-my-access domain tests deps build size sqlite postgres"
for name in "$@"; do
  case " $known " in *" $name "*) ;; *) echo "There is no step '$name'. Remedy: one of: $known" >&2; exit 2 ;; esac
done
logs=target/test-logs
passed=0 failed=0
rm -rf "$logs"
mkdir -p "$logs"

finish() {
  echo
  echo "In $((SECONDS / 60)) min $((SECONDS % 60)) s; each step's output is in $logs"
  echo "$passed passed, $failed failed"
  exit "$1"
}

# tally LOG REPORT: adds what `cargo test` wrote to the log, or Playwright to its report.
tally() {
  local log=$1 report=$2 good bad idle
  if [ -e "$report" ]; then
    read -r good bad idle < <(node -p "const s = JSON.parse(fs.readFileSync('$report')).stats; [s.expected, s.unexpected + s.flaky, s.skipped].join(' ')")
  else
    read -r good bad idle < <(awk '/^test result: / { for (i = 2; i <= NF; i++) { if ($i == "passed;") p += $(i-1); if ($i == "failed;") f += $(i-1); if ($i == "ignored;") g += $(i-1) } } END { print p+0, f+0, g+0 }' "$log")
  fi
  passed=$((passed + good)) failed=$((failed + bad))
  counts=
  [ "$((good + bad + idle))" = 0 ] || counts="$good passed, $bad failed"
  [ "$idle" = 0 ] || counts="$counts, $idle not run"
  skipped=$idle
}

# step NAME HEADLINE REMEDY COMMAND...
step() {
  local name=$1 headline=$2 remedy=$3 began=$SECONDS before=$failed code=0
  shift 3
  case $steps$name in "  "* | *" $name "* | *setup) ;; *) return 0 ;; esac
  printf '%-62s' "$headline"
  "$@" >"$logs/$name.log" 2>&1 </dev/null || code=$?
  tally "$logs/$name.log" "$logs/$name.json"
  printf '%5d s  %s\n' "$((SECONDS - began))" "$counts"
  if [ $code = 0 ] && [ "$skipped" != 0 ]; then
    echo "$skipped tests were left out, and a test that is left out shows nothing" >>"$logs/$name.log"
    code=1
  fi
  [ $code != 0 ] || return 0
  [ "$failed" != "$before" ] || failed=$((failed + 1))
  echo
  tail -n 120 "$logs/$name.log"
  echo
  echo "Failed: $headline"
  echo "Remedy: $remedy"
  finish 1
}

lint_site() {
  cargo clippy --locked --lib --target wasm32-unknown-unknown --no-default-features --features "hydrate,$1" -- -D warnings
}

unit_tests() { timeout 40m cargo test --locked --no-fail-fast; }

browser_tests() (
  report=$PWD/$logs/$1.json
  cd end2end
  PLAYWRIGHT_JSON_OUTPUT_FILE=$report timeout 30m node_modules/.bin/playwright test --project="$1" --reporter=list,json
)

step setup "Setting up" "see the lines above" scripts/setup.sh lints wasm bindgen node chromium postgres
toolchain=$(scripts/wasm-target.sh)
[ -z "$toolchain" ] || export RUSTUP_TOOLCHAIN=$toolchain

step fmt "Formatting" "cargo fmt" cargo fmt --check
step clippy "Lints: the server and all tests" "mend what clippy names" cargo clippy --locked --all-targets -- -D warnings
step clippy-admin "Lints: the admin area in the browser" "mend what clippy names" lint_site site-admin
step clippy-my-access "Lints: My Access in the browser" "mend what clippy names" lint_site site-my-access
step domain "The domain alone, without any framework" "keep I/O and framework names out of src/domain" cargo check --locked --no-default-features
step tests "Guards, unit and store tests, on SQLite and PostgreSQL" "cargo test NAME, with TEST_DATABASE_URL from scripts/postgres.sh start" unit_tests
step deps "No crate of the server in the browser" "cargo tree -i CRATE --target wasm32-unknown-unknown shows the way in" scripts/wasm-guard.sh deps
step build "Release build: two bundles, one server" "scripts/build.sh release" scripts/build.sh release
step size "What a first visit loads stays within its budget" "docs/performance.md says what weighs how much" scripts/wasm-guard.sh size
[ ! -e "$logs/size.log" ] || sed 's/^/    /' "$logs/size.log"
step sqlite "The product in the browser, on SQLite" "cd end2end && npx playwright test --project=sqlite" browser_tests sqlite
step postgres "The product in the browser, on PostgreSQL" "cd end2end && npx playwright test --project=postgres" browser_tests postgres
finish 0

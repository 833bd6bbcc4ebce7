#!/usr/bin/env bash
# Everything that CI checks, in order, stopping at the first step that fails. The last line gives the true number of tests.
# Usage: scripts/test.sh [STEP...]   all steps, or those named: fmt clippy clippy-browser domain tests deps site server size sqlite postgres
# The browser bundles are built beside the steps before them: another folder of target/, and mostly one core at a time.
set -euo pipefail
cd "$(dirname "$0")/.."

# The whole run shares one PostgreSQL; this script runs inside it.
if [ -z "${TEST_DATABASE_URL:-}" ]; then
  scripts/setup.sh postgres
  exec scripts/postgres.sh run scripts/test.sh "$@"
fi
steps=" $* "
known="setup fmt clippy clippy-browser domain tests deps site server size sqlite postgres"
for name in "$@"; do
  case " $known " in *" $name "*) ;; *) echo "There is no step '$name'. Remedy: one of: $known" >&2; exit 2 ;; esac
done
logs=target/test-logs
passed=0 failed=0
rm -rf "$logs"
mkdir -p "$logs"

finish() {
  echo
  if [ -s "$logs/flaky" ]; then
    echo "Flaky: passed at the second try, and to be mended"
    sed 's/^/  /' "$logs/flaky"
  fi
  echo "In $((SECONDS / 60)) min $((SECONDS % 60)) s; each step's output is in $logs"
  echo "$passed passed, $failed failed"
  exit "$1"
}

# What Playwright's report says, in one line: passed, failed and skipped tests, and those that needed the second try by their titles.
read_report() {
  node -e '
    const report = JSON.parse(fs.readFileSync(process.argv[1]));
    const { expected, flaky, unexpected, skipped } = report.stats;
    console.log(expected + flaky, unexpected, skipped, flaky);
    const list = (suite) => {
      for (const { file, title, tests } of suite.specs ?? []) {
        for (const { status, projectName } of tests) if (status === "flaky") fs.appendFileSync(process.argv[2], `[${projectName}] ${file}: ${title}\n`);
      }
      (suite.suites ?? []).forEach(list);
    };
    report.suites.forEach(list);' "$1" "$logs/flaky"
}

# tally LOG REPORT: adds what `cargo test` wrote to the log, or Playwright to its report. A test that passed at the second try has passed.
tally() {
  local log=$1 report=$2 good bad idle shaky=0
  if [ -e "$report" ]; then
    read -r good bad idle shaky < <(read_report "$report")
  else
    read -r good bad idle < <(awk '/^test result: / { for (i = 2; i <= NF; i++) { if ($i == "passed;") p += $(i-1); if ($i == "failed;") f += $(i-1); if ($i == "ignored;") g += $(i-1) } } END { print p+0, f+0, g+0 }' "$log")
  fi
  passed=$((passed + good)) failed=$((failed + bad))
  counts=
  [ "$((good + bad + idle))" = 0 ] || counts="$good passed, $bad failed"
  [ "$shaky" = 0 ] || counts="$counts, $shaky flaky"
  [ "$idle" = 0 ] || counts="$counts, $idle not run"
  skipped=$idle
}

# wanted NAME: whether this run has the step.
wanted() { case $steps$1 in "  "* | *" $1 "* | *setup) return 0 ;; *) return 1 ;; esac; }

# beside NAME COMMAND...: begins a step in a process group of its own, beside those that follow.
beside_group=
beside() {
  local name=$1
  shift
  wanted "$name" || return 0
  set -m
  {
    began=$SECONDS code=0
    "$@" >"$logs/$name.log" 2>&1 || code=$?
    echo "$code $((SECONDS - began))" >"$logs/$name.done"
  } </dev/null &
  beside_group=$!
  set +m
}
end_beside() { [ -z "$beside_group" ] || kill -- "-$beside_group" 2>/dev/null || true; }
trap end_beside EXIT

# joined NAME: waits for what was begun beside, and ends as it did.
joined() {
  local code spent
  wait "$beside_group" || true
  beside_group=
  read -r code spent <"$logs/$1.done"
  echo "$spent s beside other steps"
  return "$code"
}

# step NAME HEADLINE REMEDY COMMAND...
step() {
  local name=$1 headline=$2 remedy=$3 began=$SECONDS before=$failed code=0
  shift 3
  wanted "$name" || return 0
  printf '%-62s' "$headline"
  "$@" >>"$logs/$name.log" 2>&1 </dev/null || code=$?
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

lint_browser() {
  local site sites="site-admin site-my-access"
  grep -q '^site-admin = ' Cargo.toml || sites=hydrate
  for site in $sites; do
    cargo clippy --locked --lib --target wasm32-unknown-unknown --no-default-features --features "hydrate,$site" -- -D warnings
  done
}

unit_tests() { timeout 40m cargo test --locked --no-fail-fast; }

# The server that the browser tests run is the one that `cargo test` has compiled already; the bundles are those that are shipped.
server() { cargo build --locked --bin woodgate; }

browser_tests() (
  report=$PWD/$logs/$1.json
  export WOODGATE_BIN=${CARGO_TARGET_DIR:-$PWD/target}/debug/woodgate
  cd end2end
  PLAYWRIGHT_JSON_OUTPUT_FILE=$report timeout 30m node_modules/.bin/playwright test --project="$1" --reporter=list,json
)

step setup "Setting up" "see the lines above" scripts/setup.sh lints wasm bindgen split node chromium postgres python
toolchain=$(scripts/wasm-target.sh)
[ -z "$toolchain" ] || export RUSTUP_TOOLCHAIN=$toolchain
# A first build is quicker without what only the next one would use.
[ -e "${CARGO_TARGET_DIR:-target}/debug/incremental" ] || export CARGO_INCREMENTAL=0

step fmt "Formatting" "cargo fmt" cargo fmt --check
beside site scripts/build.sh site
step clippy "Lints: the server and all tests" "mend what clippy names" cargo clippy --locked --all-targets -- -D warnings
step clippy-browser "Lints: both sites in the browser" "mend what clippy names" lint_browser
step domain "The domain alone, without any framework" "keep I/O and framework names out of src/domain" cargo check --locked --no-default-features
step tests "Guards, unit, store and page tests, on SQLite and PostgreSQL" "cargo test NAME, with TEST_DATABASE_URL from scripts/postgres.sh start" unit_tests
step server "The server for the browser tests" "cargo build --bin woodgate" server
step deps "No crate of the server in the browser" "cargo tree -i CRATE --target wasm32-unknown-unknown shows the way in" scripts/wasm-guard.sh deps
step site "The browser bundles, as they are shipped" "scripts/build.sh site" joined site
[ ! -e "$logs/site.log" ] || tail -n 1 "$logs/site.log" | sed 's/^/    /'
step size "What a first visit loads stays within its budget" "docs/performance.md says what weighs how much" scripts/wasm-guard.sh size
[ ! -e "$logs/size.log" ] || sed 's/^/    /' "$logs/size.log"
step sqlite "The product in the browser, on SQLite" "cd end2end && npx playwright test --project=sqlite" browser_tests sqlite
step postgres "The long stories in the browser, on PostgreSQL" "cd end2end && npx playwright test --project=postgres" browser_tests postgres
finish 0

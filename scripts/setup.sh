#!/usr/bin/env bash
# Brings what the project needs to this machine, part by part, and says nothing about what is already there.
# Usage: scripts/setup.sh PART...   parts: rust lints wasm bindgen split node chromium postgres python wrk
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*" >&2; }
fail() { say "$1"; say "Remedy: $2"; exit 1; }

# apt PROGRAM PACKAGE...: installs the packages that bring the program.
apt() {
  local program=$1 sudo=; shift
  local remedy="apt-get update && apt-get install -y $*"
  command -v apt-get >/dev/null || fail "$program is missing, and this system has no apt-get." "install $program by your system's own means"
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "$program is missing, and installing it needs root." "sudo sh -c '$remedy'"
    sudo="sudo -n"
  fi
  say "Installing $* (apt-get)"
  mkdir -p target
  { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
    >target/setup.log 2>&1 </dev/null || fail "apt-get could not install $* (see target/setup.log)." "$remedy"
}

rust() {
  command -v cargo >/dev/null || fail "cargo is missing." "install Rust from https://rustup.rs"
  command -v cc >/dev/null || apt cc gcc libc6-dev
  local wanted found
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  found=$(rustc --version | cut -d' ' -f2)
  [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] ||
    fail "Rust $found is older than the $wanted that Woodgate needs." "rustup update stable"
}

lints() {
  rust
  local part
  for part in clippy fmt; do
    cargo $part --version >/dev/null 2>&1 || rustup component add ${part/fmt/rustfmt} >/dev/null 2>&1 ||
      fail "cargo $part is missing." "rustup component add ${part/fmt/rustfmt}"
  done
}

wasm() { rust; scripts/wasm-target.sh >/dev/null; }

# The program must be of exactly the version that the lock file names for the library.
bindgen() {
  rust
  local version log
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock)
  [ "$(.tools/bin/wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ] && return
  say "Building wasm-bindgen $version into .tools (about three minutes, once)"
  mkdir -p target .tools
  log=target/setup.log
  local install=(cargo install wasm-bindgen-cli --version "$version" --root .tools --force --quiet)
  CARGO_TARGET_DIR=target/tools "${install[@]}" --locked >"$log" 2>&1 || CARGO_TARGET_DIR=target/tools "${install[@]}" >>"$log" 2>&1 ||
    fail "wasm-bindgen $version could not be built (see $log)." "${install[*]}"
  rm -rf target/tools
}

# What cuts the bundles into parts. It reads the inner form of what wasm-bindgen reads, so both are moved together.
split() {
  rust
  local version=0.2.4 log=target/setup.log
  [ -x .tools/bin/wasm-split-cli ] && grep -q "\"wasm_split_cli_support $version " .tools/.crates.toml && return
  say "Building wasm-split-cli $version into .tools (about a minute, once)"
  mkdir -p target .tools
  local install=(cargo install wasm_split_cli_support --version "$version" --features build-binary --root .tools --force --quiet)
  CARGO_TARGET_DIR=target/tools "${install[@]}" --locked >"$log" 2>&1 || CARGO_TARGET_DIR=target/tools "${install[@]}" >>"$log" 2>&1 ||
    fail "wasm-split-cli $version could not be built (see $log)." "${install[*]}"
  rm -rf target/tools
}

node_() {
  command -v node >/dev/null || apt node nodejs
  command -v npm >/dev/null || apt npm npm
  local major
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  [ "$major" -ge 20 ] || fail "Node $(node --version) is too old: 20 or newer is needed." "install Node 20 or newer from https://nodejs.org"
  [ -e end2end/node_modules/.stamp ] && cmp -s end2end/package-lock.json end2end/node_modules/.stamp && return
  say "Installing the npm packages of end2end"
  mkdir -p target
  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund) >target/setup.log 2>&1 ||
    fail "The npm packages of end2end could not be installed (see target/setup.log)." "cd end2end && npm ci --ignore-scripts"
  cp end2end/package-lock.json end2end/node_modules/.stamp
}

chromium() {
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] && return
  [ -z "${CHROMIUM:-}" ] || fail "CHROMIUM names $CHROMIUM, which cannot be run." "unset CHROMIUM, or let it name a Chromium"
  apt chromium chromium
}

postgres() {
  if [ -n "${TEST_DATABASE_URL:-}" ]; then
    command -v psql >/dev/null || apt psql postgresql-client
    return
  fi
  scripts/postgres.sh binaries >/dev/null 2>&1 && return
  # The package would make and start a cluster of its own, which nobody asked for.
  local conf=/etc/postgresql-common/createcluster.d/woodgate.conf
  [ "$(id -u)" = 0 ] && mkdir -p "${conf%/*}" && echo "create_main_cluster = false" >"$conf"
  apt postgres postgresql
}

# The SDK for Python that replays the API's tutorial, in an environment of its own below target/.
python_() {
  local wanted=end2end/api/requirements.txt
  [ -e target/python/.stamp ] && cmp -s "$wanted" target/python/.stamp && return
  python3 -c 'import ensurepip, venv' 2>/dev/null || apt python3 python3 python3-venv
  say "Installing the Python packages of end2end/api"
  mkdir -p target
  { python3 -m venv --clear target/python && target/python/bin/pip install --quiet --disable-pip-version-check -r "$wanted"; } \
    >target/setup.log 2>&1 || fail "The Python packages of end2end/api could not be installed (see target/setup.log)." "python3 -m venv target/python && target/python/bin/pip install -r $wanted"
  cp "$wanted" target/python/.stamp
}

wrk() { type -P wrk >/dev/null || apt wrk wrk; }

[ $# -gt 0 ] || fail "scripts/setup.sh was called without a part." "scripts/setup.sh rust lints wasm bindgen split node chromium postgres python wrk"
for part in "$@"; do
  case $part in
    rust | lints | wasm | bindgen | split | chromium | postgres | wrk) $part ;;
    node) node_ ;;
    python) python_ ;;
    *) fail "scripts/setup.sh does not know the part '$part'." "one of: rust lints wasm bindgen split node chromium postgres python wrk" ;;
  esac
done

#!/usr/bin/env bash
# Builds Woodgate: one browser bundle a site, in parts; the site's files; the server. What is up to date is left alone.
# Usage: scripts/build.sh [release|dev|site]     site: the release bundles and files without the server
# release: target/release/woodgate and target/site     dev: target/dev/debug/woodgate and target/dev/site, quicker to build and slower to run
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-release}
say() { printf '%s\n' "$*" >&2; }

case $mode in
  release | site) profile=wasm-release out=wasm-release site=target/site ;;
  dev)
    profile=dev out=debug site=target/dev/site
    # A folder of its own keeps the two kinds of build from undoing each other.
    export CARGO_TARGET_DIR=target/dev CARGO_PROFILE_DEV_DEBUG=0
    ;;
  *) say "Usage: scripts/build.sh [release|dev|site]"; exit 2 ;;
esac
folder=${CARGO_TARGET_DIR:-target}
[ "$mode" = dev ] && server=$folder/debug/woodgate || server=$folder/release/woodgate

mkdir -p "$folder"
exec 9>"$folder/.woodgate-build"
flock -n 9 || { say "Another build of Woodgate is running here; waiting for it"; flock 9; }

sources=(.cargo src style public migrations scripts/build.sh scripts/pieces.mjs scripts/code-splitting.mjs scripts/assets.mjs end2end/package-lock.json Cargo.toml Cargo.lock)
# changed STAMP: whether a source is newer than the start of the build that left the stamp.
changed() { [ ! -e "$1" ] || [ -n "$(find "${sources[@]}" -newer "$1" -print -quit)" ]; }
site_stamp=$folder/.woodgate-site-$out
server_stamp=$folder/.woodgate-server-$out
site_is_due() { [ ! -e "$site/manifest.json" ] || changed "$site_stamp"; }
server_is_due() { [ "$mode" != site ] && { [ ! -x "$server" ] || changed "$server_stamp"; }; }
site_is_due || server_is_due || exit 0

toolchain=$(scripts/wasm-target.sh)
[ -z "$toolchain" ] || export RUSTUP_TOOLCHAIN=$toolchain

# The features are named one by one: all of them together give types that browsers of two years ago refuse.
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext --enable-nontrapping-float-to-int --enable-mutable-globals
  --enable-reference-types --enable-multivalue)
# shrink FOLDER MAIN: modules as small as they get once compressed. Parts pack better when they were made quick first; main does not.
shrink() {
  local opt=end2end/node_modules/.bin/wasm-opt
  "$opt" -Oz -Oz "${features[@]}" "$1/$2" -o "$1/$2"
  find "$1" -name '*.wasm' ! -name "$2" -print0 | xargs -0 -P 2 -I '{}' "$opt" -O3 -Os -Os "${features[@]}" '{}' -o '{}'
}

# bundle NAME FEATURE: NAME.wasm, its glue, and a module for each part, in $folder/bundle/NAME/pieces.
# With `cdylib` alone link-time optimisation reaches the bundle; beside an rlib, cargo switches it off. The parts are cut along relocations,
# which the last link writes, and functions' names.
bundle() {
  local name=$1 feature=$2 work=$folder/bundle/$1 made
  mkdir -p "$work"
  say "Building the browser bundle $name"
  cargo rustc --quiet --lib --crate-type cdylib --target wasm32-unknown-unknown --no-default-features --features "hydrate,$feature" --profile "$profile" \
    -- -C link-args=--emit-relocs
  made=$folder/wasm32-unknown-unknown/$out/woodgate.wasm
  local stamp
  stamp=$(cat "$made" scripts/build.sh scripts/pieces.mjs scripts/code-splitting.mjs end2end/package-lock.json | sha256sum)
  [ "$(cat "$work/stamp" 2>/dev/null)" != "$stamp" ] || return 0
  rm -rf "$work"
  mkdir -p "$work/split"
  .tools/bin/wasm-split-cli --target web --out-name "$name" "$made" "$work/split"
  node scripts/pieces.mjs "$mode" "$name" "$work/split" "$work/pieces"
  # What the parts share with main must keep its exports.
  .tools/bin/wasm-bindgen --target web --no-typescript --keep-lld-exports --no-demangle --out-name "$name" --out-dir "$work/bindgen" "$work/pieces/$name.wasm"
  mv "$work/bindgen/${name}_bg.wasm" "$work/pieces/$name.wasm"
  mv "$work/bindgen/$name.js" "$work/pieces/$name.js"
  if [ "$mode" != dev ]; then
    shrink "$work/pieces" "$name.wasm"
  fi
  printf '%s\n' "$stamp" >"$work/stamp"
}

if site_is_due; then
  touch "$site_stamp.new"
  bundle admin site-admin
  bundle my-access site-my-access
  node scripts/assets.mjs "$mode" "$folder/bundle" "$site"
  mv "$site_stamp.new" "$site_stamp"
fi
if server_is_due; then
  say "Building the server"
  touch "$server_stamp.new"
  if [ "$mode" = dev ]; then cargo build --quiet --bin woodgate --features ssr; else cargo build --quiet --release --bin woodgate --features ssr; fi
  mv "$server_stamp.new" "$server_stamp"
fi

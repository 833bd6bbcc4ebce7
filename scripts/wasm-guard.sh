#!/usr/bin/env bash
# Keeps the browser bundles small. Two guards:
#   deps   no crate of the server is in the wasm build's tree
#   size   what a first visit to each page loads (js, wasm and css, brotli) stays within its bound; needs a release build in target/site
# Usage: scripts/wasm-guard.sh deps|size
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*" >&2; }

# leptos_config reads Cargo.toml with regex on the server and cannot be left out; the linker drops it, which `size` proves.
tolerated="regex leptos_config"
forbidden='^(tokio|sqlx|axum|regex|chrono-tz|hyper|tower)(-|_|$)'

deps() {
  local site tree name parents failed=0
  for site in site-admin site-my-access; do
    tree=(cargo tree --locked --target wasm32-unknown-unknown --no-default-features --features "hydrate,$site" --edges "normal,no-proc-macro" --prefix none --format '{lib}')
    while read -r name; do
      [ -n "$name" ] || continue
      case $name in regex_automata | regex_syntax) continue ;; esac
      parents=$("${tree[@]}" --invert "$name" --depth 1 | sed 1d | sort -u | paste -sd' ')
      [ "$name $parents" != "$tolerated" ] || continue
      say "$name is in the browser bundle of $site, brought by: $parents"
      failed=1
    done < <("${tree[@]}" | awk '{print $1}' | sort -u | grep -E "$forbidden" || true)
  done
  [ $failed = 0 ] || { say "Remedy: keep it under [target.'cfg(not(target_family = \"wasm\"))'.dependencies] and the feature ssr"; return 1; }
  echo "No crate of the server is in the browser bundles"
}

size() {
  [ -e target/site/manifest.json ] || { say "There is no release build. Remedy: scripts/build.sh"; return 1; }
  local file
  for file in target/site/pkg/*.wasm; do
    if grep -qaE 'regex[-_](automata|syntax)|tokio-1|sqlx-' "$file"; then
      say "${file##*/} holds code of regex, tokio or sqlx. Remedy: look for what calls it (leptos_config::get_configuration, for one)"
      return 1
    fi
  done
  node scripts/sizes.mjs
}

case ${1:-} in
  deps) deps ;;
  size) size ;;
  *) say "Usage: scripts/wasm-guard.sh deps|size"; exit 2 ;;
esac

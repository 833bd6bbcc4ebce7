#!/usr/bin/env bash
# Keeps the browser bundles small. Two guards:
#   deps   no crate of the server is in the wasm build's tree
#   size   what a first visit loads (js, wasm and css, brotli) stays within the budget; needs a release build in target/site
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

# weigh SITE BUDGET: the figures of one site, in bytes, scripts of public/ included; 1,000 to a KB.
weigh() {
  local name=$1 budget=$2 total=0 kind file bytes line
  for file in target/site/*.js.br; do
    [ -e "$file" ] && total=$((total + $(stat -c %s "$file")))
  done
  line=$name:
  for kind in js wasm css; do
    file=target/site$(node -p "JSON.parse(fs.readFileSync('target/site/manifest.json'))['$name'].$kind")
    if [ "$kind" = wasm ] && grep -qaE 'regex[-_](automata|syntax)|tokio-1|sqlx-' "$file"; then
      say "The bundle $name holds code of regex, tokio or sqlx. Remedy: look for what calls it (leptos_config::get_configuration, for one)"
      return 1
    fi
    bytes=$(stat -c %s "$file.br")
    total=$((total + bytes))
    line="$line $kind $bytes,"
  done
  echo "$line together $total of $budget bytes"
  [ "$total" -le "$budget" ] || { say "The site $name is $((total - budget)) bytes over its budget. Remedy: see docs/performance.md"; return 1; }
}

case ${1:-} in
  deps) deps ;;
  size)
    [ -e target/site/manifest.json ] || { say "There is no release build. Remedy: scripts/build.sh"; exit 1; }
    weigh my-access 250000
    # 400,000 once the admin area is loaded in parts: docs/performance.md.
    weigh admin 405000
    ;;
  *) say "Usage: scripts/wasm-guard.sh deps|size"; exit 2 ;;
esac

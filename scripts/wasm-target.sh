#!/usr/bin/env bash
# Prints the name of a rustup toolchain that can build for wasm32-unknown-unknown (nothing = the active one), making one where there is none.
# Order: the active toolchain; one made here before; `rustup target add`; the distribution's compiler, with a standard library built once from its sources.
set -euo pipefail
cd "$(dirname "$0")/.."
target=wasm32-unknown-unknown
packages="rustc-web cargo-web rust-web-src rust-web-llvm lld-22 rust-web-clippy rustfmt-web"
remedy="Remedy: rustup target add $target"
has_target() { test -d "$("$@" --print target-libdir --target "$target" 2>/dev/null)"; }
say() { printf '%s\n' "$*" >&2; }
# What writes outside the project is root's.
sudo=
as_root() {
  [ "$(id -u)" != 0 ] || return 0
  sudo -n true 2>/dev/null || { say "The $target target is missing, and installing it needs root. $remedy"; exit 1; }
  sudo="sudo -n"
}

if has_target rustc; then exit 0; fi
if command -v rustup >/dev/null; then
  if rustup toolchain list | grep -q '^debian' && has_target rustup run debian rustc; then echo debian; exit 0; fi
  if rustup target add "$target" >/dev/null 2>&1 && has_target rustc; then exit 0; fi
fi

# shellcheck disable=SC2086
if ! dpkg -s $packages >/dev/null 2>&1; then
  command -v apt-get >/dev/null || { say "The $target target is missing and cannot be downloaded. $remedy"; exit 1; }
  as_root
  say "Installing the distribution's Rust compiler for the wasm half (apt-get)"
  mkdir -p target
  { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } >target/setup.log 2>&1 ||
    { say "apt-get could not install rustc-web (see target/setup.log). Remedy: install it as root, or run: rustup target add $target"; exit 1; }
fi
if ! has_target /usr/bin/rustc; then
  as_root
  say "Building the wasm standard library once (about two minutes)"
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  mkdir "$scratch/src"
  printf '#![no_std]\n' >"$scratch/src/lib.rs"
  printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n' >"$scratch/Cargo.toml"
  (cd "$scratch" && RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$scratch/target" /usr/bin/cargo build --quiet \
    -Z build-std=std,panic_abort,panic_unwind,proc_macro,test --release --target "$target" >&2)
  libdir=/usr/lib/rustlib/$target/lib
  $sudo mkdir -p "$libdir"
  rm -f "$scratch"/target/"$target"/release/deps/libscratch-*
  $sudo cp "$scratch"/target/"$target"/release/deps/*.rlib "$libdir/"
fi
command -v rustup >/dev/null || exit 0
rustup toolchain list | grep -q '^debian' || rustup toolchain link debian /usr
echo debian

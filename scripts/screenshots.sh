#!/usr/bin/env bash
# Takes the README's pictures of both sites from the running product, into docs/images.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh rust wasm bindgen split node chromium
scripts/build.sh release
cd end2end
exec node_modules/.bin/playwright test --project=pictures

#!/usr/bin/env bash
# Lists the rows of docs/features.md that no test names, and those that a test names but the list does not call working.
# Usage: scripts/features.sh
set -euo pipefail
cd "$(dirname "$0")/.."

named=$({
  grep -rhoE '\bfn (f[0-9]{3}_)+' src --include='*.rs'
  grep -rhoE "^ *test\\([\"'\`](F[0-9]{3} )+" end2end/tests --include='*.spec.ts'
} | grep -oiE 'f[0-9]{3}' | tr f F | sort -u)

# rows STATE: the rows in that state.
rows() { sed -nE "s/^\| (F[0-9]{3}) \|.*\| $1 \|$/\1/p" docs/features.md | sort; }

show() {
  local headline=$1 row
  shift
  echo "$headline"
  for row in "$@"; do sed -nE "s/^\| ($row) \| (.*) \| ([a-z]+) \|$/  \1  \3  \2/p" docs/features.md; done
}

mapfile -t unnamed < <(comm -23 <(rows '[a-z]+') <(echo "$named"))
mapfile -t unclaimed < <(comm -12 <(rows '(partly|planned)') <(echo "$named"))
show "Rows that no test names:" "${unnamed[@]}"
show "Rows that a test names and the list does not call working:" "${unclaimed[@]}"
for state in works partly planned; do printf '%4d %s\n' "$(rows $state | wc -l)" "$state"; done

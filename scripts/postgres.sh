#!/usr/bin/env bash
# A PostgreSQL for tests, private to whoever asks: own data folder, own port on 127.0.0.1, own password, gone afterwards.
# Usage: scripts/postgres.sh run COMMAND...   runs it with TEST_DATABASE_URL set, and stops the cluster after it
#        scripts/postgres.sh start|stop       a cluster that stays; `start` prints its URL (asked again: the same one)
#        scripts/postgres.sh binaries         prints the folder of the server's programs
# Where TEST_DATABASE_URL is set already, that server is used and nothing is started.
set -euo pipefail
say() { printf '%s\n' "$*" >&2; }

binaries() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr) "$(dirname "$(command -v pg_ctl || echo /none/pg_ctl)")"; do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/psql" ] && { echo "$folder"; return; }
  done
  say "The PostgreSQL server programs are missing."
  say "Remedy: scripts/setup.sh postgres, or set TEST_DATABASE_URL to a server where databases may be created"
  return 1
}

# initdb and the server refuse to run as root, so there they run as the user that the package made.
as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# begin FOLDER: makes and starts a cluster there and writes its URL to FOLDER/url.
begin() {
  local folder=$1 bin port password
  bin=$(binaries)
  port=$(free_port)
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  chmod 700 "$folder"
  mkdir -p "$folder/socket"
  printf '%s\n' "$password" >"$folder/password"
  [ "$(id -u)" != 0 ] || chown -R postgres "$folder"
  cd "$folder"
  {
    as_owner "$bin/initdb" -D "$folder/data" -U woodgate -A scram-sha-256 --pwfile="$folder/password" -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 &&
      as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" start -o "-h 127.0.0.1 -p $port -k '$folder/socket' \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB" >/dev/null 2>&1
  } || {
    say "PostgreSQL did not start:"
    tail -n 5 "$folder/data/log" >&2 2>/dev/null || tail -n 5 "$folder/log" >&2
    say "Remedy: set TEST_DATABASE_URL to a server where databases may be created"
    return 1
  }
  echo "postgres://woodgate:$password@127.0.0.1:$port/postgres" >"$folder/url"
}

end() {
  local folder=$1
  [ -d "$folder" ] || return 0
  cd /
  if [ -e "$folder/data/postmaster.pid" ]; then as_owner "$(binaries)/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true; fi
  rm -rf "$folder"
}

kept=${WOODGATE_POSTGRES:-${TMPDIR:-/tmp}/woodgate-postgres.$(id -u)}
case ${1:-} in
  binaries) binaries ;;
  run)
    shift
    if [ -n "${TEST_DATABASE_URL:-}" ]; then exec "$@"; fi
    folder=$(mktemp -d "${TMPDIR:-/tmp}/woodgate-postgres.XXXXXX")
    trap 'end "$folder"' EXIT
    trap 'exit 130' INT TERM HUP
    here=$PWD
    begin "$folder"
    cd "$here"
    TEST_DATABASE_URL=$(cat "$folder/url") "$@"
    ;;
  start)
    if [ -n "${TEST_DATABASE_URL:-}" ]; then echo "$TEST_DATABASE_URL"; exit; fi
    if [ -O "$kept" ] || [ "$(stat -c %U "$kept" 2>/dev/null)" = postgres ]; then
      if [ -e "$kept/url" ] && as_owner "$(binaries)/pg_ctl" -D "$kept/data" status >/dev/null 2>&1; then cat "$kept/url"; exit; fi
      end "$kept"
    fi
    mkdir -m 700 "$kept"
    begin "$kept"
    cat "$kept/url"
    ;;
  stop) end "$kept" ;;
  *) say "Usage: scripts/postgres.sh run COMMAND... | start | stop | binaries"; exit 2 ;;
esac

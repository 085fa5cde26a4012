#!/bin/sh
# A throw-away PgBouncer before a server: says its URL on standard output once it answers, and is gone when
# standard input closes. Transactions share a few server connections, so that they meet each other's leavings.
#
#     pgbouncer.sh SOCKET-FOLDER PORT
set -eu

trap '' INT HUP

bin=${HOESU_PGBOUNCER:-}
if [ -z "$bin" ]; then
    for known in /usr/sbin/pgbouncer $(command -v pgbouncer || true); do
        [ -x "$known" ] && bin=$known && break
    done
fi
if [ -z "$bin" ]; then
    echo "PgBouncer not found: run 'apt-get install pgbouncer', or set HOESU_PGBOUNCER to the program" >&2
    exit 1
fi

dir=$(mktemp -d /tmp/hoesu-pgb.XXXXXX)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/ini" <<END
[databases]
* = host=$1 port=$2
[pgbouncer]
unix_socket_dir = $dir
listen_addr =
listen_port = 6432
auth_type = trust
auth_file = $dir/users
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
logfile = $dir/log
END
echo '"hoesu" ""' >"$dir/users"

# It refuses to run as root, as PostgreSQL does.
as=
if [ "$(id -u)" = 0 ]; then
    chown -R postgres "$dir"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups --"
fi
$as "$bin" -q "$dir/ini" >"$dir/said" 2>&1 &
bouncer=$!

tries=0
until psql --no-psqlrc -qAt -d "postgresql://hoesu@/postgres?host=$dir&port=6432" -c 'SELECT 1' >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$bouncer" 2>/dev/null; then
        kill -TERM "$bouncer" 2>/dev/null || true
        cat "$dir/said" "$dir/log" >&2 || true
        exit 1
    fi
    sleep 0.1
done

echo "postgresql://hoesu@/postgres?host=$dir&port=6432"
exec >/dev/null 2>&1
cat || true
kill -TERM "$bouncer" 2>/dev/null || true
wait "$bouncer" || true

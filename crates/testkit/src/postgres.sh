#!/bin/sh
# A throw-away PostgreSQL server: says its URL on standard output once it answers, and is gone, with
# everything in it, when standard input closes. Unix socket only; nothing survives, so nothing is synced.
#
# With a folder as its argument and a port as its second, the server listens on that port of 127.0.0.1 too,
# and the folder's files are put beside its data: `more.conf` is read last, and a `pg_hba.conf` replaces its
# own.
set -eu

with=${1:-}
port=${2:-5432}

# Whoever holds the other end of standard input decides when this ends; a Ctrl-C reaches them first.
trap '' INT HUP

bin=${HOESU_POSTGRES_BIN:-}
if [ -z "$bin" ]; then
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -n | tail -n 1)
fi
if [ -z "$bin" ] && command -v initdb >/dev/null; then
    bin=$(dirname "$(command -v initdb)")
fi
if [ ! -x "$bin/initdb" ] || [ ! -x "$bin/postgres" ]; then
    echo "PostgreSQL not found: run 'apt-get install postgresql', or set HOESU_POSTGRES_BIN to the folder of initdb, or HOESU_TEST_POSTGRES to the URL of a server's maintenance database" >&2
    exit 1
fi

# A socket's path may be 107 bytes long, so this stays in /tmp whatever TMPDIR says.
dir=$(mktemp -d /tmp/hoesu-pg.XXXXXX)
trap 'rm -rf "$dir"' EXIT

# PostgreSQL refuses to run as root; its package has made a user for it.
as=
if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups --"
fi

# Korean order, as a server set up in Korea has: whoever relies on byte order has to say so in SQL.
cd "$dir"
$as "$bin/initdb" --pgdata="$dir/data" --username=hoesu --auth=trust --no-sync --encoding=UTF8 \
    --locale=C.UTF-8 --locale-provider=icu --icu-locale=ko >"$dir/log" 2>&1 ||
    { cat "$dir/log" >&2; exit 1; }
# Members of this role are asked for a password; everybody else is trusted.
{ echo 'local all +hoesu_with_password scram-sha-256'; cat "$dir/data/pg_hba.conf"; } >"$dir/hba"
cat "$dir/hba" >"$dir/data/pg_hba.conf"
addresses=
if [ -n "$with" ]; then
    addresses=127.0.0.1
    $as touch "$dir/data/more.conf"
    for file in "$with"/*; do
        $as sh -c 'umask 077; cat >"$1"' sh "$dir/data/${file##*/}" <"$file"
    done
    echo "include 'more.conf'" >>"$dir/data/postgresql.conf"
fi
$as "$bin/postgres" -D "$dir/data" -k "$dir" -p "$port" -c "listen_addresses=$addresses" -c max_connections=300 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >>"$dir/log" 2>&1 &
server=$!

tries=0
until "$bin/pg_isready" --quiet --host="$dir" --port="$port" --username=hoesu --dbname=postgres; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$server" 2>/dev/null; then
        kill -QUIT "$server" 2>/dev/null || true
        cat "$dir/log" >&2
        exit 1
    fi
    sleep 0.1
done

where="host=$dir"
[ "$port" = 5432 ] || where="$where&port=$port"
echo "postgresql://hoesu@/postgres?$where"
exec >/dev/null 2>&1
cat || true
kill -QUIT "$server" 2>/dev/null || true
wait "$server" || true

# What a machine needs before hoesu can be built or tested on it, and how Debian gives it.
# Sourced by ./demo and ./check, which stand at the root of the repository.

# The oldest toolchain that builds hoesu: the manifest says it, nothing else does.
rust_wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)

# A toolchain made by rustup is not on everybody's PATH.
if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
    PATH=$HOME/.cargo/bin:$PATH
fi

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "This needs root, and there is no sudo. As root, run: $*"
        return 1
    fi
}

# Installs Debian packages; the lists are fetched once.
packages() {
    if ! command -v apt-get >/dev/null; then
        say "This machine has no apt-get. Please install what Debian calls: $*"
        return 1
    fi
    say "Installing $*"
    if [ -z "${lists_fetched:-}" ]; then
        as_root apt-get update -qq
        lists_fetched=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Whether cargo and rustc are there and new enough.
rust_is_new_enough() {
    local tool have
    for tool in cargo rustc; do
        have=$("$tool" --version 2>/dev/null) || return 1
        have=${have#* }
        printf '%s\n' "$rust_wanted" "${have%%[ -]*}" | sort --version-sort --check=silent || return 1
    done
}

# A Rust toolchain. Debian's are `rustc` (1.63 on Debian 12, too old) and `rustc-web` (what Debian
# builds its browsers with: always recent).
need_rust() {
    if ! rust_is_new_enough; then
        packages rustc-web cargo-web ca-certificates
        PATH=/usr/bin:$PATH # before an older one in a home folder
        hash -r
    fi
    if ! rust_is_new_enough; then
        say "hoesu needs Rust $rust_wanted or newer; this machine offers $(rustc --version). With rustup: rustup update stable"
        return 1
    fi
}

# A C compiler and the C library's headers: SQLite is compiled in.
need_c() {
    if ! command -v cc >/dev/null || ! printf '#include <stdio.h>\n' | cc -E - >/dev/null 2>&1; then
        packages gcc libc6-dev
    fi
}

# What the calls in the README are made with.
need_curl() {
    command -v curl >/dev/null || packages curl
}

# What a published client of a channel is tested with, in an environment of its own.
need_python() {
    python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || packages python3 python3-venv
}

# rustfmt and clippy, of the same origin as the toolchain.
need_lints() {
    cargo fmt --version >/dev/null 2>&1 || packages rustfmt-web
    cargo clippy --version >/dev/null 2>&1 || packages rust-web-clippy
}

# What the console is tried in: Chromium, a font that has Hangul, and node to drive it. Debian 12 has
# Node 18: the driver's version is chosen for it.
need_browser() {
    local wanted=()
    command -v chromium >/dev/null || wanted+=(chromium)
    command -v node >/dev/null || wanted+=(nodejs)
    command -v npm >/dev/null || wanted+=(npm)
    fc-list :lang=ko 2>/dev/null | grep -q . || wanted+=(fonts-nanum fontconfig)
    [ "${#wanted[@]}" = 0 ] || packages "${wanted[@]}"
    npm ci --prefix crates/console/tests/browser --no-audit --no-fund --silent >&2
}

# A PostgreSQL server's programs. Its package would also start a server for everybody; we only want
# the programs, and say so where the package looks.
need_postgres() {
    if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
        return
    fi
    local quiet=/etc/postgresql-common/createcluster.d/hoesu.conf
    as_root mkdir -p "${quiet%/*}"
    echo 'create_main_cluster = false' | as_root tee "$quiet" >/dev/null
    packages postgresql
    as_root rm -f "$quiet"
}

# PgBouncer's program, which transactions of the tests go through. Its package would start one for everybody.
need_pgbouncer() {
    if [ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null; then
        return
    fi
    packages pgbouncer
    if [ -d /run/systemd/system ]; then
        as_root systemctl disable --now --quiet pgbouncer
    elif [ -x /etc/init.d/pgbouncer ]; then
        as_root /etc/init.d/pgbouncer stop >/dev/null
    fi
}

# Handy recipes; none is needed: ./demo and ./check are the two commands.

# List the recipes.
default:
    @just --list

# Build and run the demo.
demo *arguments:
    ./demo {{arguments}}

# Everything that must hold before a change lands.
check:
    ./check

# Format the sources.
fmt:
    cargo fmt --all

# Lints of one crate, as CI has them.
lint crate:
    cargo clippy -p {{crate}} --all-targets -- -D warnings

# Tests of one crate.
test crate *arguments:
    cargo test -p {{crate}} {{arguments}}

# The laws of the repository: arrows, migrations, licences, names.
law:
    cargo test -p hoesu-testkit --test law

# A PostgreSQL for tests, until Ctrl-D; export the URL it prints as HOESU_TEST_POSTGRES.
postgres:
    sh crates/testkit/src/postgres.sh

# Thirty days of a market with everything going wrong, and a hub killed again and again: about an hour.
soak:
    HOESU_SOAK=long cargo test -p hoesu --release --test soak so_it_is -- --nocapture

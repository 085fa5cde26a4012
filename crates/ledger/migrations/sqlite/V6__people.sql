-- Who may see what, and who saw it. Instants are milliseconds since 1970 (UTC).

-- Somebody who signs in, kept in the books of the seller where they were added. `password` is a PHC
-- string, NULL until a link was followed; `code` the sealed secret of an authenticator, `code_step` the
-- last step of it that was used.
CREATE TABLE person (
    seller      INTEGER NOT NULL,
    person      INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    password    TEXT,
    code        BLOB,
    code_step   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    disabled_at INTEGER,
    PRIMARY KEY (seller, person)
) STRICT, WITHOUT ROWID;

-- Who may see this seller, and as what; people of other sellers' books (`home`) among them.
CREATE TABLE membership (
    seller   INTEGER NOT NULL,
    home     INTEGER NOT NULL,
    person   INTEGER NOT NULL,
    role     TEXT    NOT NULL,
    since_at INTEGER NOT NULL,
    PRIMARY KEY (seller, home, person)
) STRICT, WITHOUT ROWID;

-- The directory: from a sign-in name (a keyed hash of it) to whose it is. It finds the seller, so it
-- cannot lead with it.
CREATE TABLE sign_in (
    handle BLOB    NOT NULL,
    seller INTEGER NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (handle)
) STRICT, WITHOUT ROWID;

-- Failed sign-ins by name and by address (keyed hashes of them): whoever fails is nobody's yet.
CREATE TABLE sign_in_attempt (
    handle       BLOB    NOT NULL,
    failures     INTEGER NOT NULL,
    failed_at    INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    PRIMARY KEY (handle)
) STRICT, WITHOUT ROWID;

-- Who is signed in. The token is stored nowhere, only the SHA-256 of its secret. `shown` is the seller
-- looked at; `stage` says whether a code is still asked for.
CREATE TABLE session (
    seller    INTEGER NOT NULL,
    session   INTEGER NOT NULL,
    person    INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    stage     TEXT    NOT NULL,
    shown     INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    seen_at   INTEGER NOT NULL,
    PRIMARY KEY (seller, session)
) STRICT, WITHOUT ROWID;

-- Links that let somebody in once, to choose a password. Seller 0 and person 0 are the first start's.
CREATE TABLE link (
    seller   INTEGER NOT NULL,
    link     INTEGER NOT NULL,
    person   INTEGER NOT NULL,
    use_for  TEXT    NOT NULL,
    hash     BLOB    NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (seller, link)
) STRICT, WITHOUT ROWID;

-- The access log: only ever added to, each line chained to the one before by `chain`, a keyed hash.
CREATE TABLE access_log (
    seller INTEGER NOT NULL,
    no     INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    who    TEXT    NOT NULL,
    origin TEXT    NOT NULL,
    what   TEXT    NOT NULL,
    whose  TEXT    NOT NULL,
    reason BLOB    NOT NULL,
    chain  BLOB    NOT NULL,
    PRIMARY KEY (seller, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_log_by_time ON access_log (seller, at);

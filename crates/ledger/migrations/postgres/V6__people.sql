-- Who may see what, and who saw it. Instants are milliseconds since 1970 (UTC).

-- Somebody who signs in, kept in the books of the seller where they were added. `password` is a PHC
-- string, NULL until a link was followed; `code` the sealed secret of an authenticator, `code_step` the
-- last step of it that was used.
CREATE TABLE person (
    seller      BIGINT  NOT NULL,
    person      BIGINT  NOT NULL,
    name        TEXT    NOT NULL,
    password    TEXT,
    code        BYTEA,
    code_step   BIGINT  NOT NULL,
    created_at  BIGINT  NOT NULL,
    disabled_at BIGINT,
    PRIMARY KEY (seller, person)
);

-- Who may see this seller, and as what; people of other sellers' books (`home`) among them.
CREATE TABLE membership (
    seller   BIGINT  NOT NULL,
    home     BIGINT  NOT NULL,
    person   BIGINT  NOT NULL,
    role     TEXT    NOT NULL,
    since_at BIGINT  NOT NULL,
    PRIMARY KEY (seller, home, person)
);

-- The directory: from a sign-in name (a keyed hash of it) to whose it is. It finds the seller, so it
-- cannot lead with it.
CREATE TABLE sign_in (
    handle BYTEA   NOT NULL,
    seller BIGINT  NOT NULL,
    person BIGINT  NOT NULL,
    PRIMARY KEY (handle)
);

-- Failed sign-ins by name and by address (keyed hashes of them): whoever fails is nobody's yet.
CREATE TABLE sign_in_attempt (
    handle       BYTEA   NOT NULL,
    failures     BIGINT  NOT NULL,
    failed_at    BIGINT  NOT NULL,
    locked_until BIGINT  NOT NULL,
    PRIMARY KEY (handle)
);

-- Who is signed in. The token is stored nowhere, only the SHA-256 of its secret. `shown` is the seller
-- looked at; `stage` says whether a code is still asked for.
CREATE TABLE session (
    seller    BIGINT  NOT NULL,
    session   BIGINT  NOT NULL,
    person    BIGINT  NOT NULL,
    hash      BYTEA   NOT NULL,
    stage     TEXT    NOT NULL,
    shown     BIGINT  NOT NULL,
    opened_at BIGINT  NOT NULL,
    seen_at   BIGINT  NOT NULL,
    PRIMARY KEY (seller, session)
);

-- Links that let somebody in once, to choose a password. Seller 0 and person 0 are the first start's.
CREATE TABLE link (
    seller   BIGINT  NOT NULL,
    link     BIGINT  NOT NULL,
    person   BIGINT  NOT NULL,
    use_for  TEXT    NOT NULL,
    hash     BYTEA   NOT NULL,
    until_at BIGINT  NOT NULL,
    PRIMARY KEY (seller, link)
);

-- The access log: only ever added to, each line chained to the one before by `chain`, a keyed hash.
CREATE TABLE access_log (
    seller BIGINT  NOT NULL,
    no     BIGINT  NOT NULL,
    at     BIGINT  NOT NULL,
    who    TEXT    NOT NULL,
    origin TEXT    NOT NULL,
    what   TEXT    NOT NULL,
    whose  TEXT    NOT NULL,
    reason BYTEA   NOT NULL,
    chain  BYTEA   NOT NULL,
    PRIMARY KEY (seller, no)
);
CREATE INDEX access_log_by_time ON access_log (seller, at);

-- What an integration shows to read through our own API. The secret itself is stored nowhere, only its
-- SHA-256: it is 256 random bits, which nobody guesses. A revoked key stays, with when it ended.
CREATE TABLE api_key (
    seller     INTEGER NOT NULL,
    key        INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    hash       BLOB    NOT NULL,
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (seller, key)
) STRICT, WITHOUT ROWID;

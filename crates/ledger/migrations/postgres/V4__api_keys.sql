-- What an integration shows to read through our own API. The secret itself is stored nowhere, only its
-- SHA-256: it is 256 random bits, which nobody guesses. A revoked key stays, with when it ended.
CREATE TABLE api_key (
    seller     BIGINT  NOT NULL,
    key        BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    hash       BYTEA   NOT NULL,
    scopes     TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (seller, key)
);

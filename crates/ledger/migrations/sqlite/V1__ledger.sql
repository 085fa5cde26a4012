-- What hoesu remembers. Every key leads with the seller; instants are milliseconds since 1970 (UTC).

-- Facts about the ledger itself, such as which master key it was made with.
CREATE TABLE ledger (
    name  TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- A tenant. `seq` is the last number given in its change sequence.
CREATE TABLE seller (
    seller     INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (seller)
) STRICT, WITHOUT ROWID;

-- The seller's data keys, wrapped by the master key. A sealed value names the one it was made with.
CREATE TABLE seller_key (
    seller     INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    wrapped    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (seller, generation)
) STRICT, WITHOUT ROWID;

-- One seller's contract on one channel.
CREATE TABLE account (
    seller     INTEGER NOT NULL,
    account    INTEGER NOT NULL,
    channel    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    enabled    INTEGER NOT NULL,
    settings   TEXT    NOT NULL,
    secrets    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (seller, account)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_by_name ON account (seller, name);

-- The directory: from what a caller shows (a keyed hash of it) to whose it is. It finds the seller,
-- so it cannot lead with it.
CREATE TABLE credential (
    handle  BLOB    NOT NULL,
    seller  INTEGER NOT NULL,
    account INTEGER NOT NULL,
    PRIMARY KEY (handle)
) STRICT, WITHOUT ROWID;

-- All documents of one kind of one account. `documents` is the last number given on it.
CREATE TABLE shelf (
    seller    INTEGER NOT NULL,
    shelf     INTEGER NOT NULL,
    account   INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    documents INTEGER NOT NULL,
    PRIMARY KEY (seller, shelf)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX shelf_by_kind ON shelf (seller, account, kind);

-- One document: which version is the current one, when its content was heard first (`first_at`) and last
-- (`heard_at`; `received` parts hearings of one instant), and what lists need of it. `card` holds its states and
-- moments, `marks` what the channel told beside its bodies and when each mark was heard. `dated` is 1 if the
-- channel's time of change moves with every change.
CREATE TABLE document (
    seller      INTEGER NOT NULL,
    shelf       INTEGER NOT NULL,
    key         TEXT    NOT NULL,
    no          INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    versions    INTEGER NOT NULL,
    first_at    INTEGER NOT NULL,
    heard_at    INTEGER NOT NULL,
    received    INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    dated       INTEGER NOT NULL,
    digest      BLOB    NOT NULL,
    marks       TEXT    NOT NULL,
    rank_at     INTEGER NOT NULL,
    rank_tie    INTEGER NOT NULL,
    card        TEXT    NOT NULL,
    PRIMARY KEY (seller, shelf, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_by_seq ON document (seller, shelf, seq);

-- What a channel said, verbatim and sealed; never deleted, and never updated but for when its content was heard
-- first and last (`first_at`, `last_at`, `received`, and `observed_at` of the first version of a content), which is
-- the same for all versions of one content of a document. When the current content was heard last is said by the document's row.
-- A table with row numbers: in one without, a body of the usual size would spill into a page of its own.
CREATE TABLE version (
    seller      INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    shelf       INTEGER NOT NULL,
    no          INTEGER NOT NULL,
    key         TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    observed_at INTEGER NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    received    INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    media       TEXT    NOT NULL,
    digest      BLOB    NOT NULL,
    marks       TEXT    NOT NULL,
    terms       TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    PRIMARY KEY (seller, seq)
) STRICT;
CREATE UNIQUE INDEX version_of_document ON version (seller, shelf, no, version);

-- The exact values the current version can be found by; personal ones are keyed hashes. `term` is the
-- number of a word.
CREATE TABLE term (
    seller INTEGER NOT NULL,
    term   INTEGER NOT NULL,
    value  TEXT    NOT NULL,
    shelf  INTEGER NOT NULL,
    no     INTEGER NOT NULL,
    PRIMARY KEY (seller, term, value, shelf, no)
) STRICT, WITHOUT ROWID;

-- Keyed signatures of searchable text: they say where a part of a text cannot be.
CREATE TABLE text_signature (
    seller    INTEGER NOT NULL,
    shelf     INTEGER NOT NULL,
    text      TEXT    NOT NULL,
    no        INTEGER NOT NULL,
    signature BLOB    NOT NULL,
    PRIMARY KEY (seller, shelf, text, no)
) STRICT, WITHOUT ROWID;

-- Records that could not become documents, kept sealed.
CREATE TABLE refusal (
    seller      INTEGER NOT NULL,
    no          INTEGER NOT NULL,
    account     INTEGER NOT NULL,
    observed_at INTEGER NOT NULL,
    place       TEXT    NOT NULL,
    field       TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    digest      BLOB    NOT NULL,
    body        BLOB    NOT NULL,
    PRIMARY KEY (seller, no)
) STRICT;
CREATE UNIQUE INDEX refusal_by_digest ON refusal (seller, account, digest);

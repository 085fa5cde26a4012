-- What hoesu remembers. Every key leads with the seller; instants are milliseconds since 1970 (UTC).

-- Facts about the ledger itself, such as which master key it was made with.
CREATE TABLE ledger (
    name  TEXT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (name)
);

-- A tenant. `seq` is the last number given in its change sequence.
CREATE TABLE seller (
    seller     BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    seq        BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (seller)
);

-- The seller's data keys, wrapped by the master key. A sealed value names the one it was made with.
CREATE TABLE seller_key (
    seller     BIGINT  NOT NULL,
    generation BIGINT  NOT NULL,
    wrapped    BYTEA   NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (seller, generation)
);

-- One seller's contract on one channel.
CREATE TABLE account (
    seller     BIGINT  NOT NULL,
    account    BIGINT  NOT NULL,
    channel    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    enabled    BIGINT  NOT NULL,
    settings   TEXT    NOT NULL,
    secrets    BYTEA   NOT NULL,
    created_at BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    PRIMARY KEY (seller, account)
);
CREATE UNIQUE INDEX account_by_name ON account (seller, name);

-- The directory: from what a caller shows (a keyed hash of it) to whose it is. It finds the seller,
-- so it cannot lead with it.
CREATE TABLE credential (
    handle  BYTEA   NOT NULL,
    seller  BIGINT  NOT NULL,
    account BIGINT  NOT NULL,
    PRIMARY KEY (handle)
);

-- All documents of one kind of one account. `documents` is the last number given on it.
CREATE TABLE shelf (
    seller    BIGINT  NOT NULL,
    shelf     BIGINT  NOT NULL,
    account   BIGINT  NOT NULL,
    kind      TEXT    NOT NULL,
    documents BIGINT  NOT NULL,
    PRIMARY KEY (seller, shelf)
);
CREATE UNIQUE INDEX shelf_by_kind ON shelf (seller, account, kind);

-- One document: which version is the current one, when its content was heard first (`first_at`) and last
-- (`heard_at`; `received` parts hearings of one instant), and what lists need of it. `card` holds its states and
-- moments, `marks` what the channel told beside its bodies and when each mark was heard. `dated` is 1 if the
-- channel's time of change moves with every change.
CREATE TABLE document (
    seller      BIGINT  NOT NULL,
    shelf       BIGINT  NOT NULL,
    key         TEXT    COLLATE "C" NOT NULL,
    no          BIGINT  NOT NULL,
    seq         BIGINT  NOT NULL,
    versions    BIGINT  NOT NULL,
    first_at    BIGINT  NOT NULL,
    heard_at    BIGINT  NOT NULL,
    received    BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    dated       BIGINT  NOT NULL,
    digest      BYTEA   NOT NULL,
    marks       TEXT    NOT NULL,
    rank_at     BIGINT  NOT NULL,
    rank_tie    BIGINT  NOT NULL,
    card        TEXT    NOT NULL,
    PRIMARY KEY (seller, shelf, key)
);
CREATE INDEX document_by_seq ON document (seller, shelf, seq);

-- What a channel said, verbatim and sealed; never deleted, and never updated but for when its content was heard
-- first and last (`first_at`, `last_at`, `received`, and `observed_at` of the first version of a content), which is
-- the same for all versions of one content of a document. When the current content was heard last is said by the document's row.
CREATE TABLE version (
    seller      BIGINT  NOT NULL,
    seq         BIGINT  NOT NULL,
    shelf       BIGINT  NOT NULL,
    no          BIGINT  NOT NULL,
    key         TEXT    COLLATE "C" NOT NULL,
    version     BIGINT  NOT NULL,
    observed_at BIGINT  NOT NULL,
    first_at    BIGINT  NOT NULL,
    last_at     BIGINT  NOT NULL,
    received    BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    media       TEXT    NOT NULL,
    digest      BYTEA   NOT NULL,
    marks       TEXT    NOT NULL,
    terms       TEXT    NOT NULL,
    body        BYTEA   NOT NULL,
    PRIMARY KEY (seller, seq)
);
CREATE UNIQUE INDEX version_of_document ON version (seller, shelf, no, version);

-- The exact values the current version can be found by; personal ones are keyed hashes. `term` is the
-- number of a word.
CREATE TABLE term (
    seller BIGINT  NOT NULL,
    term   BIGINT  NOT NULL,
    value  TEXT    COLLATE "C" NOT NULL,
    shelf  BIGINT  NOT NULL,
    no     BIGINT  NOT NULL,
    PRIMARY KEY (seller, term, value, shelf, no)
);

-- Keyed signatures of searchable text: they say where a part of a text cannot be.
CREATE TABLE text_signature (
    seller    BIGINT  NOT NULL,
    shelf     BIGINT  NOT NULL,
    text      TEXT    NOT NULL,
    no        BIGINT  NOT NULL,
    signature BYTEA   NOT NULL,
    PRIMARY KEY (seller, shelf, text, no)
);

-- Records that could not become documents, kept sealed.
CREATE TABLE refusal (
    seller      BIGINT  NOT NULL,
    no          BIGINT  NOT NULL,
    account     BIGINT  NOT NULL,
    observed_at BIGINT  NOT NULL,
    place       TEXT    NOT NULL,
    field       TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    digest      BYTEA   NOT NULL,
    body        BYTEA   NOT NULL,
    PRIMARY KEY (seller, no)
);
CREATE UNIQUE INDEX refusal_by_digest ON refusal (seller, account, digest);

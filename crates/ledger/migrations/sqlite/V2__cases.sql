-- What was understood: cases and findings. All of it can be worked out again from documents, but for
-- what people did and when findings opened and closed. Instants are milliseconds since 1970 (UTC).

-- A term leads to a document by its number.
CREATE UNIQUE INDEX document_by_no ON document (seller, shelf, no);

-- How far a seller's documents are settled into cases. `seq` is the last change taken in; `turn` counts
-- settlements, so that of two that saw the same only one is kept; `events` is the last number given in
-- the findings' history.
CREATE TABLE settled (
    seller INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    turn   INTEGER NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (seller)
) STRICT, WITHOUT ROWID;

-- One order as it stood when it was settled last: what lists show. `digest` is of the whole case, which
-- is folded from documents when somebody asks; at `wake_at` its findings change without a new document.
CREATE TABLE order_case (
    seller      INTEGER NOT NULL,
    case_key    TEXT    NOT NULL,
    account     INTEGER NOT NULL,
    order_no    TEXT    NOT NULL,
    claim       TEXT    NOT NULL,
    goods       TEXT    NOT NULL,
    money       TEXT    NOT NULL,
    since       INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    findings    INTEGER NOT NULL,
    digest      BLOB    NOT NULL,
    settled_at  INTEGER NOT NULL,
    wake_at     INTEGER,
    PRIMARY KEY (seller, case_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_case_by_order ON order_case (seller, order_no, changed_at, case_key);
CREATE INDEX order_case_by_account ON order_case (seller, account, changed_at, case_key);
CREATE INDEX order_case_by_change ON order_case (seller, changed_at, case_key);
CREATE INDEX order_case_by_wake ON order_case (seller, wake_at);

-- Which case a document is in.
CREATE TABLE case_document (
    seller   INTEGER NOT NULL,
    shelf    INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    case_key TEXT    NOT NULL,
    PRIMARY KEY (seller, shelf, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_document_by_case ON case_document (seller, case_key);

-- A finding: what it says now, or said last; how it was closed, if it is (`closed`), and whether its
-- condition stands. `urgency` is its deadline, or the last instant there is. A table with row numbers:
-- a finding fills a good part of a page.
CREATE TABLE finding (
    seller      INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    case_key    TEXT    NOT NULL,
    rule        TEXT    NOT NULL,
    account     INTEGER NOT NULL,
    order_no    TEXT    NOT NULL,
    is_closed   INTEGER NOT NULL,
    closed      TEXT,
    stands      INTEGER NOT NULL,
    urgency     INTEGER NOT NULL,
    won_at_risk INTEGER,
    body        TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (seller, id)
) STRICT;
CREATE INDEX finding_by_case ON finding (seller, case_key);
CREATE INDEX finding_by_order ON finding (seller, order_no, is_closed, urgency, id);
CREATE INDEX finding_by_account ON finding (seller, account, is_closed, urgency, id);
CREATE INDEX finding_by_urgency ON finding (seller, is_closed, urgency, id);
CREATE INDEX finding_by_rule ON finding (seller, rule, is_closed, urgency, id);

-- What happened to findings; never updated, never deleted. A person's reason is sealed.
CREATE TABLE finding_event (
    seller  INTEGER NOT NULL,
    no      INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    event   TEXT    NOT NULL,
    actor   TEXT,
    reason  BLOB,
    PRIMARY KEY (seller, id, no)
) STRICT, WITHOUT ROWID;

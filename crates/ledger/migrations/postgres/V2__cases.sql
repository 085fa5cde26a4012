-- What was understood: cases and findings. All of it can be worked out again from documents, but for
-- what people did and when findings opened and closed. Instants are milliseconds since 1970 (UTC).

-- A term leads to a document by its number.
CREATE UNIQUE INDEX document_by_no ON document (seller, shelf, no);

-- How far a seller's documents are settled into cases. `seq` is the last change taken in; `turn` counts
-- settlements, so that of two that saw the same only one is kept; `events` is the last number given in
-- the findings' history.
CREATE TABLE settled (
    seller BIGINT  NOT NULL,
    seq    BIGINT  NOT NULL,
    turn   BIGINT  NOT NULL,
    events BIGINT  NOT NULL,
    PRIMARY KEY (seller)
);

-- One order as it stood when it was settled last: what lists show. `digest` is of the whole case, which
-- is folded from documents when somebody asks; at `wake_at` its findings change without a new document.
CREATE TABLE order_case (
    seller      BIGINT  NOT NULL,
    case_key    TEXT    NOT NULL,
    account     BIGINT  NOT NULL,
    order_no    TEXT    NOT NULL,
    claim       TEXT    NOT NULL,
    goods       TEXT    NOT NULL,
    money       TEXT    NOT NULL,
    since       BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    findings    BIGINT  NOT NULL,
    digest      BYTEA   NOT NULL,
    settled_at  BIGINT  NOT NULL,
    wake_at     BIGINT,
    PRIMARY KEY (seller, case_key)
);
CREATE INDEX order_case_by_order ON order_case (seller, order_no, changed_at, case_key);
CREATE INDEX order_case_by_account ON order_case (seller, account, changed_at, case_key);
CREATE INDEX order_case_by_change ON order_case (seller, changed_at, case_key);
CREATE INDEX order_case_by_wake ON order_case (seller, wake_at);

-- Which case a document is in.
CREATE TABLE case_document (
    seller   BIGINT  NOT NULL,
    shelf    BIGINT  NOT NULL,
    key      TEXT    NOT NULL,
    case_key TEXT    NOT NULL,
    PRIMARY KEY (seller, shelf, key)
);
CREATE INDEX case_document_by_case ON case_document (seller, case_key);

-- A finding: what it says now, or said last; how it was closed, if it is (`closed`), and whether its
-- condition stands. `urgency` is its deadline, or the last instant there is.
CREATE TABLE finding (
    seller      BIGINT  NOT NULL,
    id          TEXT    NOT NULL,
    case_key    TEXT    NOT NULL,
    rule        TEXT    NOT NULL,
    account     BIGINT  NOT NULL,
    order_no    TEXT    NOT NULL,
    is_closed   BIGINT  NOT NULL,
    closed      TEXT,
    stands      BIGINT  NOT NULL,
    urgency     BIGINT  NOT NULL,
    won_at_risk BIGINT,
    body        TEXT    NOT NULL,
    opened_at   BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    PRIMARY KEY (seller, id)
);
CREATE INDEX finding_by_case ON finding (seller, case_key);
CREATE INDEX finding_by_order ON finding (seller, order_no, is_closed, urgency, id);
CREATE INDEX finding_by_account ON finding (seller, account, is_closed, urgency, id);
CREATE INDEX finding_by_urgency ON finding (seller, is_closed, urgency, id);
CREATE INDEX finding_by_rule ON finding (seller, rule, is_closed, urgency, id);

-- What happened to findings; never updated, never deleted. A person's reason is sealed.
CREATE TABLE finding_event (
    seller  BIGINT  NOT NULL,
    no      BIGINT  NOT NULL,
    id      TEXT    NOT NULL,
    at      BIGINT  NOT NULL,
    event   TEXT    NOT NULL,
    actor   TEXT,
    reason  BYTEA,
    PRIMARY KEY (seller, id, no)
);

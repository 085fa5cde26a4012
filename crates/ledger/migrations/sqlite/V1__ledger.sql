-- What hoesu remembers. Every key leads with the seller; instants are milliseconds since 1970 (UTC).

-- Facts about the ledger itself, such as which master key it was made with.
CREATE TABLE ledger (
    name  TEXT    NOT NULL,
    value BLOB    NOT NULL,
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
    seller     INTEGER NOT NULL,
    shelf      INTEGER NOT NULL,
    key        TEXT    NOT NULL,
    no         INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    versions   INTEGER NOT NULL,
    first_at   INTEGER NOT NULL,
    heard_at   INTEGER NOT NULL,
    received   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    dated      INTEGER NOT NULL,
    digest     BLOB    NOT NULL,
    marks      TEXT    NOT NULL,
    rank_at    INTEGER NOT NULL,
    rank_tie   INTEGER NOT NULL,
    card       TEXT    NOT NULL,
    PRIMARY KEY (seller, shelf, key)
) STRICT, WITHOUT ROWID;
-- A term leads to a document by its number.
CREATE UNIQUE INDEX document_by_no ON document (seller, shelf, no);
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

-- What was understood: cases and findings. All of it can be worked out again from documents, but for
-- what people did and when findings opened and closed. Instants are milliseconds since 1970 (UTC).

-- How far a seller's documents are settled into cases. `seq` is the last change taken in; `turn` counts
-- settlements, so that of two that saw the same only one is kept; `events` is the last number given in
-- the findings' history; `latest_at` the latest instant at which any of the seller's cases was settled.
CREATE TABLE settled (
    seller    INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    turn      INTEGER NOT NULL,
    events    INTEGER NOT NULL,
    latest_at INTEGER NOT NULL,
    PRIMARY KEY (seller)
) STRICT, WITHOUT ROWID;

-- One order as it stood when it was settled last: what lists show. `digest` is of the whole case, which
-- is folded from documents when somebody asks; at `wake_at` its findings change without a new document.
-- `slot` is all that lists are narrowed by, in one text: account, claim, goods, money, whose fault (a hyphen
-- if nobody said), and whether findings are open: `1/asked/sent/owed/customer/open`.
CREATE TABLE order_case (
    seller     INTEGER NOT NULL,
    case_key   TEXT    NOT NULL,
    account    INTEGER NOT NULL,
    order_no   TEXT    NOT NULL,
    claim      TEXT    NOT NULL,
    goods      TEXT    NOT NULL,
    money      TEXT    NOT NULL,
    since      INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    findings   INTEGER NOT NULL,
    digest     BLOB    NOT NULL,
    settled_at INTEGER NOT NULL,
    wake_at    INTEGER,
    slot       TEXT    NOT NULL,
    PRIMARY KEY (seller, case_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_case_by_order ON order_case (seller, order_no, changed_at, case_key);
CREATE INDEX order_case_by_account ON order_case (seller, account, changed_at, case_key);
CREATE INDEX order_case_by_change ON order_case (seller, changed_at, case_key);
CREATE INDEX order_case_by_wake ON order_case (seller, wake_at);
CREATE INDEX order_case_by_slot ON order_case (seller, slot, changed_at, case_key);
CREATE INDEX order_case_by_since ON order_case (seller, slot, since, case_key);

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
-- condition stands. `urgency` is its deadline, or the last instant there is. `fault` is whose fault the
-- channel says its case is; nobody said without it. `slot` is rule, account, whose fault, open or closed, and
-- the rules that tell of the same money: `arrived-unconfirmed/1/customer/open/refund-overdue`. A table with row numbers:
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
    fault       TEXT,
    slot        TEXT    NOT NULL,
    PRIMARY KEY (seller, id)
) STRICT;
CREATE INDEX finding_by_case ON finding (seller, case_key);
CREATE INDEX finding_by_order ON finding (seller, order_no, is_closed, urgency, id);
CREATE INDEX finding_by_account ON finding (seller, account, is_closed, urgency, id);
CREATE INDEX finding_by_urgency ON finding (seller, is_closed, urgency, id);
CREATE INDEX finding_by_rule ON finding (seller, rule, is_closed, urgency, id);
CREATE INDEX finding_by_deadline ON finding (seller, slot, urgency, id);
CREATE INDEX finding_by_opening ON finding (seller, slot, opened_at, id);
CREATE INDEX finding_by_change ON finding (seller, slot, changed_at, id);

-- What happened to findings; never updated, never deleted. A person's reason is sealed.
CREATE TABLE finding_event (
    seller INTEGER NOT NULL,
    no     INTEGER NOT NULL,
    id     TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    event  TEXT    NOT NULL,
    actor  TEXT,
    reason BLOB,
    PRIMARY KEY (seller, id, no)
) STRICT, WITHOUT ROWID;

-- What overviews need without counting, written with the settlement that moves it.

-- Findings of a slot, the won at risk in them together, in how many nobody knows it, and the delay interest owed.
CREATE TABLE finding_tally (
    seller   INTEGER NOT NULL,
    slot     TEXT    NOT NULL,
    findings INTEGER NOT NULL,
    won      INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    interest INTEGER NOT NULL,
    PRIMARY KEY (seller, slot)
) STRICT, WITHOUT ROWID;

-- Findings opened and closed on a day in Korea, counted from 1970.
CREATE TABLE finding_day (
    seller  INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    rule    TEXT    NOT NULL,
    account INTEGER NOT NULL,
    opened  INTEGER NOT NULL,
    closed  INTEGER NOT NULL,
    PRIMARY KEY (seller, day, rule, account)
) STRICT, WITHOUT ROWID;

-- Cases of a slot.
CREATE TABLE case_tally (
    seller INTEGER NOT NULL,
    slot   TEXT    NOT NULL,
    cases  INTEGER NOT NULL,
    PRIMARY KEY (seller, slot)
) STRICT, WITHOUT ROWID;

-- What people noted about an order; never updated, never deleted. The text is sealed.
CREATE TABLE memo (
    seller   INTEGER NOT NULL,
    no       INTEGER NOT NULL,
    order_no TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    body     BLOB    NOT NULL,
    PRIMARY KEY (seller, no)
) STRICT;
CREATE INDEX memo_by_order ON memo (seller, order_no, no);

-- How long a seller lets things be; the usual where there is no row.
CREATE TABLE policy (
    seller                  INTEGER NOT NULL,
    goods_after_refund_days INTEGER NOT NULL,
    collection_days         INTEGER NOT NULL,
    appeal_business_hours   INTEGER NOT NULL,
    PRIMARY KEY (seller)
) STRICT, WITHOUT ROWID;

-- What a seller tells hoesu itself, beside what channels say.

-- The item map: one of a sales account's items holds so many of a warehouse's resource.
CREATE TABLE item_map (
    seller   INTEGER NOT NULL,
    account  INTEGER NOT NULL,
    item     TEXT    NOT NULL,
    resource TEXT    NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (seller, account, item, resource)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_map_by_resource ON item_map (seller, resource);

-- Days that do not count, beside weekends and holidays. `day` is yyyy-MM-dd.
CREATE TABLE day_off (
    seller INTEGER NOT NULL,
    day    TEXT    NOT NULL,
    name   TEXT    NOT NULL,
    PRIMARY KEY (seller, day)
) STRICT, WITHOUT ROWID;

-- The sales account a person gave to an order of a warehouse, and who that was.
CREATE TABLE order_choice (
    seller    INTEGER NOT NULL,
    warehouse INTEGER NOT NULL,
    order_no  TEXT    NOT NULL,
    sales     INTEGER NOT NULL,
    who       TEXT    NOT NULL,
    chosen_at INTEGER NOT NULL,
    PRIMARY KEY (seller, warehouse, order_no)
) STRICT, WITHOUT ROWID;

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

-- What was read of channels: a feed is a list of one account that its channel is asked for by period.

-- How a feed is doing, and who works on it. `owner` works on it until `lease_until`; `token` grows with
-- every lease, so that who lost one is told from who has it. Nobody need look before `next_at`, which was noted
-- at `noted_at`: an end noted by a clock that was ahead, or before ours was set back, is not waited for. What came
-- at `since_at` or later is wanted.
CREATE TABLE feed (
    seller      INTEGER NOT NULL,
    account     INTEGER NOT NULL,
    feed        TEXT    NOT NULL,
    since_at    INTEGER NOT NULL,
    owner       TEXT    NOT NULL,
    lease_until INTEGER NOT NULL,
    token       INTEGER NOT NULL,
    next_at     INTEGER NOT NULL,
    noted_at    INTEGER NOT NULL,
    well_at     INTEGER,
    failed_at   INTEGER,
    failure     TEXT,
    failures    INTEGER NOT NULL,
    PRIMARY KEY (seller, account, feed)
) STRICT, WITHOUT ROWID;

-- Spans read to their last page, everything in them kept; none that later ones cover wholly.
CREATE TABLE feed_read (
    seller    INTEGER NOT NULL,
    account   INTEGER NOT NULL,
    feed      TEXT    NOT NULL,
    until_at  INTEGER NOT NULL,
    from_at   INTEGER NOT NULL,
    began_at  INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    PRIMARY KEY (seller, account, feed, until_at, from_at, began_at)
) STRICT, WITHOUT ROWID;

-- When an account's channel may be called next, by any process. `turn` counts the changes;
-- `held_at` is when `held_until` was noted.
CREATE TABLE call_budget (
    seller     INTEGER NOT NULL,
    account    INTEGER NOT NULL,
    turn       INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    held_until INTEGER NOT NULL,
    held_at    INTEGER NOT NULL,
    failures   INTEGER NOT NULL,
    PRIMARY KEY (seller, account)
) STRICT, WITHOUT ROWID;

-- What is to be asked by its number, and was not answered yet: `lookup` is the channel's way of asking.
-- A failure is a stable word; `noted_at` is when `due_at` was noted.
CREATE TABLE sought (
    seller   INTEGER NOT NULL,
    account  INTEGER NOT NULL,
    lookup   TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    due_at   INTEGER NOT NULL,
    noted_at INTEGER NOT NULL,
    tries    INTEGER NOT NULL,
    failure  TEXT,
    PRIMARY KEY (seller, account, lookup, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sought_by_due ON sought (seller, account, due_at, lookup, key);

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

-- What hoesu remembers. Every key leads with the seller; instants are milliseconds since 1970 (UTC).

-- Facts about the ledger itself, such as which master key it was made with.
CREATE TABLE ledger (
    name  TEXT    NOT NULL,
    value BYTEA   NOT NULL,
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
    kind      TEXT COLLATE "C" NOT NULL,
    documents BIGINT  NOT NULL,
    PRIMARY KEY (seller, shelf)
);
CREATE UNIQUE INDEX shelf_by_kind ON shelf (seller, account, kind);

-- One document: which version is the current one, when its content was heard first (`first_at`) and last
-- (`heard_at`; `received` parts hearings of one instant), and what lists need of it. `card` holds its states and
-- moments, `marks` what the channel told beside its bodies and when each mark was heard. `dated` is 1 if the
-- channel's time of change moves with every change.
CREATE TABLE document (
    seller     BIGINT  NOT NULL,
    shelf      BIGINT  NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    no         BIGINT  NOT NULL,
    seq        BIGINT  NOT NULL,
    versions   BIGINT  NOT NULL,
    first_at   BIGINT  NOT NULL,
    heard_at   BIGINT  NOT NULL,
    received   BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    dated      BIGINT  NOT NULL,
    digest     BYTEA   NOT NULL,
    marks      TEXT    NOT NULL,
    rank_at    BIGINT  NOT NULL,
    rank_tie   BIGINT  NOT NULL,
    card       TEXT    NOT NULL,
    PRIMARY KEY (seller, shelf, key)
);
-- A term leads to a document by its number.
CREATE UNIQUE INDEX document_by_no ON document (seller, shelf, no);
CREATE INDEX document_by_seq ON document (seller, shelf, seq);

-- What a channel said, verbatim and sealed; never deleted, and never updated but for when its content was heard
-- first and last (`first_at`, `last_at`, `received`, and `observed_at` of the first version of a content), which is
-- the same for all versions of one content of a document. When the current content was heard last is said by the document's row.
CREATE TABLE version (
    seller      BIGINT  NOT NULL,
    seq         BIGINT  NOT NULL,
    shelf       BIGINT  NOT NULL,
    no          BIGINT  NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
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
    value  TEXT COLLATE "C" NOT NULL,
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

-- What was understood: cases and findings. All of it can be worked out again from documents, but for
-- what people did and when findings opened and closed. Instants are milliseconds since 1970 (UTC).

-- How far a seller's documents are settled into cases. `seq` is the last change taken in; `turn` counts
-- settlements, so that of two that saw the same only one is kept; `events` is the last number given in
-- the findings' history; `latest_at` the latest instant at which any of the seller's cases was settled.
CREATE TABLE settled (
    seller    BIGINT  NOT NULL,
    seq       BIGINT  NOT NULL,
    turn      BIGINT  NOT NULL,
    events    BIGINT  NOT NULL,
    latest_at BIGINT  NOT NULL,
    PRIMARY KEY (seller)
);

-- One order as it stood when it was settled last: what lists show. `digest` is of the whole case, which
-- is folded from documents when somebody asks; at `wake_at` its findings change without a new document.
-- `slot` is all that lists are narrowed by, in one text: account, claim, goods, money, whose fault (a hyphen
-- if nobody said), and whether findings are open: `1/asked/sent/owed/customer/open`.
CREATE TABLE order_case (
    seller     BIGINT  NOT NULL,
    case_key   TEXT COLLATE "C" NOT NULL,
    account    BIGINT  NOT NULL,
    order_no   TEXT COLLATE "C" NOT NULL,
    claim      TEXT    NOT NULL,
    goods      TEXT    NOT NULL,
    money      TEXT    NOT NULL,
    since      BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    findings   BIGINT  NOT NULL,
    digest     BYTEA   NOT NULL,
    settled_at BIGINT  NOT NULL,
    wake_at    BIGINT,
    slot       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller, case_key)
);
CREATE INDEX order_case_by_order ON order_case (seller, order_no, changed_at, case_key);
CREATE INDEX order_case_by_account ON order_case (seller, account, changed_at, case_key);
CREATE INDEX order_case_by_change ON order_case (seller, changed_at, case_key);
CREATE INDEX order_case_by_wake ON order_case (seller, wake_at);
CREATE INDEX order_case_by_slot ON order_case (seller, slot, changed_at, case_key);
CREATE INDEX order_case_by_since ON order_case (seller, slot, since, case_key);

-- Which case a document is in.
CREATE TABLE case_document (
    seller   BIGINT  NOT NULL,
    shelf    BIGINT  NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    case_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller, shelf, key)
);
CREATE INDEX case_document_by_case ON case_document (seller, case_key);

-- A finding: what it says now, or said last; how it was closed, if it is (`closed`), and whether its
-- condition stands. `urgency` is its deadline, or the last instant there is. `fault` is whose fault the
-- channel says its case is; nobody said without it. `slot` is rule, account, whose fault, open or closed, and
-- the rules that tell of the same money: `arrived-unconfirmed/1/customer/open/refund-overdue`.
CREATE TABLE finding (
    seller      BIGINT  NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    case_key    TEXT COLLATE "C" NOT NULL,
    rule        TEXT COLLATE "C" NOT NULL,
    account     BIGINT  NOT NULL,
    order_no    TEXT COLLATE "C" NOT NULL,
    is_closed   BIGINT  NOT NULL,
    closed      TEXT,
    stands      BIGINT  NOT NULL,
    urgency     BIGINT  NOT NULL,
    won_at_risk BIGINT,
    body        TEXT    NOT NULL,
    opened_at   BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    fault       TEXT COLLATE "C",
    slot        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller, id)
);
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
    seller BIGINT  NOT NULL,
    no     BIGINT  NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    at     BIGINT  NOT NULL,
    event  TEXT    NOT NULL,
    actor  TEXT,
    reason BYTEA,
    PRIMARY KEY (seller, id, no)
);

-- What overviews need without counting, written with the settlement that moves it.

-- Findings of a slot, the won at risk in them together, in how many nobody knows it, and the delay interest owed.
CREATE TABLE finding_tally (
    seller   BIGINT  NOT NULL,
    slot     TEXT COLLATE "C" NOT NULL,
    findings BIGINT  NOT NULL,
    won      BIGINT  NOT NULL,
    unpriced BIGINT  NOT NULL,
    interest BIGINT  NOT NULL,
    PRIMARY KEY (seller, slot)
);

-- Findings opened and closed on a day in Korea, counted from 1970.
CREATE TABLE finding_day (
    seller  BIGINT  NOT NULL,
    day     BIGINT  NOT NULL,
    rule    TEXT COLLATE "C" NOT NULL,
    account BIGINT  NOT NULL,
    opened  BIGINT  NOT NULL,
    closed  BIGINT  NOT NULL,
    PRIMARY KEY (seller, day, rule, account)
);

-- Cases of a slot.
CREATE TABLE case_tally (
    seller BIGINT  NOT NULL,
    slot   TEXT COLLATE "C" NOT NULL,
    cases  BIGINT  NOT NULL,
    PRIMARY KEY (seller, slot)
);

-- What people noted about an order; never updated, never deleted. The text is sealed.
CREATE TABLE memo (
    seller   BIGINT  NOT NULL,
    no       BIGINT  NOT NULL,
    order_no TEXT COLLATE "C" NOT NULL,
    at       BIGINT  NOT NULL,
    who      TEXT    NOT NULL,
    body     BYTEA   NOT NULL,
    PRIMARY KEY (seller, no)
);
CREATE INDEX memo_by_order ON memo (seller, order_no, no);

-- How long a seller lets things be; the usual where there is no row.
CREATE TABLE policy (
    seller                  BIGINT  NOT NULL,
    goods_after_refund_days BIGINT  NOT NULL,
    collection_days         BIGINT  NOT NULL,
    appeal_business_hours   BIGINT  NOT NULL,
    PRIMARY KEY (seller)
);

-- What a seller tells hoesu itself, beside what channels say.

-- The item map: one of a sales account's items holds so many of a warehouse's resource.
CREATE TABLE item_map (
    seller   BIGINT  NOT NULL,
    account  BIGINT  NOT NULL,
    item     TEXT COLLATE "C" NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    quantity BIGINT  NOT NULL,
    PRIMARY KEY (seller, account, item, resource)
);
CREATE INDEX item_map_by_resource ON item_map (seller, resource);

-- Days that do not count, beside weekends and holidays. `day` is yyyy-MM-dd.
CREATE TABLE day_off (
    seller BIGINT  NOT NULL,
    day    TEXT COLLATE "C" NOT NULL,
    name   TEXT    NOT NULL,
    PRIMARY KEY (seller, day)
);

-- The sales account a person gave to an order of a warehouse, and who that was.
CREATE TABLE order_choice (
    seller    BIGINT  NOT NULL,
    warehouse BIGINT  NOT NULL,
    order_no  TEXT COLLATE "C" NOT NULL,
    sales     BIGINT  NOT NULL,
    who       TEXT    NOT NULL,
    chosen_at BIGINT  NOT NULL,
    PRIMARY KEY (seller, warehouse, order_no)
);

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

-- What was read of channels: a feed is a list of one account that its channel is asked for by period.

-- How a feed is doing, and who works on it. `owner` works on it until `lease_until`; `token` grows with
-- every lease, so that who lost one is told from who has it. Nobody need look before `next_at`, which was noted
-- at `noted_at`: an end noted by a clock that was ahead, or before ours was set back, is not waited for. What came
-- at `since_at` or later is wanted.
CREATE TABLE feed (
    seller      BIGINT  NOT NULL,
    account     BIGINT  NOT NULL,
    feed        TEXT COLLATE "C" NOT NULL,
    since_at    BIGINT  NOT NULL,
    owner       TEXT    NOT NULL,
    lease_until BIGINT  NOT NULL,
    token       BIGINT  NOT NULL,
    next_at     BIGINT  NOT NULL,
    noted_at    BIGINT  NOT NULL,
    well_at     BIGINT,
    failed_at   BIGINT,
    failure     TEXT,
    failures    BIGINT  NOT NULL,
    PRIMARY KEY (seller, account, feed)
);

-- Spans read to their last page, everything in them kept; none that later ones cover wholly.
CREATE TABLE feed_read (
    seller    BIGINT  NOT NULL,
    account   BIGINT  NOT NULL,
    feed      TEXT COLLATE "C" NOT NULL,
    until_at  BIGINT  NOT NULL,
    from_at   BIGINT  NOT NULL,
    began_at  BIGINT  NOT NULL,
    row_count BIGINT  NOT NULL,
    PRIMARY KEY (seller, account, feed, until_at, from_at, began_at)
);

-- When an account's channel may be called next, by any process. `turn` counts the changes;
-- `held_at` is when `held_until` was noted.
CREATE TABLE call_budget (
    seller     BIGINT  NOT NULL,
    account    BIGINT  NOT NULL,
    turn       BIGINT  NOT NULL,
    next_at    BIGINT  NOT NULL,
    held_until BIGINT  NOT NULL,
    held_at    BIGINT  NOT NULL,
    failures   BIGINT  NOT NULL,
    PRIMARY KEY (seller, account)
);

-- What is to be asked by its number, and was not answered yet: `lookup` is the channel's way of asking.
-- A failure is a stable word; `noted_at` is when `due_at` was noted.
CREATE TABLE sought (
    seller   BIGINT  NOT NULL,
    account  BIGINT  NOT NULL,
    lookup   TEXT COLLATE "C" NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    due_at   BIGINT  NOT NULL,
    noted_at BIGINT  NOT NULL,
    tries    BIGINT  NOT NULL,
    failure  TEXT,
    PRIMARY KEY (seller, account, lookup, key)
);
CREATE INDEX sought_by_due ON sought (seller, account, due_at, lookup, key);

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

-- What was read of channels: a feed is a list of one account that its channel is asked for by period.

-- How a feed is doing, and who works on it. `owner` works on it until `lease_until`; `token` grows with
-- every lease, so that who lost one is told from who has it. Nobody need look before `next_at`. What came
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

-- When an account's channel may be called next, by any process. `turn` counts the changes.
CREATE TABLE call_budget (
    seller     INTEGER NOT NULL,
    account    INTEGER NOT NULL,
    turn       INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    held_until INTEGER NOT NULL,
    failures   INTEGER NOT NULL,
    PRIMARY KEY (seller, account)
) STRICT, WITHOUT ROWID;

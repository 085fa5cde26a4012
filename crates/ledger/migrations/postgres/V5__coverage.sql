-- What was read of channels: a feed is a list of one account that its channel is asked for by period.

-- How a feed is doing, and who works on it. `owner` works on it until `lease_until`; `token` grows with
-- every lease, so that who lost one is told from who has it. Nobody need look before `next_at`. What came
-- at `since_at` or later is wanted.
CREATE TABLE feed (
    seller      BIGINT NOT NULL,
    account     BIGINT NOT NULL,
    feed        TEXT   COLLATE "C" NOT NULL,
    since_at    BIGINT NOT NULL,
    owner       TEXT   NOT NULL,
    lease_until BIGINT NOT NULL,
    token       BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    well_at     BIGINT,
    failed_at   BIGINT,
    failure     TEXT,
    failures    BIGINT NOT NULL,
    PRIMARY KEY (seller, account, feed)
);

-- Spans read to their last page, everything in them kept; none that later ones cover wholly.
CREATE TABLE feed_read (
    seller    BIGINT NOT NULL,
    account   BIGINT NOT NULL,
    feed      TEXT   COLLATE "C" NOT NULL,
    until_at  BIGINT NOT NULL,
    from_at   BIGINT NOT NULL,
    began_at  BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    PRIMARY KEY (seller, account, feed, until_at, from_at, began_at)
);

-- When an account's channel may be called next, by any process. `turn` counts the changes.
CREATE TABLE call_budget (
    seller     BIGINT NOT NULL,
    account    BIGINT NOT NULL,
    turn       BIGINT NOT NULL,
    next_at    BIGINT NOT NULL,
    held_until BIGINT NOT NULL,
    failures   BIGINT NOT NULL,
    PRIMARY KEY (seller, account)
);

-- What is to be asked by its number, and was not answered yet: `lookup` is the channel's way of asking.
-- A failure is a stable word.
CREATE TABLE sought (
    seller  BIGINT  NOT NULL,
    account BIGINT  NOT NULL,
    lookup  TEXT    NOT NULL,
    key     TEXT    COLLATE "C" NOT NULL,
    due_at  BIGINT  NOT NULL,
    tries   BIGINT  NOT NULL,
    failure TEXT,
    PRIMARY KEY (seller, account, lookup, key)
);
CREATE INDEX sought_by_due ON sought (seller, account, due_at, lookup, key);

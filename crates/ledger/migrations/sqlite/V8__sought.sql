-- What is to be asked by its number, and was not answered yet: `lookup` is the channel's way of asking.
-- A failure is a stable word.
CREATE TABLE sought (
    seller  INTEGER NOT NULL,
    account INTEGER NOT NULL,
    lookup  TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    due_at  INTEGER NOT NULL,
    tries   INTEGER NOT NULL,
    failure TEXT,
    PRIMARY KEY (seller, account, lookup, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sought_by_due ON sought (seller, account, due_at, lookup, key);

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

-- What a seller tells hoesu itself, beside what channels say.

-- The item map: one of a sales account's items holds so many of a warehouse's resource.
CREATE TABLE item_map (
    seller   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    item     TEXT   COLLATE "C" NOT NULL,
    resource TEXT   COLLATE "C" NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (seller, account, item, resource)
);
CREATE INDEX item_map_by_resource ON item_map (seller, resource);

-- Days that do not count, beside weekends and holidays. `day` is yyyy-MM-dd.
CREATE TABLE day_off (
    seller BIGINT NOT NULL,
    day    TEXT   COLLATE "C" NOT NULL,
    name   TEXT   NOT NULL,
    PRIMARY KEY (seller, day)
);

-- The sales account a person gave to an order of a warehouse, and who that was.
CREATE TABLE order_choice (
    seller    BIGINT NOT NULL,
    warehouse BIGINT NOT NULL,
    order_no  TEXT   COLLATE "C" NOT NULL,
    sales     BIGINT NOT NULL,
    who       TEXT   NOT NULL,
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (seller, warehouse, order_no)
);

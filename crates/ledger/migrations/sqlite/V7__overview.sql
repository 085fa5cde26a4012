-- What overviews need without counting: a slot is all that lists are narrowed by, in one text, and
-- how much stands in each slot is written with the settlement that moves it.

-- Whose fault the channel says its case is. Nobody said without it.
ALTER TABLE finding ADD COLUMN fault TEXT;

-- Rule, account, whose fault (a hyphen if nobody said), open or closed: `refund-due/1/customer/open`.
ALTER TABLE finding ADD COLUMN slot TEXT NOT NULL DEFAULT '';
UPDATE finding SET slot = rule || '/' || account || '/-/' || CASE is_closed WHEN 0 THEN 'open' ELSE 'closed' END;
CREATE INDEX finding_by_deadline ON finding (seller, slot, urgency, id);
CREATE INDEX finding_by_opening ON finding (seller, slot, opened_at, id);
CREATE INDEX finding_by_change ON finding (seller, slot, changed_at, id);

-- Account, claim, goods, money, whose fault (a hyphen if nobody said), and whether findings are open:
-- `1/asked/sent/owed/customer/open`.
ALTER TABLE order_case ADD COLUMN slot TEXT NOT NULL DEFAULT '';
UPDATE order_case SET slot = account || '/' || claim || '/' || goods || '/' || money || '/-/' ||
    CASE findings WHEN 0 THEN 'calm' ELSE 'open' END;
CREATE INDEX order_case_by_slot ON order_case (seller, slot, changed_at, case_key);
CREATE INDEX order_case_by_since ON order_case (seller, slot, since, case_key);

-- Findings of a slot, the won at risk in them together, and in how many nobody knows it.
CREATE TABLE finding_tally (
    seller   INTEGER NOT NULL,
    slot     TEXT    NOT NULL,
    findings INTEGER NOT NULL,
    won      INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    PRIMARY KEY (seller, slot)
) STRICT, WITHOUT ROWID;
INSERT INTO finding_tally (seller, slot, findings, won, unpriced)
    SELECT seller, slot, count(*), coalesce(sum(won_at_risk), 0), count(*) - count(won_at_risk)
    FROM finding GROUP BY seller, slot;

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
INSERT INTO case_tally (seller, slot, cases)
    SELECT seller, slot, count(*) FROM order_case GROUP BY seller, slot;

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

-- The delay interest owed in the findings of a slot, beside what is at risk. A slot may end with the rules
-- that tell of the same money: `arrived-unconfirmed/1/customer/open/refund-overdue`.
ALTER TABLE finding_tally ADD COLUMN interest BIGINT NOT NULL DEFAULT 0;

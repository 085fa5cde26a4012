-- When what waits was noted: an end noted by a clock that was ahead, or before ours was set back, is not
-- waited for. 0 where nobody noted it.

-- When `next_at` was noted.
ALTER TABLE feed ADD COLUMN noted_at BIGINT NOT NULL DEFAULT 0;

-- When `held_until` was noted.
ALTER TABLE call_budget ADD COLUMN held_at BIGINT NOT NULL DEFAULT 0;

-- When `due_at` was noted.
ALTER TABLE sought ADD COLUMN noted_at BIGINT NOT NULL DEFAULT 0;

-- The latest instant at which any of the seller's cases was settled.
ALTER TABLE settled ADD COLUMN latest_at BIGINT NOT NULL DEFAULT 0;
UPDATE settled SET latest_at = coalesce(
    (SELECT max(c.settled_at) FROM order_case c WHERE c.seller = settled.seller), 0);

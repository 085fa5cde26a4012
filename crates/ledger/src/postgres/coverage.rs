//! Feeds, what was read of them, and call budgets.

use async_trait::async_trait;
use deadpool_postgres::Transaction;
use hoesu_claims::budget::Budget;
use hoesu_claims::coverage::Read;
use hoesu_claims::{AccountId, SellerId};
use tokio_postgres::Row;

use super::{Postgres, failed};
use crate::Result;
use crate::feed::{FeedKey, FeedState, Lease};
use crate::store::coverage::{Coverage, FeedRow, Leaving, Taking, count, mark, read_of, read_row};

const MARKING: &str = "marking a span as read";

/// Of a feed, those that meet a span.
const MEETING: &str = "SELECT from_at, until_at, began_at, row_count FROM feed_read
     WHERE seller = $1 AND account = $2 AND feed = $3 AND until_at > $4 AND from_at < $5";

#[async_trait]
impl Coverage for Postgres {
    async fn feeds(&self, seller: SellerId) -> Result<Vec<FeedState>> {
        let rows = self
            .rows(
                "reading the feeds",
                "SELECT account, feed, since_at, owner, lease_until, next_at, well_at, failed_at, failure, failures, noted_at
                 FROM feed WHERE seller = $1 ORDER BY account, feed",
                &[&seller.0],
            )
            .await?;
        Ok(rows.iter().map(|row| feed_row(row).state(seller)).collect())
    }

    async fn lease_feed(&self, key: FeedKey, taking: Taking) -> Result<Option<Lease>> {
        let Taking { owner, since, now, until, horizon, lease_end } = taking;
        let rows = self
            .rows(
                "taking a feed",
                "WITH taken AS (
                 INSERT INTO feed (seller, account, feed, since_at, owner, lease_until, token, next_at, failures, noted_at)
                 VALUES ($1, $2, $3, $7, $4, $5, 1, $6, 0, $6)
                 ON CONFLICT (seller, account, feed) DO UPDATE
                 SET owner = excluded.owner, lease_until = excluded.lease_until, token = feed.token + 1,
                 since_at = CASE WHEN feed.since_at < excluded.since_at THEN feed.since_at ELSE excluded.since_at END,
                 well_at = CASE WHEN feed.well_at > $9 THEN NULL ELSE feed.well_at END
                 WHERE (feed.lease_until <= $6 OR feed.lease_until > $8)
                 AND (feed.next_at <= $6 OR feed.noted_at > $9 OR feed.next_at > $10)
                 RETURNING token, failures, since_at),
                 gone AS (DELETE FROM feed_read USING taken
                 WHERE seller = $1 AND account = $2 AND feed = $3 AND began_at > $9)
                 SELECT token, failures, since_at FROM taken",
                &[
                    &key.seller.0,
                    &key.account.0,
                    &key.feed,
                    &owner,
                    &until,
                    &now,
                    &since,
                    &lease_end,
                    &horizon.noted_ms,
                    &horizon.until_ms,
                ],
            )
            .await?;
        let taken = rows.first().map(|row| (row.get(0), row.get(1), row.get(2)));
        Ok(taken.map(|taken| Lease::taken(key, until, taken)))
    }

    async fn renew_feed(&self, lease: &Lease, until: i64) -> Result<bool> {
        let Lease { key, token, .. } = lease;
        let renewed = self
            .rows(
                "keeping a feed",
                "UPDATE feed SET lease_until = $5
                 WHERE seller = $1 AND account = $2 AND feed = $3 AND token = $4 RETURNING token",
                &[&key.seller.0, &key.account.0, &key.feed, token, &until],
            )
            .await?;
        Ok(!renewed.is_empty())
    }

    async fn leave_feed(&self, lease: &Lease, leaving: Leaving) -> Result<bool> {
        let Lease { key, token, .. } = lease;
        let left = self
            .rows(
                "leaving a feed",
                "UPDATE feed SET token = token + 1, lease_until = 0, next_at = $5, noted_at = $6,
                 failed_at = CASE WHEN $7::TEXT IS NULL THEN failed_at ELSE $6 END,
                 failure = coalesce($7, failure), failures = failures + ($7 IS NOT NULL)::INTEGER
                 WHERE seller = $1 AND account = $2 AND feed = $3 AND token = $4 RETURNING token",
                &[
                    &key.seller.0,
                    &key.account.0,
                    &key.feed,
                    token,
                    &leaving.next_at,
                    &leaving.now,
                    &leaving.failed,
                ],
            )
            .await?;
        Ok(!left.is_empty())
    }

    async fn wake_feeds(&self, seller: SellerId, account: AccountId, now: i64) -> Result<()> {
        let sql = "UPDATE feed SET next_at = $3, noted_at = $3
                   WHERE seller = $1 AND account = $2 AND next_at > $3";
        self.rows("waking feeds", sql, &[&seller.0, &account.0, &now]).await.map(drop)
    }

    async fn free_feeds(&self, seller: SellerId, owner: String) -> Result<()> {
        let sql = "UPDATE feed SET token = token + 1, lease_until = 0
                   WHERE seller = $1 AND owner = $2 AND lease_until > 0";
        self.rows("freeing feeds", sql, &[&seller.0, &owner]).await.map(drop)
    }

    async fn mark_read(&self, lease: &Lease, read: Read) -> Result<bool> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(failed(MARKING))?;
        // The feed's row stays locked: whoever takes the feed over waits for this.
        let held = tx
            .execute(
                "UPDATE feed SET failures = 0,
                 well_at = CASE WHEN well_at > $5 THEN well_at ELSE $5 END
                 WHERE seller = $1 AND account = $2 AND feed = $3 AND token = $4",
                &[
                    &lease.key.seller.0,
                    &lease.key.account.0,
                    &lease.key.feed,
                    &lease.token,
                    &read.began_ms(),
                ],
            )
            .await
            .map_err(failed(MARKING))?;
        if held == 0 {
            return Ok(false);
        }
        keep(&tx, &lease.key, read).await?;
        tx.commit().await.map_err(failed(MARKING))?;
        Ok(true)
    }

    async fn reads(&self, key: &FeedKey) -> Result<Vec<Read>> {
        let rows = self
            .rows(
                "reading what was read",
                "SELECT from_at, until_at, began_at, row_count FROM feed_read
                 WHERE seller = $1 AND account = $2 AND feed = $3",
                &[&key.seller.0, &key.account.0, &key.feed],
            )
            .await?;
        rows.iter().map(read_at).collect()
    }

    async fn budget(&self, seller: SellerId, account: AccountId) -> Result<Option<(i64, Budget)>> {
        let rows = self
            .rows(
                "reading a call budget",
                "SELECT turn, next_at, held_until, failures, held_at FROM call_budget
                 WHERE seller = $1 AND account = $2",
                &[&seller.0, &account.0],
            )
            .await?;
        Ok(rows.first().map(|row| {
            let budget = Budget {
                next_ms: row.get(1),
                held_until_ms: row.get(2),
                failures: count(row.get(3)),
                held_at_ms: row.get(4),
            };
            (row.get(0), budget)
        }))
    }

    async fn set_budget(
        &self,
        seller: SellerId,
        account: AccountId,
        turn: i64,
        budget: Budget,
    ) -> Result<bool> {
        let sql = if turn == 0 {
            "INSERT INTO call_budget (seller, account, turn, next_at, held_until, failures, held_at)
             VALUES ($1, $2, $3::BIGINT + 1, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING turn"
        } else {
            "UPDATE call_budget SET turn = turn + 1, next_at = $4, held_until = $5, failures = $6, held_at = $7
             WHERE seller = $1 AND account = $2 AND turn = $3 RETURNING turn"
        };
        let changed = self
            .rows(
                "changing a call budget",
                sql,
                &[
                    &seller.0,
                    &account.0,
                    &turn,
                    &budget.next_ms,
                    &budget.held_until_ms,
                    &i64::from(budget.failures),
                    &budget.held_at_ms,
                ],
            )
            .await?;
        Ok(!changed.is_empty())
    }
}

async fn keep(tx: &Transaction<'_>, key: &FeedKey, new: Read) -> Result<()> {
    let FeedKey { seller, account, feed } = key;
    let (from, until, began, rows) = read_row(&new);
    let meeting = tx.prepare_cached(MEETING).await.map_err(failed(MARKING))?;
    let met = tx
        .query(&meeting, &[&seller.0, &account.0, feed, &from, &until])
        .await
        .map_err(failed(MARKING))?;
    let met = met.iter().map(read_at).collect::<Result<Vec<Read>>>()?;
    let first = met.iter().map(|read| read.span().from_ms()).min().unwrap_or(from);
    let last = met.iter().map(|read| read.span().until_ms()).max().unwrap_or(until);
    let around = tx
        .query(&meeting, &[&seller.0, &account.0, feed, &first, &last])
        .await
        .map_err(failed(MARKING))?;
    let marked = mark(around.iter().map(read_at).collect::<Result<_>>()?, new);
    for gone in &marked.gone {
        let (from, until, began, _) = read_row(gone);
        tx.execute(
            "DELETE FROM feed_read WHERE seller = $1 AND account = $2 AND feed = $3
             AND until_at = $4 AND from_at = $5 AND began_at = $6",
            &[&seller.0, &account.0, feed, &until, &from, &began],
        )
        .await
        .map_err(failed(MARKING))?;
    }
    if marked.keep {
        tx.execute(
            "INSERT INTO feed_read (seller, account, feed, until_at, from_at, began_at, row_count)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[&seller.0, &account.0, feed, &until, &from, &began, &rows],
        )
        .await
        .map_err(failed(MARKING))?;
    }
    Ok(())
}

fn feed_row(row: &Row) -> FeedRow {
    FeedRow {
        account: row.get(0),
        feed: row.get(1),
        since_at: row.get(2),
        owner: row.get(3),
        lease_until: row.get(4),
        next_at: row.get(5),
        well_at: row.get(6),
        failed_at: row.get(7),
        failure: row.get(8),
        failures: row.get(9),
        noted_at: row.get(10),
    }
}

fn read_at(row: &Row) -> Result<Read> {
    read_of((row.get(0), row.get(1), row.get(2), row.get(3)))
}

//! Feeds, what was read of them, and call budgets.

use async_trait::async_trait;
use hoesu_claims::budget::Budget;
use hoesu_claims::coverage::Read;
use hoesu_claims::{AccountId, SellerId};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Sqlite;
use crate::Result;
use crate::feed::{FeedKey, FeedState, Lease};
use crate::store::coverage::{
    Coverage, FeedRow, Leaving, Taken, Taking, count, mark, read_of, read_row,
};

#[async_trait]
impl Coverage for Sqlite {
    async fn feeds(&self, seller: SellerId) -> Result<Vec<FeedState>> {
        self.read("reading the feeds", |connection| {
            connection
                .prepare_cached(
                    "SELECT account, feed, since_at, owner, lease_until, next_at, well_at, failed_at, failure, failures, noted_at
                     FROM feed WHERE seller = ?1 ORDER BY account, feed",
                )?
                .query_map([seller.0], |row| Ok(feed_row(row)?.state(seller)))?
                .collect()
        })
    }

    async fn lease_feed(&self, key: FeedKey, taking: Taking) -> Result<Option<Lease>> {
        let until = taking.until;
        let (key, taken) = self
            .writer
            .write("taking a feed", move |tx| {
                let taken = lease(tx, &key, &taking)?;
                Ok((key, taken))
            })
            .await?;
        Ok(taken.map(|taken| Lease::taken(key, until, taken)))
    }

    async fn renew_feed(&self, lease: &Lease, until: i64) -> Result<bool> {
        let (key, token) = (lease.key.clone(), lease.token);
        self.writer
            .write("keeping a feed", move |tx| {
                let renewed = tx
                    .prepare_cached(
                        "UPDATE feed SET lease_until = ?5
                         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND token = ?4",
                    )?
                    .execute(params![key.seller.0, key.account.0, key.feed, token, until])?;
                Ok(renewed == 1)
            })
            .await
    }

    async fn leave_feed(&self, lease: &Lease, leaving: Leaving) -> Result<bool> {
        let (key, token) = (lease.key.clone(), lease.token);
        self.writer.write("leaving a feed", move |tx| leave(tx, &key, token, &leaving)).await
    }

    async fn wake_feeds(&self, seller: SellerId, account: AccountId, now: i64) -> Result<()> {
        self.writer
            .write("waking feeds", move |tx| {
                tx.execute(
                    "UPDATE feed SET next_at = ?3, noted_at = ?3
                     WHERE seller = ?1 AND account = ?2 AND next_at > ?3",
                    [seller.0, account.0, now],
                )
                .map(drop)
            })
            .await
    }

    async fn free_feeds(&self, seller: SellerId, owner: String) -> Result<()> {
        self.writer
            .write("freeing feeds", move |tx| {
                tx.execute(
                    "UPDATE feed SET token = token + 1, lease_until = 0
                     WHERE seller = ?1 AND owner = ?2 AND lease_until > 0",
                    params![seller.0, owner],
                )
                .map(drop)
            })
            .await
    }

    async fn mark_read(&self, lease: &Lease, read: Read) -> Result<bool> {
        let (key, token) = (lease.key.clone(), lease.token);
        self.writer
            .write("marking a span as read", move |tx| mark_read(tx, &key, token, read))
            .await
    }

    async fn reads(&self, key: &FeedKey) -> Result<Vec<Read>> {
        let key = key.clone();
        self.scan("reading what was read", move |connection| {
            connection
                .prepare_cached(
                    "SELECT from_at, until_at, began_at, row_count FROM feed_read
                     WHERE seller = ?1 AND account = ?2 AND feed = ?3",
                )?
                .query_map(params![key.seller.0, key.account.0, key.feed], read)?
                .collect()
        })
        .await
    }

    async fn budget(&self, seller: SellerId, account: AccountId) -> Result<Option<(i64, Budget)>> {
        self.read("reading a call budget", |connection| {
            connection
                .prepare_cached(
                    "SELECT turn, next_at, held_until, failures, held_at FROM call_budget
                     WHERE seller = ?1 AND account = ?2",
                )?
                .query_row([seller.0, account.0], |row| {
                    let budget = Budget {
                        next_ms: row.get(1)?,
                        held_until_ms: row.get(2)?,
                        failures: count(row.get(3)?),
                        held_at_ms: row.get(4)?,
                    };
                    Ok((row.get(0)?, budget))
                })
                .optional()
        })
    }

    async fn set_budget(
        &self,
        seller: SellerId,
        account: AccountId,
        turn: i64,
        budget: Budget,
    ) -> Result<bool> {
        self.writer
            .write("changing a call budget", move |tx| {
                let sql = if turn == 0 {
                    "INSERT INTO call_budget (seller, account, turn, next_at, held_until, failures, held_at)
                     VALUES (?1, ?2, ?3 + 1, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING"
                } else {
                    "UPDATE call_budget SET turn = turn + 1, next_at = ?4, held_until = ?5, failures = ?6, held_at = ?7
                     WHERE seller = ?1 AND account = ?2 AND turn = ?3"
                };
                let changed = tx.prepare_cached(sql)?.execute([
                    seller.0,
                    account.0,
                    turn,
                    budget.next_ms,
                    budget.held_until_ms,
                    i64::from(budget.failures),
                    budget.held_at_ms,
                ])?;
                Ok(changed == 1)
            })
            .await
    }
}

fn lease(tx: &Connection, key: &FeedKey, taking: &Taking) -> rusqlite::Result<Option<Taken>> {
    let Taking { owner, since, now, until, horizon, lease_end } = taking;
    let taken = tx.prepare_cached(
        "INSERT INTO feed (seller, account, feed, since_at, owner, lease_until, token, next_at, failures, noted_at)
         VALUES (?1, ?2, ?3, ?7, ?4, ?5, 1, ?6, 0, ?6)
         ON CONFLICT (seller, account, feed) DO UPDATE
         SET owner = excluded.owner, lease_until = excluded.lease_until, token = feed.token + 1,
         since_at = CASE WHEN feed.since_at < excluded.since_at THEN feed.since_at ELSE excluded.since_at END,
         well_at = CASE WHEN feed.well_at > ?9 THEN NULL ELSE feed.well_at END
         WHERE (feed.lease_until <= ?6 OR feed.lease_until > ?8)
         AND (feed.next_at <= ?6 OR feed.noted_at > ?9 OR feed.next_at > ?10)
         RETURNING token, failures, since_at",
    )?
    .query_row(
        params![
            key.seller.0,
            key.account.0,
            key.feed,
            owner,
            until,
            now,
            since,
            lease_end,
            horizon.noted_ms,
            horizon.until_ms
        ],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
    .optional()?;
    if taken.is_some() {
        tx.prepare_cached(
            "DELETE FROM feed_read
             WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND began_at > ?4",
        )?
        .execute(params![key.seller.0, key.account.0, key.feed, horizon.noted_ms])?;
    }
    Ok(taken)
}

fn leave(tx: &Connection, key: &FeedKey, token: i64, leaving: &Leaving) -> rusqlite::Result<bool> {
    let left = tx
        .prepare_cached(
            "UPDATE feed SET token = token + 1, lease_until = 0, next_at = ?5, noted_at = ?6,
             failed_at = CASE WHEN ?7 IS NULL THEN failed_at ELSE ?6 END,
             failure = coalesce(?7, failure), failures = failures + (?7 IS NOT NULL)
             WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND token = ?4",
        )?
        .execute(params![
            key.seller.0,
            key.account.0,
            key.feed,
            token,
            leaving.next_at,
            leaving.now,
            leaving.failed
        ])?;
    Ok(left == 1)
}

fn mark_read(tx: &Connection, key: &FeedKey, token: i64, new: Read) -> rusqlite::Result<bool> {
    let (from, until, began, rows) = read_row(&new);
    let held = tx
        .prepare_cached(
            "UPDATE feed SET failures = 0,
             well_at = CASE WHEN well_at > ?5 THEN well_at ELSE ?5 END
             WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND token = ?4",
        )?
        .execute(params![key.seller.0, key.account.0, key.feed, token, began])?;
    if held == 0 {
        return Ok(false);
    }
    let at = (key.seller.0, key.account.0, &key.feed);
    let (first, last): (Option<i64>, Option<i64>) = tx
        .prepare_cached(
            "SELECT min(from_at), max(until_at) FROM feed_read
             WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND until_at > ?4 AND from_at < ?5",
        )?
        .query_row(params![at.0, at.1, at.2, from, until], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let around = tx
        .prepare_cached(
            "SELECT from_at, until_at, began_at, row_count FROM feed_read
             WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND until_at > ?4 AND from_at < ?5",
        )?
        .query_map(params![at.0, at.1, at.2, first.unwrap_or(from), last.unwrap_or(until)], read)?
        .collect::<rusqlite::Result<Vec<Read>>>()?;
    let marked = mark(around, new);
    let mut forget = tx.prepare_cached(
        "DELETE FROM feed_read WHERE seller = ?1 AND account = ?2 AND feed = ?3
         AND until_at = ?4 AND from_at = ?5 AND began_at = ?6",
    )?;
    for gone in &marked.gone {
        let (from, until, began, _) = read_row(gone);
        forget.execute(params![at.0, at.1, at.2, until, from, began])?;
    }
    if marked.keep {
        tx.prepare_cached(
            "INSERT INTO feed_read (seller, account, feed, until_at, from_at, began_at, row_count)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![at.0, at.1, at.2, until, from, began, rows])?;
    }
    Ok(true)
}

fn feed_row(row: &Row<'_>) -> rusqlite::Result<FeedRow> {
    Ok(FeedRow {
        account: row.get(0)?,
        feed: row.get(1)?,
        since_at: row.get(2)?,
        owner: row.get(3)?,
        lease_until: row.get(4)?,
        next_at: row.get(5)?,
        well_at: row.get(6)?,
        failed_at: row.get(7)?,
        failure: row.get(8)?,
        failures: row.get(9)?,
        noted_at: row.get(10)?,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Read> {
    let unreadable =
        |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, Box::new(error));
    read_of((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)).map_err(unreadable)
}

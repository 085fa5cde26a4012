//! Feeds and who works on them, what was read of them, and the call budgets of accounts.

mod budget;
mod reads;

use hoesu_claims::wait::Horizon;
use hoesu_claims::{AccountId, SellerId};

pub(crate) use budget::{budget, set_budget};
pub(crate) use reads::{mark_read, reads};

use super::instant;
use crate::Result;
use crate::database::{Tx, values};
use crate::feed::{FeedKey, FeedState, Lease};

/// A feed's row: `account, feed, since_at, owner, lease_until, next_at, noted_at, well_at, failed_at,
/// failure, failures`.
type FeedRow =
    (AccountId, String, i64, String, i64, i64, i64, Option<i64>, Option<i64>, Option<String>, i64);

fn state(seller: SellerId, row: FeedRow) -> FeedState {
    let (account, feed, since, owner, until, next, noted, well, failed, failure, failures) = row;
    FeedState {
        key: FeedKey { seller, account, feed },
        since: instant(since),
        owner,
        leased_until: instant(until),
        next_at: instant(next),
        noted_at: instant(noted),
        well_at: well.map(instant),
        failed_at: failed.map(instant),
        failure,
        failures: count(failures),
    }
}

pub(super) fn count(failures: i64) -> u32 {
    u32::try_from(failures.max(0)).unwrap_or(u32::MAX)
}

/// A seller's feeds, by account and name.
pub(crate) async fn feeds(tx: &mut Tx<'_>, seller: SellerId) -> Result<Vec<FeedState>> {
    let sql = "SELECT account, feed, since_at, owner, lease_until, next_at, noted_at, well_at,
         failed_at, failure, failures FROM feed WHERE seller = ?1 ORDER BY account, feed";
    let rows: Vec<FeedRow> = tx.rows(sql, &values![seller]).await?;
    Ok(rows.into_iter().map(|row| state(seller, row)).collect())
}

/// How a worker takes a feed.
pub(crate) struct Taking {
    pub(crate) owner: String,
    pub(crate) since: i64,
    pub(crate) now: i64,
    pub(crate) until: i64,
    /// What is believed of what was noted before.
    pub(crate) horizon: Horizon,
    /// The latest end of another's lease that is believed.
    pub(crate) lease_end: i64,
}

/// Takes a feed nobody has at `now` and that is not to be left alone any longer; makes its row. The
/// earlier `since` stays. Forgets what was read of it by a clock that was ahead.
pub(crate) async fn lease_feed(
    tx: &mut Tx<'_>,
    key: FeedKey,
    taking: Taking,
) -> Result<Option<Lease>> {
    let FeedKey { seller, account, feed } = &key;
    let Taking { owner, since, now, until, horizon, lease_end } = taking;
    let sql =
        "INSERT INTO feed (seller, account, feed, since_at, owner, lease_until, token, next_at,
             failures, noted_at)
         VALUES (?1, ?2, ?3, ?7, ?4, ?5, 1, ?6, 0, ?6)
         ON CONFLICT (seller, account, feed) DO UPDATE
         SET owner = excluded.owner, lease_until = excluded.lease_until, token = feed.token + 1,
         since_at = CASE WHEN feed.since_at < excluded.since_at
             THEN feed.since_at ELSE excluded.since_at END,
         well_at = CASE WHEN feed.well_at > ?9 THEN NULL ELSE feed.well_at END
         WHERE (feed.lease_until <= ?6 OR feed.lease_until > ?8)
         AND (feed.next_at <= ?6 OR feed.noted_at > ?9 OR feed.next_at > ?10)
         RETURNING token, failures, since_at";
    let (noted, waited) = (horizon.noted_ms, horizon.until_ms);
    let bound =
        values![*seller, *account, feed, &owner, until, now, since, lease_end, noted, waited];
    let taken: Option<(i64, i64, i64)> = tx.row(sql, &bound).await?;
    let Some((token, failures, since)) = taken else { return Ok(None) };
    let sql = "DELETE FROM feed_read
         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND began_at > ?4";
    tx.run(sql, &values![*seller, *account, feed, noted]).await?;
    let (until, since, failures) = (instant(until), instant(since), count(failures));
    Ok(Some(Lease { key, token, until, since, failures, history: 0 }))
}

/// Whether the lease was still held: it lasts until `until` then.
pub(crate) async fn renew_feed(
    tx: &mut Tx<'_>,
    key: FeedKey,
    token: i64,
    until: i64,
) -> Result<bool> {
    let sql = "UPDATE feed SET lease_until = ?5
         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND token = ?4";
    let FeedKey { seller, account, feed } = &key;
    Ok(tx.run(sql, &values![*seller, *account, feed, token, until]).await? == 1)
}

/// How a worker leaves a feed.
pub(crate) struct Leaving {
    pub(crate) now: i64,
    pub(crate) next_at: i64,
    /// By what it failed, if it did.
    pub(crate) failed: Option<String>,
}

/// Whether the lease was still held: nobody has the feed then.
pub(crate) async fn leave_feed(
    tx: &mut Tx<'_>,
    key: FeedKey,
    token: i64,
    leaving: Leaving,
) -> Result<bool> {
    let sql = "UPDATE feed SET token = token + 1, lease_until = 0, next_at = ?5, noted_at = ?6,
         failed_at = CASE WHEN CAST(?7 AS TEXT) IS NULL THEN failed_at ELSE ?6 END,
         failure = coalesce(?7, failure),
         failures = failures + CASE WHEN ?7 IS NULL THEN 0 ELSE 1 END
         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND token = ?4";
    let FeedKey { seller, account, feed } = &key;
    let Leaving { now, next_at, failed } = &leaving;
    let bound = values![*seller, *account, feed, token, *next_at, *now, failed.as_deref()];
    Ok(tx.run(sql, &bound).await? == 1)
}

/// Lets an account's feeds be looked at from `now` on.
pub(crate) async fn wake_feeds(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
    now: i64,
) -> Result<()> {
    let sql = "UPDATE feed SET next_at = ?3, noted_at = ?3
         WHERE seller = ?1 AND account = ?2 AND next_at > ?3";
    tx.run(sql, &values![seller, account, now]).await.map(drop)
}

/// Ends every lease of an owner.
pub(crate) async fn free_feeds(tx: &mut Tx<'_>, seller: SellerId, owner: String) -> Result<()> {
    let sql = "UPDATE feed SET token = token + 1, lease_until = 0
         WHERE seller = ?1 AND owner = ?2 AND lease_until > 0";
    tx.run(sql, &values![seller, owner]).await.map(drop)
}

//! What is to be asked by its number: remembered, put off, and forgotten once it is answered.

use hoesu_claims::wait::{Horizon, LONGEST_MS};
use hoesu_claims::{AccountId, SellerId};

use super::coverage::count;
use super::instant;
use crate::Result;
use crate::database::{Tx, values};
use crate::feed::FeedKey;
use crate::sought::Sought;

/// Ways of asking, and numbers.
pub(crate) type Numbers = Vec<(String, String)>;

/// Remembers what is to be asked by number for the account of a feed, which is looked at when it is
/// due. What is remembered already is due at the earlier instant.
pub(crate) async fn seek(
    tx: &mut Tx<'_>,
    by: FeedKey,
    what: Numbers,
    now: i64,
    due: i64,
) -> Result<()> {
    let FeedKey { seller, account, feed } = &by;
    let what = in_order(what);
    let rows = what.iter().map(|(lookup, key)| values![*seller, *account, lookup, key, due, now]);
    let sql = "INSERT INTO sought (seller, account, lookup, key, due_at, tries, noted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6) ON CONFLICT (seller, account, lookup, key)
         DO UPDATE SET due_at = excluded.due_at, noted_at = excluded.noted_at
         WHERE excluded.due_at < sought.due_at";
    tx.each(sql, &rows.collect::<Vec<_>>()).await?;
    let sql = "UPDATE feed SET next_at = ?4
         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND next_at > ?4";
    tx.run(sql, &values![*seller, *account, feed, due]).await.map(drop)
}

/// What is to be asked for an account, the first due first. What is put off further than is to be
/// believed is due at `now`.
pub(crate) async fn sought(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
    now: i64,
    limit: i64,
) -> Result<Vec<Sought>> {
    let Horizon { noted_ms, until_ms } = Horizon::of(now, LONGEST_MS);
    let sql = "SELECT lookup, key, CASE WHEN due_at > ?4 AND (noted_at > ?5 OR due_at > ?6)
             THEN ?4 ELSE due_at END AS due, tries
         FROM sought WHERE seller = ?1 AND account = ?2 ORDER BY due, lookup, key LIMIT ?3";
    let rows: Vec<(String, String, i64, i64)> =
        tx.rows(sql, &values![seller, account, limit, now, noted_ms, until_ms]).await?;
    let sought = |(lookup, key, due, tries)| Sought {
        lookup,
        key,
        due_at: instant(due),
        tries: count(tries),
    };
    Ok(rows.into_iter().map(sought).collect())
}

/// Forgets what was answered.
pub(crate) async fn answered(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
    what: Numbers,
) -> Result<()> {
    let what = in_order(what);
    let rows = what.iter().map(|(lookup, key)| values![seller, account, lookup, key]);
    let sql = "DELETE FROM sought
         WHERE seller = ?1 AND account = ?2 AND lookup = ?3 AND key = ?4";
    tx.each(sql, &rows.collect::<Vec<_>>()).await.map(drop)
}

/// Why something is asked later, in a stable word, and when.
pub(crate) struct PutOff {
    pub(crate) failure: String,
    pub(crate) now: i64,
    pub(crate) due: i64,
}

/// Tries again later.
pub(crate) async fn put_off(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
    what: Numbers,
    why: PutOff,
) -> Result<()> {
    let PutOff { failure, now, due } = &why;
    let what = in_order(what);
    let rows =
        what.iter().map(|(lookup, key)| values![seller, account, lookup, key, failure, *due, *now]);
    let sql = "UPDATE sought SET tries = tries + 1, failure = ?5, due_at = ?6, noted_at = ?7
         WHERE seller = ?1 AND account = ?2 AND lookup = ?3 AND key = ?4";
    tx.each(sql, &rows.collect::<Vec<_>>()).await.map(drop)
}

/// Each once, in the order in which everybody takes the rows, so that of two nobody waits in vain.
fn in_order(mut what: Numbers) -> Numbers {
    what.sort_unstable();
    what.dedup();
    what
}

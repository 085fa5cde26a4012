//! What was read of feeds.

use hoesu_claims::coverage::{Coverage, Read, Span};

use crate::Result;
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::feed::FeedKey;

/// Of the columns `from_at, until_at, began_at, row_count`.
impl FromRow for Read {
    const COLUMNS: usize = 4;

    fn read(row: &SqlRow<'_>, at: usize) -> Result<Self, RowError> {
        let (from, until, began, rows) = <(i64, i64, i64, i64)>::read(row, at)?;
        Span::of(from, until)
            .and_then(|span| Self::of(span, began, rows.max(0).unsigned_abs()))
            .ok_or(RowError::Unreadable("span"))
    }
}

/// What was read of a feed, in any order.
pub(crate) async fn reads(tx: &mut Tx<'_>, key: FeedKey) -> Result<Vec<Read>> {
    let sql = "SELECT from_at, until_at, began_at, row_count FROM feed_read
         WHERE seller = ?1 AND account = ?2 AND feed = ?3";
    tx.rows(sql, &values![key.seller, key.account, &key.feed]).await
}

/// Keeps a read if the lease is still held; whether it was.
pub(crate) async fn mark_read(
    tx: &mut Tx<'_>,
    key: FeedKey,
    token: i64,
    new: Read,
) -> Result<bool> {
    let FeedKey { seller, account, feed } = &key;
    let (from, until, began) = (new.span().from_ms(), new.span().until_ms(), new.began_ms());
    // The feed's row stays locked on PostgreSQL: whoever takes the feed over waits for this.
    let sql = "UPDATE feed SET failures = 0,
         well_at = CASE WHEN well_at > ?5 THEN well_at ELSE ?5 END
         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND token = ?4";
    if tx.run(sql, &values![*seller, *account, feed, token, began]).await? == 0 {
        return Ok(false);
    }
    let sql = "SELECT min(from_at), max(until_at) FROM feed_read
         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND until_at > ?4 AND from_at < ?5";
    let bound = values![*seller, *account, feed, from, until];
    let met: Option<(Option<i64>, Option<i64>)> = tx.row(sql, &bound).await?;
    let (first, last) = met.unwrap_or_default();
    let (first, last) = (first.unwrap_or(from), last.unwrap_or(until));
    let sql = "SELECT from_at, until_at, began_at, row_count FROM feed_read
         WHERE seller = ?1 AND account = ?2 AND feed = ?3 AND until_at > ?4 AND from_at < ?5";
    let around = tx.rows(sql, &values![*seller, *account, feed, first, last]).await?;
    let Marked { gone, keep } = mark(around, new);
    let gone = gone.iter().map(|read| {
        let span = read.span();
        values![*seller, *account, feed, span.until_ms(), span.from_ms(), read.began_ms()]
    });
    let sql = "DELETE FROM feed_read WHERE seller = ?1 AND account = ?2 AND feed = ?3
         AND until_at = ?4 AND from_at = ?5 AND began_at = ?6";
    tx.each(sql, &gone.collect::<Vec<_>>()).await?;
    if keep {
        let sql =
            "INSERT INTO feed_read (seller, account, feed, until_at, from_at, began_at, row_count)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let rows = i64::try_from(new.rows()).unwrap_or(i64::MAX);
        tx.run(sql, &values![*seller, *account, feed, until, from, began, rows]).await?;
    }
    Ok(true)
}

/// What a new read makes of those around it.
struct Marked {
    /// Those it makes superfluous.
    gone: Vec<Read>,
    /// Whether it is to be kept itself.
    keep: bool,
}

/// Decides on a new read. `around` must hold every read that meets one that meets the new one.
fn mark(around: Vec<Read>, new: Read) -> Marked {
    let mut reads = Coverage::from_iter(around);
    let mut gone = reads.add(new);
    let keep = !gone.contains(&new);
    gone.retain(|read| *read != new);
    Marked { gone, keep }
}

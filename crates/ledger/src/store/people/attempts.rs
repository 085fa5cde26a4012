//! Failed attempts to sign in. They are by names and addresses, of whom it is not known yet which
//! seller's they are: no statement names one.

use hoesu_claims::wait::Horizon;

use crate::Result;
use crate::database::{Tx, values};

/// How often failing locks.
const FAILURES_MAX: i64 = 5;

/// How long failures count, and how long a lock lasts, in milliseconds.
pub(crate) const LOCK_MS: i64 = 15 * 60_000;

/// Failures by one name or from one address: how many, when the last was, until when it is locked.
type Attempt = (i64, i64, i64);

/// Books an attempt under every handle, unless one of them is locked; until when, then.
pub(crate) async fn book_attempt(
    tx: &mut Tx<'_>,
    handles: [[u8; 32]; 2],
    now: i64,
) -> Result<Option<i64>> {
    tx.take_directory_turn().await?;
    let sql = "SELECT failures, failed_at, locked_until FROM sign_in_attempt WHERE handle = ?1";
    let mut put = Vec::with_capacity(handles.len());
    for handle in &handles {
        match booked(tx.row(sql, &values![handle]).await?, now) {
            Ok((failures, at, until)) => put.push(values![handle, failures, at, until]),
            Err(until) => return Ok(Some(until)),
        }
    }
    let sql = "DELETE FROM sign_in_attempt WHERE failed_at < ?1 AND locked_until < ?1";
    tx.run(sql, &values![now - LOCK_MS]).await?;
    let sql = "INSERT INTO sign_in_attempt (handle, failures, failed_at, locked_until)
         VALUES (?1, ?2, ?3, ?4) ON CONFLICT (handle) DO UPDATE SET failures = excluded.failures,
         failed_at = excluded.failed_at, locked_until = excluded.locked_until";
    tx.each(sql, &put).await?;
    Ok(None)
}

/// Forgets what failed under these handles.
pub(crate) async fn forget_attempts(tx: &mut Tx<'_>, handles: [[u8; 32]; 2]) -> Result<()> {
    // Who books deletes other rows than its own, in any order.
    tx.take_directory_turn().await?;
    let gone = handles.each_ref().map(|handle| values![handle]);
    tx.each("DELETE FROM sign_in_attempt WHERE handle = ?1", &gone).await.map(drop)
}

/// Books an attempt before it is made, as a failure, so that many at once do not slip through; what is
/// kept then, or until when it is locked.
fn booked(known: Option<Attempt>, now: i64) -> std::result::Result<Attempt, i64> {
    let (failures, failed_at, locked_until) = known.unwrap_or((0, now, 0));
    let over = Horizon::of(now, LOCK_MS).over_ms(failed_at, locked_until, now);
    if over > now {
        return Err(over);
    }
    let stale = locked_until > 0 || now - failed_at >= LOCK_MS;
    let failures = if stale { 1 } else { failures + 1 };
    Ok((failures, now, if failures >= FAILURES_MAX { now + LOCK_MS } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_within_a_quarter_of_an_hour_lock_for_another() {
        let mut known = None;
        for nth in 1..=4 {
            known = Some(booked(known, nth).unwrap());
            assert_eq!(known, Some((nth, nth, 0)));
        }
        known = Some(booked(known, 5).unwrap());
        assert_eq!(known, Some((5, 5, 5 + LOCK_MS)));
        assert_eq!(booked(known, 4 + LOCK_MS), Err(5 + LOCK_MS));
        assert_eq!(booked(known, 5 + LOCK_MS), Ok((1, 5 + LOCK_MS, 0)));
        let hour = 3_600_000;
        assert_eq!(booked(Some((5, hour, hour + LOCK_MS)), 1), Ok((1, 1, 0)), "the clock was set");
        assert_eq!(booked(Some((4, 1, 0)), 1 + LOCK_MS), Ok((1, 1 + LOCK_MS, 0)));
    }
}

//! When an account's channel may be called next.

use hoesu_claims::budget::Budget;
use hoesu_claims::{AccountId, SellerId};

use super::count;
use crate::Result;
use crate::database::{Tx, values};

/// An account's call budget and its turn.
pub(crate) async fn budget(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
) -> Result<Option<(i64, Budget)>> {
    let sql = "SELECT turn, next_at, held_until, failures, held_at FROM call_budget
         WHERE seller = ?1 AND account = ?2";
    let row: Option<(i64, i64, i64, i64, i64)> = tx.row(sql, &values![seller, account]).await?;
    Ok(row.map(|(turn, next_ms, held_until_ms, failures, held_at_ms)| {
        (turn, Budget { next_ms, held_until_ms, failures: count(failures), held_at_ms })
    }))
}

/// Replaces an account's call budget if its turn is still this one (0: there is none); whether it was.
pub(crate) async fn set_budget(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
    turn: i64,
    budget: Budget,
) -> Result<bool> {
    let sql = if turn == 0 {
        "INSERT INTO call_budget (seller, account, turn, next_at, held_until, failures, held_at)
         VALUES (?1, ?2, CAST(?3 AS BIGINT) + 1, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING"
    } else {
        "UPDATE call_budget SET turn = turn + 1, next_at = ?4, held_until = ?5, failures = ?6,
         held_at = ?7 WHERE seller = ?1 AND account = ?2 AND turn = ?3"
    };
    let Budget { next_ms, held_until_ms, failures, held_at_ms } = budget;
    let failures = i64::from(failures);
    let bound = values![seller, account, turn, next_ms, held_until_ms, failures, held_at_ms];
    Ok(tx.run(sql, &bound).await? == 1)
}

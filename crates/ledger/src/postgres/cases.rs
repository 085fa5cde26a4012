//! What the other twins still need of cases.

use deadpool_postgres::Transaction;
use hoesu_claims::SellerId;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::store::cases::{CaseRow, FindingRow};
use crate::store::overview::beside_of;

pub(super) use crate::store::cases::{CASE, FINDING};

/// The cases that meet a condition are looked at again. Whoever is settling right now works on what
/// was before.
pub(super) async fn wake(
    tx: &Transaction<'_>,
    seller: SellerId,
    condition: &str,
    values: &[&(dyn ToSql + Sync)],
) -> std::result::Result<(), tokio_postgres::Error> {
    // In the order in which a settlement takes them, so that neither waits for the other in vain.
    let sql = "UPDATE settled SET turn = turn + 1 WHERE seller = $1";
    tx.execute(sql, &[&seller.0]).await?;
    let sql = format!("UPDATE order_case SET wake_at = 0 WHERE seller = $1 AND {condition}");
    tx.execute(&sql, values).await?;
    Ok(())
}

pub(super) fn finding_row(row: &Row) -> FindingRow {
    FindingRow {
        id: row.get(0),
        case_key: row.get(1),
        rule: row.get(2),
        account: row.get(3),
        order_no: row.get(4),
        closed: row.get(5),
        stands: row.get::<_, i64>(6) != 0,
        urgency: row.get(7),
        won_at_risk: row.get(8),
        body: row.get(9),
        opened_at: row.get(10),
        changed_at: row.get(11),
        fault: row.get(12),
        beside: beside_of(&row.get::<_, String>(13)),
    }
}

pub(super) fn case_row(row: &Row) -> CaseRow {
    CaseRow {
        key: row.get(0),
        account: row.get(1),
        order: row.get(2),
        claim: row.get(3),
        goods: row.get(4),
        money: row.get(5),
        since: row.get(6),
        changed_at: row.get(7),
        findings: row.get(8),
        digest: row.get(9),
        settled_at: row.get(10),
        wake_at: row.get(11),
        slot: row.get(12),
    }
}

//! What the other twins still need of cases.

use hoesu_claims::SellerId;
use rusqlite::{Connection, Row, params};

use crate::store::ShelfNo;
use crate::store::cases::{CaseRow, FindingRow};
use crate::store::overview::beside_of;

pub(super) use crate::store::cases::{CASE, FINDING};

/// The case a document is in is looked at again.
pub(super) fn wake_document(tx: &Connection, at: ShelfNo, key: &str) -> rusqlite::Result<()> {
    let case = "case_key = (SELECT case_key FROM case_document
         WHERE seller = ?1 AND shelf = ?2 AND key = ?3)";
    wake(tx, at.seller, case, params![at.seller.0, at.shelf, key])
}

/// The cases that meet a condition are looked at again. Whoever is settling right now works on what
/// was before.
pub(super) fn wake(
    tx: &Connection,
    seller: SellerId,
    condition: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "UPDATE order_case SET wake_at = 0 WHERE seller = ?1 AND {condition}"
    ))?
    .execute(values)?;
    tx.prepare_cached("UPDATE settled SET turn = turn + 1 WHERE seller = ?1")?
        .execute([seller.0])?;
    Ok(())
}

/// All rows of a statement, run once for each text.
pub(super) fn each<T>(
    connection: &Connection,
    sql: &str,
    seller: SellerId,
    texts: &[String],
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut all = Vec::new();
    for text in texts {
        for one in statement.query_map(params![seller.0, text], &read)? {
            all.push(one?);
        }
    }
    Ok(all)
}

pub(super) fn finding_row(row: &Row<'_>) -> rusqlite::Result<FindingRow> {
    Ok(FindingRow {
        id: row.get(0)?,
        case_key: row.get(1)?,
        rule: row.get(2)?,
        account: row.get(3)?,
        order_no: row.get(4)?,
        closed: row.get(5)?,
        stands: row.get(6)?,
        urgency: row.get(7)?,
        won_at_risk: row.get(8)?,
        body: row.get(9)?,
        opened_at: row.get(10)?,
        changed_at: row.get(11)?,
        fault: row.get(12)?,
        beside: beside_of(&row.get::<_, String>(13)?),
    })
}

pub(super) fn case_row(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    Ok(CaseRow {
        key: row.get(0)?,
        account: row.get(1)?,
        order: row.get(2)?,
        claim: row.get(3)?,
        goods: row.get(4)?,
        money: row.get(5)?,
        since: row.get(6)?,
        changed_at: row.get(7)?,
        findings: row.get(8)?,
        digest: row.get(9)?,
        settled_at: row.get(10)?,
        wake_at: row.get(11)?,
        slot: row.get(12)?,
    })
}

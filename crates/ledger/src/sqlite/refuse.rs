//! Refused records, each kept once.

use hoesu_claims::{AccountId, SellerId};
use rusqlite::{Connection, params};

use crate::keys::SellerKeys;
use crate::store::RefusalRow;

pub(super) fn refuse(
    tx: &Connection,
    seller: SellerId,
    rows: &[RefusalRow],
    keys: &SellerKeys,
) -> rusqlite::Result<()> {
    let mut no: i64 = tx
        .prepare_cached("SELECT coalesce(max(no), 0) FROM refusal WHERE seller = ?1")?
        .query_row([seller.0], |row| row.get(0))?;
    let mut put = tx.prepare_cached(
        "INSERT INTO refusal (seller, no, account, observed_at, place, field, why, digest, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (seller, account, digest) DO NOTHING",
    )?;
    for row in rows {
        let body = keys.seal("refusal.body", no + 1, &row.body);
        no += put.execute(params![
            seller.0,
            no + 1,
            row.account.0,
            row.observed_at,
            row.place,
            row.field,
            row.why,
            row.digest,
            body
        ])? as i64;
    }
    Ok(())
}

pub(super) fn refusals(
    connection: &Connection,
    seller: SellerId,
    account: Option<AccountId>,
    limit: usize,
) -> rusqlite::Result<Vec<RefusalRow>> {
    connection
        .prepare_cached(
            "SELECT no, account, observed_at, place, field, why, digest, body FROM refusal
             WHERE seller = ?1 AND (?2 IS NULL OR account = ?2) ORDER BY no DESC LIMIT ?3",
        )?
        .query_map(params![seller.0, account.map(|account| account.0), limit as i64], |row| {
            Ok(RefusalRow {
                no: row.get(0)?,
                account: AccountId(row.get(1)?),
                observed_at: row.get(2)?,
                place: row.get(3)?,
                field: row.get(4)?,
                why: row.get(5)?,
                digest: row.get(6)?,
                body: row.get(7)?,
            })
        })?
        .collect()
}

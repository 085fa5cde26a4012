//! Refused records, each kept once.

use std::sync::Arc;

use hoesu_claims::{AccountId, SellerId};

use crate::Result;
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::keys::SellerKeys;

/// The column a refused record is sealed for.
pub(crate) const BODY: &str = "refusal.body";

/// Keeps refused records, sealed once their numbers are known; the same of the same account is kept
/// once.
pub(crate) async fn refuse(
    tx: &mut Tx<'_>,
    seller: SellerId,
    rows: Vec<RefusalRow>,
    keys: Arc<SellerKeys>,
) -> Result<()> {
    tx.take_turn(seller).await?;
    let sql = "SELECT coalesce(max(no), 0) FROM refusal WHERE seller = ?1";
    let last: Option<i64> = tx.row(sql, &values![seller]).await?;
    let mut no = last.unwrap_or(0) + 1;
    let sql =
        "INSERT INTO refusal (seller, no, account, observed_at, place, field, why, digest, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (seller, account, digest) DO NOTHING";
    for row in rows {
        let RefusalRow { no: _, account, observed_at, place, field, why, digest, body } = row;
        let body = keys.seal(BODY, no, &body);
        let row = values![seller, no, account, observed_at, place, field, why, digest, body];
        if tx.run(sql, &row).await? == 1 {
            no += 1;
        }
    }
    Ok(())
}

/// Refused records, newest first.
pub(crate) async fn refusals(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: Option<AccountId>,
    limit: usize,
) -> Result<Vec<RefusalRow>> {
    let sql = "SELECT no, account, observed_at, place, field, why, digest, body FROM refusal
         WHERE seller = ?1 AND (CAST(?2 AS BIGINT) IS NULL OR account = ?2)
         ORDER BY no DESC LIMIT ?3";
    let account = account.map(|account| account.0);
    tx.rows(sql, &values![seller, account, limit as i64]).await
}

/// A refused record.
pub(crate) struct RefusalRow {
    /// Not looked at on the way in.
    pub(crate) no: i64,
    pub(crate) account: AccountId,
    pub(crate) observed_at: i64,
    pub(crate) place: String,
    pub(crate) field: String,
    pub(crate) why: String,
    pub(crate) digest: Vec<u8>,
    /// Plain on the way in, sealed on the way out.
    pub(crate) body: Vec<u8>,
}

impl FromRow for RefusalRow {
    const COLUMNS: usize = 8;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (no, account, observed_at, place, field, why, digest, body) = FromRow::read(row, at)?;
        Ok(Self { no, account, observed_at, place, field, why, digest, body })
    }
}

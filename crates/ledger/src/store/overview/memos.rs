//! What people noted about orders, and how long a seller lets things be.

use hoesu_claims::{Policy, SellerId};

use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::keys::SellerKeys;
use crate::overview::Memo;
use crate::store::instant;
use crate::store::wake::{CLOCKED, wake};
use crate::{Error, Result};

/// The column a memo is sealed for.
pub(crate) const MEMO: &str = "memo.body";

/// A memo's row, sealed.
pub(crate) struct MemoRow {
    pub(crate) no: i64,
    pub(crate) at: i64,
    pub(crate) who: String,
    pub(crate) body: Vec<u8>,
}

impl FromRow for MemoRow {
    const COLUMNS: usize = 4;

    fn read(row: &SqlRow<'_>, from: usize) -> Result<Self, RowError> {
        let (no, at, who, body) = FromRow::read(row, from)?;
        Ok(Self { no, at, who, body })
    }
}

impl MemoRow {
    pub(crate) fn open(self, keys: &SellerKeys) -> Result<Memo> {
        let plain = keys.open(MEMO, self.no, &self.body)?;
        let text = String::from_utf8(plain).map_err(|_| Error::Unreadable("memo"))?;
        Ok(Memo { at: instant(self.at), who: self.who, text })
    }
}

/// The last number of the memos.
pub(crate) async fn last_memo(tx: &mut Tx<'_>, seller: SellerId) -> Result<i64> {
    let sql = "SELECT coalesce(max(no), 0) FROM memo WHERE seller = ?1";
    Ok(tx.row(sql, &values![seller]).await?.unwrap_or(0))
}

/// Keeps a memo; false if its number is taken.
pub(crate) async fn add_memo(
    tx: &mut Tx<'_>,
    seller: SellerId,
    order: String,
    row: MemoRow,
) -> Result<bool> {
    let sql = "INSERT INTO memo (seller, no, order_no, at, who, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (seller, no) DO NOTHING";
    let MemoRow { no, at, who, body } = row;
    Ok(tx.run(sql, &values![seller, no, order, at, who, body]).await? == 1)
}

/// The memos about an order, by number.
pub(crate) async fn memos(
    tx: &mut Tx<'_>,
    seller: SellerId,
    order: String,
) -> Result<Vec<MemoRow>> {
    let sql = "SELECT no, at, who, body FROM memo WHERE seller = ?1 AND order_no = ?2 ORDER BY no";
    tx.rows(sql, &values![seller, order]).await
}

/// How long the seller lets things be, if that was set.
pub(crate) async fn policy(tx: &mut Tx<'_>, seller: SellerId) -> Result<Option<Policy>> {
    let sql = "SELECT goods_after_refund_days, collection_days, appeal_business_hours
         FROM policy WHERE seller = ?1";
    let row = tx.row(sql, &values![seller]).await?;
    Ok(row.map(|(goods_after_refund_days, collection_days, appeal_business_hours)| Policy {
        goods_after_refund_days,
        collection_days,
        appeal_business_hours,
    }))
}

/// Sets it. Cases in which anything depends on days are looked at again.
pub(crate) async fn set_policy(tx: &mut Tx<'_>, seller: SellerId, policy: Policy) -> Result<()> {
    let sql = "INSERT INTO policy (seller, goods_after_refund_days, collection_days,
             appeal_business_hours) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (seller) DO UPDATE SET
             goods_after_refund_days = excluded.goods_after_refund_days,
             collection_days = excluded.collection_days,
             appeal_business_hours = excluded.appeal_business_hours";
    let Policy { goods_after_refund_days, collection_days, appeal_business_hours } = policy;
    let days = [goods_after_refund_days, collection_days, appeal_business_hours].map(i64::from);
    tx.run(sql, &values![seller, days[0], days[1], days[2]]).await?;
    wake(tx, seller, CLOCKED, &[values![seller]]).await
}

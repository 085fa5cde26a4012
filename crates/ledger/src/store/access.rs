//! The access log.

use std::sync::Arc;

use hoesu_claims::SellerId;

use super::{ShelfNo, VERSION, VersionRow, instant};
use crate::Result;
use crate::access::{Access, KeptAccess};
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::keys::SellerKeys;

/// The column a reason is sealed for.
const REASON: &str = "access_log.reason";

/// Writes a line.
pub(crate) async fn note(
    tx: &mut Tx<'_>,
    seller: SellerId,
    access: Access,
    keys: Arc<SellerKeys>,
) -> Result<()> {
    tx.take_turn(seller).await?;
    let sql = "SELECT no, chain FROM access_log WHERE seller = ?1 ORDER BY no DESC LIMIT 1";
    let last = tx.row(sql, &values![seller]).await?;
    let AccessRow { no, at, who, origin, what, whose, reason, chain } =
        AccessRow::after(last, &access, &keys);
    let sql = "INSERT INTO access_log (seller, no, at, who, origin, what, whose, reason, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let line = values![seller, no, at, who, origin, what, whose, reason, chain];
    tx.run(sql, &line).await.map(drop)
}

/// Writes a line and reads a version of a document; nothing is written if there is none.
pub(crate) async fn reveal(
    tx: &mut Tx<'_>,
    at: ShelfNo,
    key: String,
    version: i64,
    access: Access,
    keys: Arc<SellerKeys>,
) -> Result<Option<VersionRow>> {
    let sql = format!(
        "SELECT {VERSION} FROM document d
         JOIN version v ON v.seller = d.seller AND v.shelf = d.shelf AND v.no = d.no
         WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key = ?3 AND v.version = ?4"
    );
    let row = tx.row(&sql, &values![at.seller, at.shelf, key, version]).await?;
    if row.is_some() {
        note(tx, at.seller, access, keys).await?;
    }
    Ok(row)
}

/// Lines after `no`, in order.
pub(crate) async fn accesses_after(
    tx: &mut Tx<'_>,
    seller: SellerId,
    no: i64,
    limit: usize,
) -> Result<Vec<AccessRow>> {
    let sql = "SELECT no, at, who, origin, what, whose, reason, chain FROM access_log
         WHERE seller = ?1 AND no > ?2 ORDER BY no LIMIT ?3";
    tx.rows(sql, &values![seller, no, limit as i64]).await
}

/// Lines written since an instant with a number below `before`, the last first.
pub(crate) async fn accesses_before(
    tx: &mut Tx<'_>,
    seller: SellerId,
    since: i64,
    before: i64,
    limit: usize,
) -> Result<Vec<AccessRow>> {
    let sql = "SELECT no, at, who, origin, what, whose, reason, chain FROM access_log
         WHERE seller = ?1 AND at >= ?2 AND no < ?3 ORDER BY no DESC LIMIT ?4";
    tx.rows(sql, &values![seller, since, before, limit as i64]).await
}

/// A line as it is stored.
pub(crate) struct AccessRow {
    pub(crate) no: i64,
    pub(crate) at: i64,
    pub(crate) who: String,
    pub(crate) origin: String,
    pub(crate) what: String,
    pub(crate) whose: String,
    /// Sealed.
    pub(crate) reason: Vec<u8>,
    pub(crate) chain: Vec<u8>,
}

impl FromRow for AccessRow {
    const COLUMNS: usize = 8;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (no, at, who, origin, what, whose, reason, chain) = FromRow::read(row, at)?;
        Ok(Self { no, at, who, origin, what, whose, reason, chain })
    }
}

impl AccessRow {
    /// The line after `last` (the last line's number and chain value).
    fn after(last: Option<(i64, Vec<u8>)>, access: &Access, keys: &SellerKeys) -> Self {
        let (last, chain) = last.unwrap_or_default();
        let no = last + 1;
        let mut row = Self {
            no,
            at: access.at.as_millisecond(),
            who: access.who.replace('\0', ""),
            origin: access.origin.replace('\0', ""),
            what: access.what.name().to_owned(),
            whose: access.whose.replace('\0', ""),
            reason: keys.seal(REASON, no, access.reason.as_bytes()),
            chain: Vec::new(),
        };
        row.chain = row.chained(&chain, keys).to_vec();
        row
    }

    /// What the line's chain value must be after the one before.
    pub(crate) fn chained(&self, before: &[u8], keys: &SellerKeys) -> [u8; 32] {
        let texts = [&self.who, &self.origin, &self.what, &self.whose].map(String::as_bytes);
        let [who, origin, what, whose] = texts;
        let (no, at) = (self.no.to_be_bytes(), self.at.to_be_bytes());
        keys.chain(&[before, &no, &at, who, origin, what, whose, &self.reason])
    }

    pub(crate) fn open(self, keys: &SellerKeys) -> KeptAccess {
        let reason = keys.open(REASON, self.no, &self.reason).ok();
        KeptAccess {
            no: self.no,
            at: instant(self.at),
            who: self.who,
            origin: self.origin,
            what: self.what,
            whose: self.whose,
            reason: reason.and_then(|reason| String::from_utf8(reason).ok()),
        }
    }
}

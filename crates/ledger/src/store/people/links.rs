//! Links by which people choose a password, or begin.

use hoesu_claims::SellerId;

use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::people::LinkUse;
use crate::{Error, Result};

/// Keeps a link under the next number and answers that; the person's others for the same use end, and
/// so do those that ran out.
pub(crate) async fn add_link(tx: &mut Tx<'_>, row: LinkRow, now: i64) -> Result<i64> {
    // The link of the first start is of a seller that is not there.
    tx.take_directory_turn().await?;
    let LinkRow { seller, person, use_for, hash, until } = row;
    let use_for = use_for.name();
    let sql = "DELETE FROM link
         WHERE seller = ?1 AND (person = ?2 AND use_for = ?3 OR until_at < ?4)";
    tx.run(sql, &values![seller, person, use_for, now]).await?;
    let sql = "INSERT INTO link (seller, link, person, use_for, hash, until_at)
         SELECT ?1, coalesce(max(link), 0) + 1, ?2, ?3, ?4, ?5 FROM link WHERE seller = ?1
         RETURNING link";
    let no = tx.row(sql, &values![seller, person, use_for, hash, until]).await?;
    no.ok_or(Error::Unreadable("link's number"))
}

/// The link with this number.
pub(crate) async fn link(tx: &mut Tx<'_>, seller: SellerId, no: i64) -> Result<Option<LinkRow>> {
    let sql = "SELECT seller, person, use_for, hash, until_at FROM link
         WHERE seller = ?1 AND link = ?2";
    tx.row(sql, &values![seller, no]).await
}

/// Uses a link up: whether it was still there.
pub(crate) async fn take_link(
    tx: &mut Tx<'_>,
    seller: SellerId,
    no: i64,
    hash: Vec<u8>,
) -> Result<bool> {
    let sql = "DELETE FROM link WHERE seller = ?1 AND link = ?2 AND hash = ?3";
    Ok(tx.run(sql, &values![seller, no, hash]).await? == 1)
}

/// A link's row.
pub(crate) struct LinkRow {
    pub(crate) seller: SellerId,
    pub(crate) person: i64,
    pub(crate) use_for: LinkUse,
    /// SHA-256 of the secret.
    pub(crate) hash: Vec<u8>,
    pub(crate) until: i64,
}

impl FromRow for LinkRow {
    const COLUMNS: usize = 5;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (seller, person, use_for, hash, until) = FromRow::read(row, at)?;
        Ok(Self { seller, person, use_for, hash, until })
    }
}

impl FromRow for LinkUse {
    const COLUMNS: usize = 1;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        Self::from_name(&String::read(row, at)?).ok_or(RowError::Unreadable("link's use"))
    }
}

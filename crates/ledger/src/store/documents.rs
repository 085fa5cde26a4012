//! Reading documents back: their versions, what lists need of them, and what they are found by.

use hoesu_claims::{Rank, SellerId, Term, Text};

use super::{Card, ShelfNo, VERSION, VersionRow, unpack_card};
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::signature::{Signature, may_hold};
use crate::{Error, Result};

/// Of the columns `no, seq, rank_at, rank_tie, card`.
impl FromRow for Card {
    const COLUMNS: usize = 5;

    fn read(row: &SqlRow<'_>, from: usize) -> Result<Self, RowError> {
        let (no, seq, at, tie) = FromRow::read(row, from)?;
        let words = unpack_card(row.text(from + 4)?);
        let (states, moments) = words.map_err(|_| RowError::Unreadable("card"))?;
        Ok(Self { no, seq, rank: Rank { at, tie }, states, moments })
    }
}

/// Every version of a document, by arrival.
pub(crate) async fn versions(tx: &mut Tx<'_>, at: ShelfNo, key: String) -> Result<Vec<VersionRow>> {
    let sql = format!(
        "SELECT {VERSION} FROM document d
         JOIN version v ON v.seller = d.seller AND v.shelf = d.shelf AND v.no = d.no
         WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key = ?3 ORDER BY v.version"
    );
    tx.rows(&sql, &values![at.seller, at.shelf, key]).await
}

/// Versions by their place in the sequence, in the order asked; those that are not there are left out.
pub(crate) async fn by_seq(
    tx: &mut Tx<'_>,
    seller: SellerId,
    seqs: Vec<i64>,
) -> Result<Vec<VersionRow>> {
    let sql = by_number();
    let seqs: Vec<_> = seqs.into_iter().map(|seq| values![seller, seq]).collect();
    tx.rows_of_all(&sql, &seqs).await
}

/// The version with this place in the sequence.
pub(crate) async fn version(
    tx: &mut Tx<'_>,
    seller: SellerId,
    seq: i64,
) -> Result<Option<VersionRow>> {
    tx.row(&by_number(), &values![seller, seq]).await
}

fn by_number() -> String {
    format!("SELECT {VERSION} FROM version v WHERE v.seller = ?1 AND v.seq = ?2")
}

/// Current versions with keys after `after`, by key, each as old as the first time it was heard.
pub(crate) async fn current_after(
    tx: &mut Tx<'_>,
    at: ShelfNo,
    after: String,
    limit: usize,
) -> Result<Vec<VersionRow>> {
    let sql = "SELECT v.seq, v.key, v.version, v.first_at, v.media, v.marks, v.body
         FROM document d JOIN version v ON v.seller = d.seller AND v.seq = d.seq
         WHERE d.seller = ?1 AND d.shelf = ?2 AND d.key > ?3 ORDER BY d.key LIMIT ?4";
    tx.rows(sql, &values![at.seller, at.shelf, after, limit as i64]).await
}

/// The last number of the seller's change sequence.
pub(crate) async fn last_seq(tx: &mut Tx<'_>, seller: SellerId) -> Result<i64> {
    let sql = "SELECT seq FROM seller WHERE seller = ?1";
    tx.row(sql, &values![seller]).await?.ok_or(Error::Unreadable("seller"))
}

/// The cards of documents whose current version came after `seq`, in any order.
pub(crate) async fn cards_after(tx: &mut Tx<'_>, at: ShelfNo, seq: i64) -> Result<Vec<Card>> {
    // SQLite goes by an index only if told: from the start the whole shelf is read in the order it lies
    // in; later, what changed. PostgreSQL would sort.
    let order = match (tx.is_sqlite(), seq) {
        (true, 0) => " ORDER BY key",
        (true, _) => " ORDER BY seq",
        (false, _) => "",
    };
    let sql = format!(
        "SELECT no, seq, rank_at, rank_tie, card FROM document
         WHERE seller = ?1 AND shelf = ?2 AND seq > ?3{order}"
    );
    tx.rows(&sql, &values![at.seller, at.shelf, seq]).await
}

/// The numbers of documents that have one of these values.
pub(crate) async fn holding(
    tx: &mut Tx<'_>,
    at: ShelfNo,
    term: Term,
    values: Vec<String>,
) -> Result<Vec<u32>> {
    let sql = "SELECT no FROM term WHERE seller = ?1 AND term = ?2 AND value = ?3 AND shelf = ?4";
    let values: Vec<_> =
        values.iter().map(|value| values![at.seller, term.code(), value, at.shelf]).collect();
    tx.rows_of_all(sql, &values).await
}

/// The numbers of documents whose signature of this text has all bits of `part`.
pub(crate) async fn resembling(
    tx: &mut Tx<'_>,
    at: ShelfNo,
    text: Text,
    part: Signature,
) -> Result<Vec<u32>> {
    let sql =
        "SELECT no, signature FROM text_signature WHERE seller = ?1 AND shelf = ?2 AND text = ?3";
    let resembles = move |row: &SqlRow<'_>| {
        if may_hold(row.bytes(1)?, &part) { u32::read(row, 0).map(Some) } else { Ok(None) }
    };
    tx.rows_if(sql, &values![at.seller, at.shelf, text.name()], resembles).await
}

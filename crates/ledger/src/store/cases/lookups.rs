//! What settling reads: how far it is, what changed since, which documents and cases belong together.

use hoesu_claims::SellerId;

use super::lists::of_each;
use super::{ContentRow, Found};
use crate::Result;
use crate::cases::{Change, DocumentAt, Settled};
use crate::database::{SqlValue, Tx, values};

/// How far a seller's documents are settled. The history is not known here.
pub(crate) async fn settled(tx: &mut Tx<'_>, seller: SellerId) -> Result<Settled> {
    let sql = "SELECT seq, turn FROM settled WHERE seller = ?1";
    let row = tx.row(sql, &values![seller]).await?;
    Ok(row.map(|(seq, turn)| Settled { seq, turn, history: 0 }).unwrap_or_default())
}

/// Documents that got a version after `seq`, each once for every version, in order.
pub(crate) async fn changes_after(
    tx: &mut Tx<'_>,
    seller: SellerId,
    seq: i64,
    limit: usize,
) -> Result<Vec<Change>> {
    let sql = "SELECT v.seq, s.account, s.kind, v.key FROM version v
         JOIN shelf s ON s.seller = v.seller AND s.shelf = v.shelf
         WHERE v.seller = ?1 AND v.seq > ?2 ORDER BY v.seq LIMIT ?3";
    let rows: Vec<(i64, DocumentAt)> = tx.rows(sql, &values![seller, seq, limit as i64]).await?;
    Ok(rows.into_iter().map(|(seq, document)| Change { seq, document }).collect())
}

/// Current documents that have one of these terms, by their numbers; one may come twice.
pub(crate) async fn having(
    tx: &mut Tx<'_>,
    seller: SellerId,
    terms: Vec<(i64, String)>,
) -> Result<Vec<Found>> {
    let sql = "SELECT s.account, s.kind, d.seq, d.first_at, d.shelf, d.no, d.versions, d.dated
         FROM term t
         JOIN document d ON d.seller = t.seller AND d.shelf = t.shelf AND d.no = t.no
         JOIN shelf s ON s.seller = t.seller AND s.shelf = t.shelf
         WHERE t.seller = ?1 AND t.term = ?2 AND t.value = ?3";
    let asked: Vec<_> = terms.iter().map(|(term, value)| values![seller, *term, value]).collect();
    tx.rows_of_all(sql, &asked).await
}

/// These documents as they are now; unknown ones are left out.
pub(crate) async fn current_of(
    tx: &mut Tx<'_>,
    seller: SellerId,
    at: Vec<DocumentAt>,
) -> Result<Vec<Found>> {
    let sql = "SELECT s.account, s.kind, d.seq, d.first_at, d.shelf, d.no, d.versions, d.dated
         FROM shelf s
         JOIN document d ON d.seller = s.seller AND d.shelf = s.shelf AND d.key = ?4
         WHERE s.seller = ?1 AND s.account = ?2 AND s.kind = ?3";
    tx.rows_of_all(sql, &at_each(seller, &at)).await
}

/// The contents of all versions of these documents (shelf, number), by arrival.
pub(crate) async fn contents(
    tx: &mut Tx<'_>,
    seller: SellerId,
    of: Vec<(i64, i64)>,
) -> Result<Vec<ContentRow>> {
    let sql = "SELECT shelf, no, seq, digest, changed_at, first_at, last_at, received FROM version
         WHERE seller = ?1 AND shelf = ?2 AND no = ?3 ORDER BY version";
    let asked: Vec<_> = of.iter().map(|(shelf, no)| values![seller, *shelf, *no]).collect();
    tx.rows_of_all(sql, &asked).await
}

/// The cases these documents are in, each once.
pub(crate) async fn cases_of(
    tx: &mut Tx<'_>,
    seller: SellerId,
    at: Vec<DocumentAt>,
) -> Result<Vec<String>> {
    let sql = "SELECT c.case_key FROM shelf s
         JOIN case_document c ON c.seller = s.seller AND c.shelf = s.shelf AND c.key = ?4
         WHERE s.seller = ?1 AND s.account = ?2 AND s.kind = ?3";
    let mut all: Vec<String> = tx.rows_of_all(sql, &at_each(seller, &at)).await?;
    all.sort();
    all.dedup();
    Ok(all)
}

/// The documents of these cases.
pub(crate) async fn documents_of(
    tx: &mut Tx<'_>,
    seller: SellerId,
    cases: Vec<String>,
) -> Result<Vec<DocumentAt>> {
    let sql = "SELECT s.account, s.kind, c.key FROM case_document c
         JOIN shelf s ON s.seller = c.seller AND s.shelf = c.shelf
         WHERE c.seller = ?1 AND c.case_key = ?2";
    tx.rows_of_all(sql, &of_each(seller, &cases)).await
}

/// Cases that come due at `now` or came due before, the earliest first.
pub(crate) async fn due_cases(
    tx: &mut Tx<'_>,
    seller: SellerId,
    now: i64,
    limit: usize,
) -> Result<Vec<String>> {
    let sql = "SELECT case_key FROM order_case WHERE seller = ?1 AND wake_at <= ?2
         ORDER BY wake_at LIMIT ?3";
    tx.rows(sql, &values![seller, now, limit as i64]).await
}

/// Sellers with changes or due cases that are not settled, or with cases settled after `noted`. Of all
/// sellers: this is where work is looked for.
pub(crate) async fn behind(tx: &mut Tx<'_>, now: i64, noted: i64) -> Result<Vec<SellerId>> {
    let sql = "SELECT s.seller FROM seller s LEFT JOIN settled d ON d.seller = s.seller
         WHERE s.seq > coalesce(d.seq, 0) OR d.latest_at > ?2 OR EXISTS
         (SELECT 1 FROM order_case c WHERE c.seller = s.seller AND c.wake_at <= ?1)
         ORDER BY s.seller";
    tx.rows(sql, &values![now, noted]).await
}

/// When the next case of any seller comes due.
pub(crate) async fn next_wake(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let sql = "SELECT min((SELECT min(c.wake_at) FROM order_case c WHERE c.seller = s.seller))
         FROM seller s";
    Ok(tx.row::<Option<i64>>(sql, &[]).await?.flatten())
}

/// The seller with each of these documents.
fn at_each(seller: SellerId, at: &[DocumentAt]) -> Vec<[SqlValue<'_>; 4]> {
    at.iter().map(|at| values![seller, at.account, &at.kind, &at.key]).collect()
}

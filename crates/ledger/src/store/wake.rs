//! Cases to be looked at again although no document changed.

use hoesu_claims::SellerId;

use super::ShelfNo;
use crate::Result;
use crate::database::{SqlValue, Tx, values};

/// All of them. Bound: the seller.
pub(crate) const EVERY: &str = "TRUE";

/// Those under any account that wait for a sales account. Bound: the seller.
pub(crate) const WAITING: &str = "case_key LIKE 'waiting/%'";

/// Those in which anything depends on days. Bound: the seller.
pub(crate) const CLOCKED: &str = "(wake_at IS NOT NULL OR EXISTS (SELECT 1 FROM finding f
     WHERE f.seller = order_case.seller AND f.case_key = order_case.case_key AND f.stands = 1))";

/// Those with a document of an account that has one of two values of a term. Bound: the seller, the
/// account, the term, the values.
pub(crate) const SAYING: &str = "case_key IN (SELECT c.case_key FROM shelf s
     JOIN term t ON t.seller = s.seller AND t.shelf = s.shelf
     JOIN document d ON d.seller = t.seller AND d.shelf = t.shelf AND d.no = t.no
     JOIN case_document c ON c.seller = d.seller AND c.shelf = d.shelf AND c.key = d.key
     WHERE s.seller = ?1 AND s.account = ?2 AND t.term = ?3 AND t.value IN (?4, ?5))";

/// The one a document is in. Bound: the seller, the shelf, the document's key.
const HOLDING: &str = "case_key = (SELECT case_key FROM case_document
     WHERE seller = ?1 AND shelf = ?2 AND key = ?3)";

/// The cases these documents of a shelf are in are looked at again.
pub(crate) async fn wake_documents(tx: &mut Tx<'_>, at: ShelfNo, keys: Vec<String>) -> Result<()> {
    let documents: Vec<_> = keys.iter().map(|key| values![at.seller, at.shelf, key]).collect();
    wake(tx, at.seller, HOLDING, &documents).await
}

/// The cases that meet a condition, with each of these values, are looked at again. Whoever is
/// settling right now works on what was before.
pub(crate) async fn wake<'v, V: AsRef<[SqlValue<'v>]> + Sync>(
    tx: &mut Tx<'_>,
    seller: SellerId,
    condition: &str,
    values: &[V],
) -> Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    // In the order in which a settlement takes the rows, so that neither waits for the other in vain.
    tx.run("UPDATE settled SET turn = turn + 1 WHERE seller = ?1", &values![seller]).await?;
    let sql = format!("UPDATE order_case SET wake_at = 0 WHERE seller = ?1 AND {condition}");
    tx.each(&sql, values).await.map(drop)
}

//! The numbers given last, as the databases keep them.

use async_trait::async_trait;
use hoesu_claims::{AccountId, SellerId};

use crate::{Counter, Result};

/// Change sequences whose counter is not the highest number; each maximum is one step in an index.
pub(crate) const CHANGES: &str = "SELECT seller, seq, highest FROM
     (SELECT s.seller, s.seq,
          coalesce((SELECT max(v.seq) FROM version v WHERE v.seller = s.seller), 0) AS highest
      FROM seller s) AS counted
     WHERE seq <> highest ORDER BY seller";

/// The same of the documents of shelves.
pub(crate) const DOCUMENTS: &str = "SELECT seller, documents, highest, account, kind, shelf FROM
     (SELECT s.seller, s.documents, s.account, s.kind, s.shelf,
          coalesce((SELECT max(v.no) FROM version v WHERE v.seller = s.seller AND v.shelf = s.shelf), 0)
              AS highest
      FROM shelf s) AS counted
     WHERE documents <> highest ORDER BY seller, account, kind";

/// Raises a change sequence; it is never lowered.
pub(crate) const RAISE_CHANGES: &str = "UPDATE seller SET seq = ?2 WHERE seller = ?1 AND seq < ?2";

/// The same of the documents of a shelf.
pub(crate) const RAISE_DOCUMENTS: &str =
    "UPDATE shelf SET documents = ?3 WHERE seller = ?1 AND shelf = ?2 AND documents < ?3";

/// A counter, and the number of the shelf it is kept with.
pub(crate) struct CounterRow {
    pub(crate) counter: Counter,
    pub(crate) shelf: Option<i64>,
}

impl CounterRow {
    /// From the columns of [`CHANGES`] or [`DOCUMENTS`].
    pub(crate) fn new(
        seller: i64,
        counted: i64,
        highest: i64,
        shelf: Option<(i64, String, i64)>,
    ) -> Self {
        let (shelf, no) = match shelf {
            Some((account, kind, no)) => (Some((AccountId(account), kind)), Some(no)),
            None => (None, None),
        };
        Self { counter: Counter { seller: SellerId(seller), shelf, counted, highest }, shelf: no }
    }
}

/// Counters: the last number of each seller's change sequence, and of each shelf's documents.
#[async_trait]
pub(crate) trait Counters {
    /// Those that are not the highest number in the rows.
    async fn wrong_counters(&self) -> Result<Vec<Counter>>;
    /// Raises those that are behind, all in one transaction; answers them as they were.
    async fn raise_counters(&self) -> Result<Vec<Counter>>;
}

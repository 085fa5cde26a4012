//! The numbers given last: checked and mended.

use jiff::Timestamp;

use super::Ledger;
use crate::store::counters;
use crate::{Counter, Result};

impl Ledger {
    /// The latest instant that is written, of all sellers.
    pub(super) async fn latest(&self) -> Result<Option<Timestamp>> {
        self.database.scan("looking for the newest row", |tx| Box::pin(counters::latest(tx))).await
    }

    /// Counters that are not the highest number in the rows: of each seller's change sequence, and of
    /// the documents of each account and kind. Costs a step in an index for each.
    pub async fn wrong_counters(&self) -> Result<Vec<Counter>> {
        self.database
            .scan_at_once("checking the counters", |tx| Box::pin(counters::wrong_counters(tx)))
            .await
    }

    /// Raises the counters that are behind to the highest number in the rows, in one transaction, and
    /// writes nothing else; answers them as they were. One that is ahead is left: a number once given
    /// may be held elsewhere, and is not given again.
    pub async fn raise_counters(&self) -> Result<Vec<Counter>> {
        self.database
            .write("raising the counters", |tx| Box::pin(counters::raise_counters(tx)))
            .await
    }
}

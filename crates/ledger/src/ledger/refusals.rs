//! Records that could not become documents: kept, and shown again.

use hoesu_claims::{AccountId, SellerId};
use jiff::Timestamp;

use super::Ledger;
use crate::store::instant;
use crate::store::refusals::{self, RefusalRow};
use crate::{Refusal, Refused, Result};

impl Ledger {
    /// Keeps refused records, sealed; the same record of the same account is kept once.
    pub async fn refuse(
        &self,
        seller: SellerId,
        account: AccountId,
        refused: Vec<Refused>,
        now: Timestamp,
    ) -> Result<()> {
        let keys = self.keys(seller).await?;
        let row = |refused: Refused| RefusalRow {
            no: 0,
            account,
            observed_at: now.as_millisecond(),
            digest: keys
                .digest(&[refused.field.as_bytes(), refused.why.as_bytes(), &refused.body])
                .to_vec(),
            place: refused.at,
            field: refused.field,
            why: refused.why,
            body: refused.body,
        };
        let rows = refused.into_iter().map(row).collect();
        self.database
            .write("keeping refusals", move |tx| Box::pin(refusals::refuse(tx, seller, rows, keys)))
            .await
    }

    /// Refused records, newest first.
    pub async fn refusals(
        &self,
        seller: SellerId,
        account: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<Refusal>> {
        let keys = self.keys(seller).await?;
        let rows = self
            .database
            .scan("reading refusals", move |tx| {
                Box::pin(refusals::refusals(tx, seller, account, limit))
            })
            .await?;
        rows.into_iter()
            .map(|row| {
                let body = keys.open(refusals::BODY, row.no, &row.body)?;
                Ok(Refusal {
                    no: row.no,
                    account: row.account,
                    observed_at: instant(row.observed_at),
                    refused: Refused { at: row.place, field: row.field, why: row.why, body },
                })
            })
            .collect()
    }
}

//! Trying to write: one row, committed.

use async_trait::async_trait;

use super::{Postgres, failed};
use crate::Result;
use crate::store::probe::{Probe, ROW};

/// How long a probe waits for a lock, and for everything.
const LIMITS: &str = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '10s'";

#[async_trait]
impl Probe for Postgres {
    async fn probe(&self, value: [u8; 8]) -> Result<()> {
        let failed = failed("trying to write");
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(&failed)?;
        transaction.batch_execute(LIMITS).await.map_err(&failed)?;
        transaction
            .execute(
                "INSERT INTO ledger (name, value) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                &[&ROW, &value.as_slice()],
            )
            .await
            .map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }
}

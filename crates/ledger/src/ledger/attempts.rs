//! Attempts to sign in, counted before they are made.

use jiff::Timestamp;

use super::Ledger;
use crate::Result;
use crate::store::instant;
use crate::store::people::attempts;

impl Ledger {
    /// What attempts are counted under: the name, and the address they come from.
    pub(super) fn handles(&self, name: &str, origin: &str) -> [[u8; 32]; 2] {
        [self.doormen.handle("name", name), self.doormen.handle("address", origin)]
    }

    /// Books an attempt as failed, unless it is locked; until when, then.
    pub(super) async fn book_attempt(
        &self,
        handles: [[u8; 32]; 2],
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let now = now.as_millisecond();
        let locked = self
            .database
            .write("booking an attempt", move |tx| {
                Box::pin(attempts::book_attempt(tx, handles, now))
            })
            .await?;
        Ok(locked.map(instant))
    }

    /// Forgets what failed under these handles.
    pub(super) async fn forget_attempts(&self, handles: [[u8; 32]; 2]) -> Result<()> {
        self.database
            .write("forgetting attempts", move |tx| {
                Box::pin(attempts::forget_attempts(tx, handles))
            })
            .await
    }
}

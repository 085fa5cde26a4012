//! Trying to write, as both databases do it.

use async_trait::async_trait;

use crate::Result;

/// The name of the row that is written to try.
pub(crate) const ROW: &str = "write probe";

/// What is tried; one transaction, which leaves one row of no meaning behind.
#[async_trait]
pub(crate) trait Probe {
    /// Commits a small write the way every write is committed. No version is made.
    async fn probe(&self, value: [u8; 8]) -> Result<()>;
}

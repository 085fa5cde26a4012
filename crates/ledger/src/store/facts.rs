//! Facts about the ledger itself.

use crate::database::{Tx, values};
use crate::{Error, Result};

/// Keeps a fact unless it is known; answers what is known. It is no seller's, so neither statement
/// names one.
pub(crate) async fn fact(tx: &mut Tx<'_>, name: &'static str, value: Vec<u8>) -> Result<Vec<u8>> {
    let sql = "INSERT INTO ledger (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.run(sql, &values![name, value]).await?;
    known(tx, name).await?.ok_or(Error::Unreadable("fact"))
}

/// A fact, if it is known.
pub(crate) async fn known(tx: &mut Tx<'_>, name: &'static str) -> Result<Option<Vec<u8>>> {
    tx.row("SELECT value FROM ledger WHERE name = ?1", &values![name]).await
}

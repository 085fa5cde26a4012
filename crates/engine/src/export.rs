//! Export: the current documents of an account, one a line, such that importing them again changes
//! nothing.

use std::io::Write;
use std::sync::Arc;

use hoesu_channels::Channel;
use hoesu_ledger::{Account, Ledger};

use crate::{Error, Result, line};

/// Documents read of the ledger at once.
const PAGE_ROWS: usize = 1_000;

/// Writes every current document of an account, kind by kind, by key; answers how many.
pub async fn export(
    ledger: &Arc<Ledger>,
    channel: &'static dyn Channel,
    account: &Account,
    target: &mut impl Write,
) -> Result<u64> {
    let mut count = 0;
    let mut lines = Vec::new();
    for kind in channel.capabilities().kinds {
        let shelf = account.shelf(kind);
        let mut after = String::new();
        loop {
            let page = ledger.current_after(shelf, &after, PAGE_ROWS).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.key);
            lines.clear();
            for document in &page {
                line::write(document, &mut lines).map_err(|e| Error::Write(e.into()))?;
                lines.push(b'\n');
            }
            target.write_all(&lines).map_err(Error::Write)?;
            count += page.len() as u64;
        }
    }
    target.flush().map_err(Error::Write)?;
    Ok(count)
}

//! `hoesu export`: the current documents of an account, one a line.

use std::io::BufWriter;

use clap::Args;
use hoesu_ledger::Deed;

use crate::account::Named;
use crate::failure::{Exit, Result};
use crate::pick;
use crate::record::record;
use crate::shell::Shell;

/// Write an account's current documents to standard output, one a line (NDJSON). Personal data is in
/// them: the access log says first who took them.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Why; the access log keeps it.
    #[arg(long, value_name = "WHY")]
    reason: Option<String>,
    #[command(flatten)]
    named: Named,
}

impl Export {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let seller = self.named.whose.seller.as_deref();
        let (_, account) = pick::account(&ledger, &self.named.account, seller).await?;
        let channel = pick::channel_of(&account)?;
        let whose = format!("every document of {}", account.name);
        let reason = self.reason.unwrap_or_default();
        record(shell, &ledger, account.seller, Deed::Download, &whose, &reason).await?;
        let mut out = BufWriter::new(std::io::stdout());
        hoesu_engine::export(&ledger, channel, &account, &mut out).await?;
        Ok(Exit::Done)
    }
}

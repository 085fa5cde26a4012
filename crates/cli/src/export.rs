//! `hoesu export`: the current documents of an account, one a line.

use std::io::BufWriter;

use clap::Args;

use crate::account::Named;
use crate::failure::{Exit, Result};
use crate::pick;
use crate::shell::Shell;

/// Write an account's current documents to standard output, one a line (NDJSON).
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    named: Named,
}

impl Export {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let seller = self.named.whose.seller.as_deref();
        let (_, account) = pick::account(&ledger, &self.named.account, seller).await?;
        let channel = pick::channel_of(&account)?;
        let mut out = BufWriter::new(std::io::stdout());
        hoesu_engine::export(&ledger, channel, &account, &mut out).await?;
        Ok(Exit::Done)
    }
}

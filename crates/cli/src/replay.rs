//! `hoesu replay`: cases and findings worked out again from documents.

use clap::Args;
use hoesu_engine::{Compared, compare, ledger_hash, replay};
use hoesu_ledger::Seller;
use serde::Serialize;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;

/// Work out all cases and findings again from documents. What people did, and the history, stays.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// Change nothing; compare with what is kept, and exit with 1 if it differs.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    whose: Whose,
}

/// What came of it, as programs read it.
#[derive(Debug, Serialize)]
struct Done {
    seller: String,
    cases: u64,
    unsettled: u64,
    different: u64,
    named: Vec<String>,
    /// Of all cases and findings, in hexadecimal.
    hash: String,
}

impl Replay {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let sellers = ledger.sellers().await?;
        let sellers = match &self.whose.seller {
            Some(name) => vec![pick::seller(&sellers, name)?],
            None => sellers,
        };
        let mut exit = Exit::Done;
        for seller in sellers {
            let compared = if self.check {
                compare(&ledger, seller.id).await?
            } else {
                let cases = replay(&ledger, seller.id, shell.now).await?;
                Compared { cases, ..Compared::default() }
            };
            let hash = ledger_hash(&ledger, seller.id).await?;
            if !compared.is_same() {
                exit = Exit::Failed;
            }
            self.say(shell, &seller, compared, hash)?;
        }
        Ok(exit)
    }

    fn say(
        &self,
        shell: &Shell,
        seller: &Seller,
        compared: Compared,
        hash: [u8; 32],
    ) -> Result<()> {
        let Compared { cases, unsettled, different, named } = compared;
        if shell.json {
            let hash = hash.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            let seller = seller.name.clone();
            return shell.value(&Done { seller, cases, unsettled, different, named, hash });
        }
        let seller = &seller.name;
        if !self.check {
            return shell.line(say!(
                shell.lang,
                "{seller}: 원문에서 {cases}건을 다시 계산했어요",
                "{seller}: {cases} cases were worked out again from documents"
            ));
        }
        shell.line(say!(
            shell.lang,
            "{seller}: {cases}건을 다시 계산해 견주었어요. 다른 건: {different}, 아직 정리하지 않은 건: {unsettled}",
            "{seller}: {cases} cases worked out again and compared; different: {different}, not settled yet: {unsettled}"
        ))?;
        for key in named {
            shell.line(format!("  {key}"))?;
        }
        Ok(())
    }
}

//! `hoesu refusals`: the records that could not become documents.

use std::sync::Arc;

use clap::Args;
use hoesu_ledger::{Account, Ledger, Refusal, Seller};
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::pick;
use crate::shell::Shell;
use crate::table::table;
use crate::why;

/// Records listed unless told otherwise.
const LISTED: usize = 100;

/// List refused records, newest first.
#[derive(Debug, Args)]
pub(crate) struct Refusals {
    /// Only this account's.
    account: Option<String>,
    /// How many at most; 100 unless given.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    whose: Whose,
}

impl Refusals {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let accounts = ledger.accounts().await?;
        let mut kept = self.kept(&ledger).await?;
        for (_, refusal) in &mut kept {
            refusal.refused.why = why::said(&refusal.refused.why, shell.lang);
        }
        let rows = kept.iter().map(|(seller, refusal)| {
            let account = accounts
                .iter()
                .find(|account| account.seller == seller.id && account.id == refusal.account);
            (seller, account, refusal)
        });
        if shell.json {
            let rows: Vec<_> =
                rows.map(|(s, account, refusal)| as_json(s, account, refusal)).collect();
            shell.value(&rows)?;
            return Ok(Exit::Done);
        }
        if kept.is_empty() {
            shell.line(shell.lang.pick("거절된 기록이 없어요", "nothing was refused"))?;
            return Ok(Exit::Done);
        }
        let headings = [
            shell.lang.pick("번호", "no"),
            shell.lang.pick("계정", "account"),
            shell.lang.pick("읽은 때", "read at"),
            shell.lang.pick("위치", "at"),
            shell.lang.pick("항목", "field"),
            shell.lang.pick("이유", "why"),
        ];
        let rows = rows.map(|(_, account, refusal)| {
            vec![
                refusal.no.to_string(),
                account.map(|account| account.name.clone()).unwrap_or_default(),
                refusal.observed_at.to_string(),
                why::place(&refusal.refused.at, shell.lang),
                refusal.refused.field.clone(),
                refusal.refused.why.clone(),
            ]
        });
        shell.line(table(headings, rows))?;
        Ok(Exit::Done)
    }

    async fn kept(&self, ledger: &Arc<Ledger>) -> Result<Vec<(Seller, Refusal)>> {
        let limit = self.limit.unwrap_or(LISTED);
        let of = self.whose.seller.as_deref();
        let sellers = ledger.sellers().await?;
        let (sellers, account) = match &self.account {
            Some(name) => {
                let (seller, account) = pick::account(ledger, name, of).await?;
                (vec![seller], Some(account.id))
            }
            None => match of {
                Some(name) => (vec![pick::seller(&sellers, name)?], None),
                None => (sellers, None),
            },
        };
        let mut kept = Vec::new();
        for seller in sellers {
            let refusals = ledger.refusals(seller.id, account, limit).await?;
            kept.extend(refusals.into_iter().map(|refusal| (seller.clone(), refusal)));
        }
        kept.sort_by_key(|(_, refusal)| std::cmp::Reverse((refusal.observed_at, refusal.no)));
        kept.truncate(limit);
        Ok(kept)
    }
}

fn as_json(seller: &Seller, account: Option<&Account>, refusal: &Refusal) -> serde_json::Value {
    json!({
        "no": refusal.no,
        "seller": seller.name,
        "account": account.map(|account| account.name.as_str()),
        "observed_at": refusal.observed_at,
        "at": refusal.refused.at,
        "field": refusal.refused.field,
        "why": refusal.refused.why,
    })
}

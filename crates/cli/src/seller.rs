//! `hoesu seller`: who uses this hoesu.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::failure::{Exit, Result, fail};
use crate::lang::say;
use crate::shell::Shell;
use crate::table::table;

/// Sellers: add one, list them.
#[derive(Debug, Args)]
pub(crate) struct Seller {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a seller.
    Add {
        /// The seller's name.
        name: String,
    },
    /// List the sellers.
    List,
}

impl Seller {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        match self.verb {
            Verb::Add { name } => add(shell, &name).await,
            Verb::List => list(shell).await,
        }
    }
}

async fn add(shell: &Shell, name: &str) -> Result<Exit> {
    let ledger = shell.ledger().await?;
    if ledger.sellers().await?.iter().any(|seller| seller.name == name.trim()) {
        return Err(fail!(
            "{name} 판매자는 이미 있어요. 다른 이름을 써 주세요",
            "there is a seller {name} already; take another name"
        ));
    }
    let seller = ledger.add_seller(name, shell.now).await?;
    let name = &seller.name;
    if shell.json {
        shell.value(&json!({ "seller": name }))?;
    } else {
        shell.line(say!(shell.lang, "판매자를 추가했어요: {name}", "added the seller {name}"))?;
    }
    Ok(Exit::Done)
}

async fn list(shell: &Shell) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let sellers = ledger.sellers().await?;
    let accounts = ledger.accounts().await?;
    let rows = sellers.iter().map(|seller| {
        let count = accounts.iter().filter(|account| account.seller == seller.id).count();
        (seller, count)
    });
    if shell.json {
        let rows: Vec<_> = rows
            .map(|(seller, accounts)| {
                json!({ "seller": seller.name, "accounts": accounts, "created_at": seller.created_at })
            })
            .collect();
        shell.value(&rows)?;
        return Ok(Exit::Done);
    }
    let headings = [
        shell.lang.pick("판매자", "seller"),
        shell.lang.pick("계정 수", "accounts"),
        shell.lang.pick("만든 때", "created"),
    ];
    let rows = rows.map(|(seller, accounts)| {
        vec![seller.name.clone(), accounts.to_string(), seller.created_at.to_string()]
    });
    shell.line(table(headings, rows))?;
    Ok(Exit::Done)
}

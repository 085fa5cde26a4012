//! `hoesu account list`.

use hoesu_ledger::{Account, Seller};
use serde_json::json;

use crate::failure::{Exit, Result};
use crate::pick;
use crate::shell::Shell;
use crate::table::table;

pub(super) async fn run(shell: &Shell, seller: Option<&str>) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let sellers = ledger.sellers().await?;
    let of = seller.map(|name| pick::seller(&sellers, name)).transpose()?;
    let accounts = ledger.accounts().await?;
    let rows: Vec<(&Seller, &Account)> = accounts
        .iter()
        .filter(|account| of.as_ref().is_none_or(|of| of.id == account.seller))
        .filter_map(|account| Some((sellers.iter().find(|s| s.id == account.seller)?, account)))
        .collect();
    if shell.json {
        let rows: Vec<_> = rows.iter().map(|(seller, account)| as_json(seller, account)).collect();
        shell.value(&rows)?;
        return Ok(Exit::Done);
    }
    let headings = [
        shell.lang.pick("판매자", "seller"),
        shell.lang.pick("계정", "account"),
        shell.lang.pick("채널", "channel"),
        shell.lang.pick("상태", "state"),
        shell.lang.pick("만든 때", "created"),
    ];
    let rows = rows.into_iter().map(|(seller, account)| {
        vec![
            seller.name.clone(),
            account.name.clone(),
            account.channel.clone(),
            state(shell, account).to_owned(),
            account.created_at.to_string(),
        ]
    });
    shell.line(table(headings, rows))?;
    Ok(Exit::Done)
}

/// An account as programs read it.
pub(super) fn as_json(seller: &Seller, account: &Account) -> serde_json::Value {
    json!({
        "seller": seller.name,
        "account": account.name,
        "channel": account.channel,
        "enabled": account.enabled,
        "settings": account.settings,
        "created_at": account.created_at,
    })
}

/// Whether it lets anybody in.
pub(super) fn state(shell: &Shell, account: &Account) -> &'static str {
    if account.enabled {
        shell.lang.pick("켜짐", "enabled")
    } else {
        shell.lang.pick("꺼짐", "disabled")
    }
}

//! `hoesu account disable` and `enable`.

use serde_json::json;

use super::Named;
use crate::failure::{Exit, Result};
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;

pub(super) async fn run(shell: &Shell, named: &Named, enabled: bool) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let (_, account) =
        pick::account(&ledger, &named.account, named.whose.seller.as_deref()).await?;
    ledger.set_enabled(&account, enabled, shell.now).await?;
    let name = &account.name;
    if shell.json {
        shell.value(&json!({ "account": name, "enabled": enabled }))?;
    } else if enabled {
        shell.line(say!(shell.lang, "계정을 다시 켰어요: {name}", "enabled the account {name}"))?;
    } else {
        shell.line(say!(
            shell.lang,
            "계정을 껐어요: {name} (다시 켜려면 `hoesu account enable {name}`)",
            "disabled the account {name}; `hoesu account enable {name}` undoes it"
        ))?;
    }
    Ok(Exit::Done)
}

//! `hoesu account show`.

use super::Named;
use super::list::{as_json, state};
use crate::failure::{Exit, Result};
use crate::pick;
use crate::shell::Shell;
use crate::table::table;

pub(super) async fn run(shell: &Shell, named: &Named) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let (seller, account) =
        pick::account(&ledger, &named.account, named.whose.seller.as_deref()).await?;
    if shell.json {
        shell.value(&as_json(&seller, &account))?;
        return Ok(Exit::Done);
    }
    let channel = pick::channel_of(&account)?;
    let title = shell.lang.title(channel.title());
    let mut rows = vec![
        vec![shell.lang.pick("판매자", "seller").to_owned(), seller.name.clone()],
        vec![shell.lang.pick("계정", "account").to_owned(), account.name.clone()],
        vec![
            shell.lang.pick("채널", "channel").to_owned(),
            format!("{title} ({})", account.channel),
        ],
        vec![shell.lang.pick("상태", "state").to_owned(), state(shell, &account).to_owned()],
        vec![shell.lang.pick("만든 때", "created").to_owned(), account.created_at.to_string()],
    ];
    rows.extend(account.settings.iter().map(|(name, value)| vec![name.clone(), value.clone()]));
    shell.line(table([], rows))?;
    Ok(Exit::Done)
}

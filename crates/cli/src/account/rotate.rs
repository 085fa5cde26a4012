//! `hoesu account rotate`.

use super::Named;
use super::credential::{fill, show};
use crate::failure::{Exit, Result};
use crate::given::Pair;
use crate::pick;
use crate::shell::Shell;

pub(super) async fn run(shell: &Shell, named: &Named, set: &[Pair]) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let (_, account) =
        pick::account(&ledger, &named.account, named.whose.seller.as_deref()).await?;
    let channel = pick::channel_of(&account)?;
    let mut kept = account.settings.clone();
    let secret =
        |name: &str| channel.capabilities().settings.iter().any(|s| s.secret && s.name == name);
    let secrets = ledger.secrets(&account).await?;
    kept.extend(secrets.into_iter().filter(|(name, _)| secret(name)));
    let filled = fill(channel, set, &kept)?;
    let (settings, secrets) = (filled.settings.clone(), &filled.secrets);
    ledger.rotate(&account, settings, secrets, &filled.credential, shell.now).await?;
    show(shell, channel.id(), &account.name, &filled)?;
    Ok(Exit::Done)
}

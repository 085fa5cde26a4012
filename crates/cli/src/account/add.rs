//! `hoesu account add`.

use hoesu_ledger::{Error, Ledger, NewAccount, Seller};

use super::credential::{fill, show};
use crate::failure::{Exit, Result, fail};
use crate::given::Pair;
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;

/// What the first seller is called if nobody says.
const FIRST_SELLER: &str = "main";

pub(super) async fn run(
    shell: &Shell,
    channel: &str,
    name: &str,
    seller: Option<&str>,
    set: &[Pair],
) -> Result<Exit> {
    let channel = pick::channel(channel)?;
    let filled = fill(channel, set, &std::collections::BTreeMap::new())?;
    let ledger = shell.ledger().await?;
    let sellers = ledger.sellers().await?;
    let owner = if sellers.is_empty() {
        first_seller(shell, &ledger, seller.unwrap_or(FIRST_SELLER)).await?
    } else {
        pick::seller_or_only(&sellers, seller)?
    };
    let taken = ledger.accounts().await?;
    if taken.iter().any(|account| account.seller == owner.id && account.name == name.trim()) {
        return Err(fail!(
            "{name} 계정은 이미 있어요. 다른 이름을 쓰거나 `hoesu account rotate {name}`으로 키를 바꿔 주세요",
            "there is an account {name} already; take another name, or `hoesu account rotate {name}` for a new credential"
        ));
    }
    let account = NewAccount {
        seller: owner.id,
        channel: channel.id().to_owned(),
        name: name.to_owned(),
        settings: filled.settings.clone(),
        secrets: filled.secrets.clone(),
        credential: filled.credential.clone(),
    };
    let account = ledger.add_account(account, shell.now).await?;
    show(shell, channel.id(), &account.name, &filled)?;
    Ok(Exit::Done)
}

/// Adds the first seller, unless another process has just done so.
async fn first_seller(shell: &Shell, ledger: &Ledger, name: &str) -> Result<Seller> {
    match ledger.add_seller(name, shell.now).await {
        Ok(made) => {
            shell.note(say!(shell.lang, "판매자를 추가했어요: {name}", "added the seller {name}"));
            Ok(made)
        }
        Err(refused @ Error::Refused(_)) => {
            let sellers = ledger.sellers().await?;
            let there = sellers.into_iter().find(|seller| seller.name == name.trim());
            there.ok_or_else(|| refused.into())
        }
        Err(error) => Err(error.into()),
    }
}

//! What a page knows of its seller: the accounts, what they are called, what the channels are.

use hoesu_channels::Desk;
use hoesu_claims::AccountId;
use hoesu_engine::told::Names;
use hoesu_ledger::Account;
use jiff::Timestamp;

use crate::asked::quoted;
use crate::lang::Lang;
use crate::look::Look;
use crate::trouble::Trouble;

/// A seller's accounts.
pub(crate) struct Shop {
    pub(crate) accounts: Vec<Account>,
    pub(crate) names: Names,
    pub(crate) now: Timestamp,
}

impl Shop {
    pub(crate) async fn open(desk: &Desk, look: &Look) -> Result<Self, Trouble> {
        let all = desk.ledger.accounts().await?.into_iter();
        let accounts: Vec<Account> =
            all.filter(|account| account.seller == look.signed.seller).collect();
        let names = Names::of(&accounts);
        Ok(Self { accounts, names, now: desk.clock.now() })
    }

    /// The account of a name.
    pub(crate) fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    pub(crate) fn by_id(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }
}

/// What people call an account's channel.
pub(crate) fn channel(account: &Account, lang: Lang) -> String {
    hoesu_channels::by_id(&account.channel)
        .map_or_else(|| account.channel.clone(), |channel| lang.title(channel.title()).to_owned())
}

/// The page of an order.
pub(crate) fn case_path(account: &str, order: &str) -> String {
    format!("/console/cases/{}/{}", quoted(account), quoted(order))
}

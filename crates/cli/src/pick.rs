//! Finds what a name on the command line means.

use std::sync::Arc;

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::Case;
use hoesu_engine::Docket;
use hoesu_ledger::{Account, Ledger, Seller};
use jiff::Timestamp;

use crate::failure::{Result, fail, misuse};

/// The channel with this id.
pub(crate) fn channel(id: &str) -> Result<&'static dyn Channel> {
    hoesu_channels::by_id(id).ok_or_else(|| {
        let ids = CHANNELS.iter().map(|channel| channel.id()).collect::<Vec<_>>().join(", ");
        misuse!(
            "{id} 채널은 없어요. 쓸 수 있는 채널: {ids}",
            "there is no channel {id}; the channels are: {ids}"
        )
    })
}

/// The channel of an account.
pub(crate) fn channel_of(account: &Account) -> Result<&'static dyn Channel> {
    hoesu_channels::by_id(&account.channel).ok_or_else(|| {
        let (name, id) = (&account.name, &account.channel);
        fail!(
            "계정 {name}의 채널 {id}를 이 버전의 hoesu는 몰라요. 더 새로운 hoesu를 써 주세요",
            "the account {name} is on channel {id}, which this hoesu does not know; use a newer one"
        )
    })
}

/// The seller with this name.
pub(crate) fn seller(sellers: &[Seller], name: &str) -> Result<Seller> {
    sellers.iter().find(|seller| seller.name == name).cloned().ok_or_else(|| {
        let names = names(sellers.iter().map(|seller| seller.name.as_str()));
        fail!(
            "{name} 판매자가 없어요. 있는 판매자: {names}",
            "there is no seller {name}; the sellers are: {names}"
        )
    })
}

/// The seller with this name, or the only one there is.
pub(crate) fn seller_or_only(sellers: &[Seller], name: Option<&str>) -> Result<Seller> {
    match (name, sellers) {
        (Some(name), all) => seller(all, name),
        (None, [only]) => Ok(only.clone()),
        (None, all) => {
            let names = names(all.iter().map(|seller| seller.name.as_str()));
            Err(fail!(
                "판매자가 여럿이에요. --seller로 골라 주세요: {names}",
                "there are several sellers; pick one by --seller: {names}"
            ))
        }
    }
}

/// The seller with this name, or the only one there is; a ledger without any is a failure.
pub(crate) async fn whose(ledger: &Ledger, of: Option<&str>) -> Result<Seller> {
    let sellers = ledger.sellers().await?;
    if sellers.is_empty() {
        return Err(fail!(
            "아직 판매자가 없어요. `hoesu account add`로 첫 계정을 만들어 주세요",
            "there is no seller yet; make a first account with `hoesu account add`"
        ));
    }
    seller_or_only(&sellers, of)
}

/// A seller's accounts, each with its channel.
pub(crate) type Accounts = Vec<(Account, &'static dyn Channel)>;

/// The accounts of a seller.
pub(crate) async fn accounts(ledger: &Ledger, seller: &Seller) -> Result<Accounts> {
    let accounts = ledger.accounts().await?.into_iter();
    let accounts = accounts.filter(|account| account.seller == seller.id);
    accounts.map(|account| channel_of(&account).map(|channel| (account, channel))).collect()
}

/// The sales account with this name.
pub(crate) fn sales<'a>(accounts: &'a Accounts, name: &str) -> Result<&'a Account> {
    let selling = accounts.iter().filter(|(_, channel)| channel.trade().sells());
    let mut selling = selling.map(|(account, _)| account);
    let found = selling.clone().find(|account| account.name == name);
    found.ok_or_else(|| {
        let names = names(selling.by_ref().map(|account| account.name.as_str()));
        fail!(
            "{name} 판매 계정이 없어요. 있는 판매 계정: {names}",
            "there is no sales account {name}; the sales accounts are: {names}"
        )
    })
}

/// What turns a seller's documents into cases and findings.
pub(crate) async fn docket(ledger: &Arc<Ledger>, of: Option<&str>) -> Result<Docket> {
    let seller = whose(ledger, of).await?;
    Ok(Docket::open(Arc::clone(ledger), seller.id).await?)
}

/// The cases a number stands for; a number nobody knows is a failure, not an empty answer.
pub(crate) async fn cases(
    docket: &Docket,
    order: &str,
    known_until: Option<Timestamp>,
) -> Result<Vec<Case>> {
    let cases = docket.cases_of(order, known_until).await?;
    if cases.is_empty() {
        return Err(fail!(
            "{order} 번호를 아는 원문이 없어요. 번호가 맞는지, 그 주문의 원문을 가져왔는지(`hoesu import`) 확인해 주세요",
            "no document knows {order}; check the number, and whether the order's documents were imported (`hoesu import`)"
        ));
    }
    Ok(cases)
}

/// The account with this name, and whose it is.
pub(crate) async fn account(
    ledger: &Arc<Ledger>,
    name: &str,
    of: Option<&str>,
) -> Result<(Seller, Account)> {
    let sellers = ledger.sellers().await?;
    let of = of.map(|name| seller(&sellers, name)).transpose()?;
    let accounts = ledger.accounts().await?;
    let owned = accounts.iter().filter_map(|account| {
        let seller = sellers.iter().find(|seller| seller.id == account.seller)?;
        of.as_ref().is_none_or(|of| of.id == seller.id).then_some((seller, account))
    });
    let owned: Vec<_> = owned.collect();
    let mut fitting = owned.iter().filter(|(_, account)| account.name == name);
    let Some(&(owner, account)) = fitting.next() else {
        let names = names(owned.iter().map(|(_, account)| account.name.as_str()));
        return Err(fail!(
            "{name} 계정이 없어요. 있는 계정: {names}",
            "there is no account {name}; the accounts are: {names}"
        ));
    };
    let others: Vec<_> = fitting.map(|(seller, _)| seller.name.as_str()).collect();
    if !others.is_empty() {
        let sellers = names(std::iter::once(owner.name.as_str()).chain(others));
        return Err(fail!(
            "{name} 계정이 여러 판매자에게 있어요. --seller로 골라 주세요: {sellers}",
            "several sellers have an account {name}; pick one by --seller: {sellers}"
        ));
    }
    Ok((owner.clone(), account.clone()))
}

pub(crate) fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names = names.collect::<Vec<_>>().join(", ");
    if names.is_empty() { "-".to_owned() } else { names }
}

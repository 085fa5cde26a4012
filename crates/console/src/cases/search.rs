//! Finding orders by any of their numbers, or by a person's whole name or phone.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::Redirect;
use hoesu_channels::Desk;
use hoesu_claims::Term;
use hoesu_engine::catch_up;
use hoesu_ledger::Current;
use hoesu_ledger::cases::{DocumentAt, KeptCase};

use super::PATH;
use crate::asked::address;
use crate::look::Look;
use crate::shop::{Shop, case_path};
use crate::trouble::Trouble;

/// Numbers of one search at most.
const WORDS_MAX: usize = 200;

/// What somebody may type: numbers of orders, claims, parcels, tickets; a person's name or phone. Each
/// is compared as a whole, personal ones by their keyed values.
const TERMS: [Term; 12] = [
    Term::Order,
    Term::Claim,
    Term::Invoice,
    Term::ReturnInvoice,
    Term::Serial,
    Term::Parcel,
    Term::BuyerName,
    Term::BuyerPhone,
    Term::RecipientName,
    Term::RecipientPhone,
    Term::SenderName,
    Term::SenderPhone,
];

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In the order in which they were asked for.
    pub(crate) cases: Vec<KeptCase>,
    /// What nothing was found for.
    pub(crate) missing: Vec<String>,
    /// Whether more was asked for than is looked up at once.
    pub(crate) too_many: bool,
}

/// What was typed or pasted, each once: one on a line, or parted by blanks or commas.
fn words(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let parts = parts.map(str::trim).filter(|word| !word.is_empty() && word.len() <= 200);
    parts.filter(|word| seen.insert((*word).to_owned())).map(str::to_owned).collect()
}

/// Looks up all that was typed.
pub(crate) async fn find(
    desk: &Desk,
    look: &Look,
    shop: &Shop,
    text: &str,
) -> Result<Found, Trouble> {
    let ledger = &desk.ledger;
    let seller = look.signed.seller;
    let mut words = words(text);
    let too_many = words.len() > WORDS_MAX;
    words.truncate(WORDS_MAX);
    // What came just now can be found just now, unless there is much of it.
    if ledger.settled(seller).await?.seq < ledger.last_change(seller).await? {
        let settling = catch_up(ledger, seller, shop.now);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), settling).await;
    }
    let mut found = Found { too_many, ..Found::default() };
    let mut seen = BTreeSet::new();
    for word in words {
        let terms = TERMS.map(|term| (term, word.clone()));
        let told = ledger.told_by(seller, terms).await?;
        let at = |current: Current| DocumentAt {
            account: current.account,
            kind: current.kind,
            key: current.held.document.key.clone(),
        };
        let documents: Vec<DocumentAt> = told.into_iter().map(at).collect();
        let keys = ledger.cases_of(seller, documents).await?;
        if keys.is_empty() {
            found.missing.push(word);
            continue;
        }
        let new: Vec<String> = keys.into_iter().filter(|key| seen.insert(key.clone())).collect();
        found.cases.extend(ledger.cases_at(seller, new).await?);
    }
    Ok(found)
}

/// Goes to the only order that was found, else to the list of them.
pub(crate) async fn go(
    State(desk): State<Desk>,
    look: Look,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Redirect, Trouble> {
    let text = pairs.iter().find(|(name, _)| name == "q").map_or("", |(_, text)| text.trim());
    if text.is_empty() {
        return Ok(Redirect::to(PATH));
    }
    let shop = Shop::open(&desk, &look).await?;
    let found = find(&desk, &look, &shop, text).await?;
    if let ([only], true) = (found.cases.as_slice(), found.missing.is_empty()) {
        let path = case_path(&shop.names.name(only.account), &only.order);
        return Ok(Redirect::to(&path));
    }
    let words = words(text).join(" ");
    Ok(Redirect::to(&address(PATH, [("q", words.as_str())])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_is_parted_by_whatever_stands_between() {
        let text = "500000001\n500000002\t 3804-0000-1234,\r\n500000001; 김하늘";
        let expected = ["500000001", "500000002", "3804-0000-1234", "김하늘"];
        assert_eq!(words(text), expected);
        assert!(words(" \n ,").is_empty());
    }
}

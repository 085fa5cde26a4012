//! How documents meet in a case: pure functions over what documents say about themselves.
//!
//! A case is one order of one seller as its sales channel numbers it. A market's document names its
//! order. A warehouse's document names the order too, and perhaps the sales channel; where it names
//! neither or something nobody else knows, the rules of [`group`] apply. What group a document is in
//! depends only on the documents it can be reached from by [`Key`]s, so whoever keeps documents by
//! their keys needs to look at those and at nothing else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::fact::{DocumentRef, Links};
use crate::found::Term;
use crate::id::AccountId;

/// What an account does for its seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trade {
    /// It sells; claims are made there.
    Market,
    /// It sells what vendors keep and ship themselves, and takes the returns vendors took.
    MarketOfVendors,
    /// It keeps, packs, ships and takes in.
    Warehouse,
}

impl Trade {
    /// Whether orders are numbered there.
    pub const fn sells(self) -> bool {
        match self {
            Self::Market | Self::MarketOfVendors => true,
            Self::Warehouse => false,
        }
    }
}

/// What linking knows about one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What it does.
    pub trade: Trade,
    /// Its name, by which a warehouse's settings call it.
    pub name: String,
    /// At a warehouse: which sales account stands behind the name of a sales channel, as pairs
    /// written `동네가게=shop-a,큰가게=shop-b`. Empty elsewhere.
    pub channel_names: String,
    /// At a warehouse: until when on a working day what leaves that day can be stopped, `15:00`. Empty: the
    /// usual.
    pub pickup_cutoff: String,
    /// At a warehouse: what stands there behind the number of a shop's order, `_1`; several are parted by
    /// commas, and `#` at the end is any number. Empty: nothing.
    pub order_suffix: String,
}

/// The pick-up of parcels unless a warehouse's settings say otherwise.
pub const PICKUP: Time = Time::constant(15, 0, 0, 0);

/// What linking knows about a seller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    trades: BTreeMap<AccountId, Trade>,
    names: BTreeMap<(AccountId, String), AccountId>,
    choices: BTreeMap<(AccountId, String), AccountId>,
    pickups: BTreeMap<AccountId, Time>,
    suffixes: BTreeMap<AccountId, Vec<String>>,
}

impl Book {
    /// From the seller's accounts. A name no sales account has is as good as none.
    pub fn new(accounts: impl IntoIterator<Item = (AccountId, Account)>) -> Self {
        let accounts: Vec<(AccountId, Account)> = accounts.into_iter().collect();
        let by_name: BTreeMap<&str, AccountId> = accounts
            .iter()
            .filter(|(_, account)| account.trade.sells())
            .map(|(id, account)| (account.name.as_str(), *id))
            .collect();
        let mut names = BTreeMap::new();
        for (warehouse, account) in accounts.iter().filter(|(_, a)| !a.trade.sells()) {
            for (sold_on, name) in channel_names(&account.channel_names) {
                if let Some(sales) = by_name.get(name) {
                    names.insert((*warehouse, sold_on.to_owned()), *sales);
                }
            }
        }
        let trades = accounts.iter().map(|(id, account)| (*id, account.trade)).collect();
        let pickups = accounts
            .iter()
            .filter_map(|(id, account)| Some((*id, pickup_cutoff(&account.pickup_cutoff)?)));
        let suffixes = accounts.iter().map(|(id, account)| {
            let each = account.order_suffix.split(',').map(str::trim);
            (*id, each.filter(|one| !one.is_empty()).map(str::to_owned).collect())
        });
        Self {
            trades,
            names,
            choices: BTreeMap::new(),
            pickups: pickups.collect(),
            suffixes: suffixes.collect(),
        }
    }

    /// A person says which sales account an order of a warehouse belongs to.
    pub fn choose(&mut self, warehouse: AccountId, order: impl Into<String>, sales: AccountId) {
        self.choices.insert((warehouse, order.into()), sales);
    }

    /// What an account does; an account nobody described sells.
    pub fn trade(&self, account: AccountId) -> Trade {
        self.trades.get(&account).copied().unwrap_or(Trade::Market)
    }

    /// Until when on a working day what leaves a warehouse that day can be stopped.
    pub fn pickup(&self, warehouse: AccountId) -> Time {
        self.pickups.get(&warehouse).copied().unwrap_or(PICKUP)
    }

    /// Other numbers under which the same order may stand elsewhere: without a warehouse's suffix, or
    /// with it.
    pub fn written_elsewhere(&self, number: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for suffix in self.suffixes.values().flatten() {
            let bare = without(number, suffix);
            all.extend(bare.map(str::to_owned));
            let bare = bare.unwrap_or(number);
            match suffix.strip_suffix('#') {
                Some(fixed) => all.extend((1..10).map(|nth| format!("{bare}{fixed}{nth}"))),
                None => {
                    all.insert(format!("{bare}{suffix}"));
                }
            }
        }
        all.remove(number);
        all
    }

    /// The number of an order as its shop knows it, where a warehouse has it with a suffix.
    fn bare<'n>(&self, warehouse: AccountId, number: &'n str) -> Option<&'n str> {
        let suffixes = self.suffixes.get(&warehouse)?;
        suffixes.iter().find_map(|suffix| without(number, suffix))
    }

    fn named(&self, warehouse: AccountId, sold_on: &str) -> Option<AccountId> {
        self.names.get(&(warehouse, sold_on.to_owned())).copied()
    }

    fn chosen(&self, warehouse: AccountId, order: &str) -> Option<AccountId> {
        self.choices.get(&(warehouse, order.to_owned())).copied()
    }
}

/// The time a `pickup_cutoff` setting means.
pub fn pickup_cutoff(setting: &str) -> Option<Time> {
    let (hour, minute) = setting.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A number without a suffix; nothing if it has another end or would be empty.
fn without<'n>(number: &'n str, suffix: &str) -> Option<&'n str> {
    let bare = match suffix.strip_suffix('#') {
        Some(fixed) => {
            let rest = number.trim_end_matches(|c: char| c.is_ascii_digit());
            if rest.len() == number.len() {
                return None;
            }
            rest.strip_suffix(fixed).filter(|_| !fixed.is_empty())?
        }
        None => number.strip_suffix(suffix)?,
    };
    Some(bare).filter(|bare| !bare.is_empty())
}

/// The pairs of a `channel_names` setting, in order.
pub fn channel_names(setting: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = setting.split(',').filter_map(|pair| pair.split_once('='));
    let pairs = pairs.map(|(sold_on, name)| (sold_on.trim(), name.trim()));
    pairs.filter(|(sold_on, name)| !sold_on.is_empty() && !name.is_empty())
}

/// What two documents may have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// A number of an order.
    Order(String),
    /// An outbound waybill.
    Waybill(String),
}

impl Key {
    /// The words a document with this key can be found by, any of them, and the value. A claim's own
    /// number may stand where the order's does.
    pub fn found_by(&self) -> (&'static [Term], &str) {
        match self {
            Self::Order(number) => (&[Term::Order, Term::Claim], number),
            Self::Waybill(waybill) => (&[Term::Invoice], waybill),
        }
    }
}

impl Links {
    /// Under what a document is to be kept, so that others find it.
    pub fn keys(&self) -> Vec<Key> {
        let orders = self.order.iter().chain(&self.aliases).cloned().map(Key::Order);
        let mut keys: Vec<Key> =
            orders.chain(self.waybills.iter().cloned().map(Key::Waybill)).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// What a document says about where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Linked {
    /// Which document.
    pub document: DocumentRef,
    /// What it says.
    pub links: Links,
}

/// Which case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "case")]
pub enum CaseKey {
    /// An order of a sales account.
    Sale {
        /// The sales account.
        account: AccountId,
        /// The order as it is numbered there.
        order: String,
    },
    /// An order only a warehouse knows, or that several sales accounts may have.
    Waiting {
        /// The warehouse's account.
        account: AccountId,
        /// The order as the warehouse has it.
        order: String,
    },
    /// A parcel whose order nobody names.
    Parcel {
        /// The account that told it.
        account: AccountId,
        /// The outbound waybill.
        waybill: String,
    },
    /// A document that names nothing.
    Alone {
        /// The account that told it.
        account: AccountId,
        /// Its kind.
        kind: String,
        /// Its own number.
        key: String,
    },
}

impl CaseKey {
    /// The account it stands under.
    pub const fn account(&self) -> AccountId {
        match self {
            Self::Sale { account, .. }
            | Self::Waiting { account, .. }
            | Self::Parcel { account, .. }
            | Self::Alone { account, .. } => *account,
        }
    }

    /// The number to show: the order's if there is one.
    pub fn number(&self) -> &str {
        match self {
            Self::Sale { order, .. } | Self::Waiting { order, .. } => order,
            Self::Parcel { waybill, .. } => waybill,
            Self::Alone { key, .. } => key,
        }
    }

    /// One text, unique within the seller: a kind has no `/`, so what follows the last part's
    /// beginning is that part, `/` and all.
    pub fn text(&self) -> String {
        let account = self.account().0;
        match self {
            Self::Sale { order, .. } => format!("sale/{account}/{order}"),
            Self::Waiting { order, .. } => format!("waiting/{account}/{order}"),
            Self::Parcel { waybill, .. } => format!("parcel/{account}/{waybill}"),
            Self::Alone { kind, key, .. } => format!("alone/{account}/{kind}/{key}"),
        }
    }

    /// The key that [`CaseKey::text`] writes as exactly this; `None` if there is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (case, rest) = text.split_once('/')?;
        let (account, rest) = rest.split_once('/')?;
        let account = AccountId(account.parse().ok()?);
        let key = match case {
            "sale" => Self::Sale { account, order: rest.to_owned() },
            "waiting" => Self::Waiting { account, order: rest.to_owned() },
            "parcel" => Self::Parcel { account, waybill: rest.to_owned() },
            "alone" => {
                let (kind, key) = rest.split_once('/')?;
                Self::Alone { account, kind: kind.to_owned(), key: key.to_owned() }
            }
            _ => return None,
        };
        // An account is written in one way only: `+1` and `01` are nobody's.
        (key.text() == text).then_some(key)
    }
}

/// The documents of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which case.
    pub case: CaseKey,
    /// Its documents, in order.
    pub documents: BTreeSet<DocumentRef>,
    /// The sales accounts the order may belong to, if nobody can tell.
    pub candidates: BTreeSet<AccountId>,
}

/// Groups documents of one seller into cases. The same documents in any order, or twice, give the
/// same groups.
///
/// 1. A market's document belongs to the order it names; numbers of claims lead to their order.
/// 2. A warehouse's document belongs to the sales account its sales channel is mapped to; a ticket,
///    which names no sales channel, goes with the warehouse's own rows of the same order.
/// 3. Without a mapping: the one sales account that knows the number; if several know it, a person's
///    choice or none; if nobody knows it, it waits under the warehouse.
/// 4. Without an order: the case its outbound waybill is known in, if that is one.
pub fn group(documents: impl IntoIterator<Item = Linked>, book: &Book) -> Vec<Group> {
    let documents: BTreeSet<Linked> = documents.into_iter().collect();
    let known = Known::of(&documents, book);
    let mut groups: BTreeMap<CaseKey, Group> = BTreeMap::new();
    let mut orderless = Vec::new();
    let mut by_waybill: BTreeMap<&str, BTreeSet<CaseKey>> = BTreeMap::new();
    for linked in &documents {
        let Some(order) = &linked.links.order else {
            orderless.push(linked);
            continue;
        };
        let (case, candidates) = known.place(linked.document.account, order, book);
        for waybill in &linked.links.waybills {
            by_waybill.entry(waybill).or_default().insert(case.clone());
        }
        let group = groups.entry(case.clone()).or_insert_with(|| empty(case));
        group.documents.insert(linked.document.clone());
        group.candidates.extend(candidates);
    }
    for linked in orderless {
        let cases: BTreeSet<&CaseKey> = linked
            .links
            .waybills
            .iter()
            .filter_map(|waybill| by_waybill.get(waybill.as_str()))
            .flatten()
            .collect();
        let case = match (cases.len(), cases.first()) {
            (1, Some(case)) => (*case).clone(),
            _ => alone(linked),
        };
        let candidates: BTreeSet<AccountId> = if cases.len() > 1 {
            cases.iter().map(|case| case.account()).collect()
        } else {
            BTreeSet::new()
        };
        let group = groups.entry(case.clone()).or_insert_with(|| empty(case));
        group.documents.insert(linked.document.clone());
        group.candidates.extend(candidates);
    }
    groups.into_values().collect()
}

const fn empty(case: CaseKey) -> Group {
    Group { case, documents: BTreeSet::new(), candidates: BTreeSet::new() }
}

fn alone(linked: &Linked) -> CaseKey {
    let DocumentRef { account, kind, key, .. } = &linked.document;
    match linked.links.waybills.iter().min() {
        Some(waybill) => CaseKey::Parcel { account: *account, waybill: waybill.clone() },
        None => CaseKey::Alone { account: *account, kind: kind.clone(), key: key.clone() },
    }
}

/// What all documents together know about order numbers.
#[derive(Default)]
struct Known<'d> {
    /// Sales accounts by the number of an order they have.
    sellers: BTreeMap<&'d str, BTreeSet<AccountId>>,
    /// The order behind a claim's own number.
    aliases: BTreeMap<(AccountId, &'d str), BTreeSet<&'d str>>,
    /// Sales accounts by warehouse and order, as mapped.
    mapped: BTreeMap<(AccountId, &'d str), BTreeSet<AccountId>>,
}

impl<'d> Known<'d> {
    fn of(documents: &'d BTreeSet<Linked>, book: &Book) -> Self {
        let mut known = Self::default();
        for Linked { document, links } in documents {
            let Some(order) = links.order.as_deref() else { continue };
            let account = document.account;
            if book.trade(account).sells() {
                known.sellers.entry(order).or_default().insert(account);
                for alias in &links.aliases {
                    known.sellers.entry(alias).or_default().insert(account);
                    known.aliases.entry((account, alias)).or_default().insert(order);
                }
            } else if let Some(sold_on) = &links.sold_on
                && let Some(sales) = book.named(account, sold_on)
            {
                known.mapped.entry((account, order)).or_default().insert(sales);
            }
        }
        known
    }

    /// The case of an order that an account names, and the sales accounts it may belong to if that
    /// is not known.
    fn place(
        &self,
        account: AccountId,
        order: &str,
        book: &Book,
    ) -> (CaseKey, BTreeSet<AccountId>) {
        let (whole, none) = (order, BTreeSet::new());
        if book.trade(account).sells() {
            return (self.sale(account, order), none);
        }
        let nobody = BTreeSet::new();
        let mapped = self.mapped.get(&(account, order)).unwrap_or(&nobody);
        // What a shop knows just so is no other number with a suffix.
        let bare = book.bare(account, order).filter(|_| !self.sellers.contains_key(order));
        let order = bare.unwrap_or(order);
        let sellers = self.sellers.get(order).unwrap_or(&nobody);
        // The seller's own word first, then what is written, then who knows the number.
        let may = if mapped.is_empty() { sellers } else { mapped };
        let only = if may.len() == 1 { may.first().copied() } else { None };
        match book.chosen(account, whole).or(only) {
            Some(sales) => (self.sale(sales, order), none),
            None => (CaseKey::Waiting { account, order: whole.to_owned() }, may.clone()),
        }
    }

    /// The case of a number at a sales account: an order's own, or the order behind a claim's.
    fn sale(&self, account: AccountId, number: &str) -> CaseKey {
        let order = match self.aliases.get(&(account, number)) {
            Some(orders) if orders.len() == 1 => orders.first().copied().unwrap_or(number),
            Some(_) | None => number,
        };
        CaseKey::Sale { account, order: order.to_owned() }
    }
}

#[cfg(test)]
mod tests;

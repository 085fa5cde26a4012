//! Gathering: from an order's number to the documents that belong together, and their cases.
//!
//! Nothing is written. Which documents meet is told by the keys of `hoesu_claims::link`; here each key
//! is looked up on every shelf of the seller until no new document comes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use hoesu_channels::Channel;
use hoesu_claims::case::{self, Case, ItemMap, Setting, Telling};
use hoesu_claims::fact::{self, DocumentRef};
use hoesu_claims::found::waybill;
use hoesu_claims::link::{self, Book, Key};
use hoesu_claims::{AccountId, Assessment, Calendar, Document, Policy, Term, assess};
use hoesu_ledger::{Account, Ledger, Query, Shelf, Start};
use jiff::Timestamp;

use crate::Result;

/// The setting of a warehouse's account that names the sales account behind each sales channel.
const CHANNEL_NAMES: &str = "channel_names";

/// Documents read of the ledger at once.
const PAGE_ROWS: usize = 1_000;

/// One seller's orders: where their documents lie, and what turns these into cases and findings.
pub struct Docket {
    ledger: Arc<Ledger>,
    accounts: Vec<(Account, &'static dyn Channel)>,
    book: Book,
    items: ItemMap,
    policy: Policy,
    calendar: Calendar,
}

impl Docket {
    /// Of the accounts of one seller, each with its channel. The item map is empty, the calendar has
    /// no days of the seller's own, and the policy is the usual one.
    pub fn new(ledger: Arc<Ledger>, accounts: Vec<(Account, &'static dyn Channel)>) -> Self {
        let linked = accounts.iter().map(|(account, channel)| {
            let known = link::Account {
                trade: channel.trade(),
                name: account.name.clone(),
                channel_names: account.setting(CHANNEL_NAMES).unwrap_or_default().to_owned(),
            };
            (account.id, known)
        });
        let book = Book::new(linked);
        Self {
            ledger,
            accounts,
            book,
            items: ItemMap::default(),
            policy: Policy::default(),
            calendar: Calendar::default(),
        }
    }

    /// One of the accounts.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().map(|(account, _)| account).find(|account| account.id == id)
    }

    /// Every case of the seller. All facts are in memory at once, bodies are not.
    pub async fn cases(&self, known_until: Option<Timestamp>) -> Result<Vec<Case>> {
        let mut tellings = Vec::new();
        for (shelf, channel) in self.shelves() {
            let mut after = String::new();
            loop {
                let page = self.ledger.current_after(shelf, &after, PAGE_ROWS).await?;
                let Some(last) = page.last() else { break };
                after.clone_from(&last.key);
                tellings.extend(page.iter().map(|document| tell(channel, shelf, document)));
            }
        }
        Ok(case::cases(tellings, self.setting(known_until)))
    }

    /// The cases a number stands for: those shown under it, else those with a document that knows it
    /// as a number of its own, of a claim or of an outbound waybill. Empty if no document knows it.
    pub async fn cases_of(
        &self,
        number: &str,
        known_until: Option<Timestamp>,
    ) -> Result<Vec<Case>> {
        let number = number.trim();
        let (tellings, knowing) = self.reach(number).await?;
        let cases = case::cases(tellings, self.setting(known_until));
        let (shown, others): (Vec<Case>, Vec<Case>) =
            cases.into_iter().partition(|case| case.key.number() == number);
        if !shown.is_empty() {
            return Ok(shown);
        }
        let knows = |case: &Case| case.documents.iter().any(|document| knowing.contains(document));
        Ok(others.into_iter().filter(knows).collect())
    }

    /// What is wrong or due in a case at an instant.
    pub fn assess(&self, case: &Case, now: Timestamp) -> Assessment {
        assess(case, &self.policy, &self.calendar, now)
    }

    /// Every version of one of the documents of a case, by arrival.
    pub async fn versions(&self, document: &DocumentRef) -> Result<Vec<Document>> {
        let is_there =
            |shelf: &Shelf| shelf.account == document.account && shelf.kind == document.kind;
        match self.shelves().map(|(shelf, _)| shelf).find(is_there) {
            Some(shelf) => Ok(self.ledger.versions(shelf, &document.key).await?),
            None => Ok(Vec::new()),
        }
    }

    fn shelves(&self) -> impl Iterator<Item = (Shelf, &'static dyn Channel)> {
        self.accounts.iter().flat_map(|(account, channel)| {
            let kinds = channel.capabilities().kinds.iter();
            kinds.map(|kind| (account.shelf(kind), *channel))
        })
    }

    const fn setting(&self, known_until: Option<Timestamp>) -> Setting<'_> {
        Setting { book: &self.book, items: &self.items, known_until }
    }

    /// Every current document that can be reached from a number, and which of them know it.
    async fn reach(&self, number: &str) -> Result<(Vec<Telling>, BTreeSet<DocumentRef>)> {
        let mut found = BTreeMap::new();
        // A document that names nothing is shown under its own number.
        for (shelf, channel) in self.shelves() {
            if let Some(held) = self.ledger.document(shelf, number).await? {
                take(&mut found, tell(channel, shelf, &held.document));
            }
        }
        let mut asked = BTreeSet::new();
        for key in [Key::Order(number.to_owned()), Key::Waybill(waybill(number))] {
            self.look_up(&key, &mut found).await?;
            asked.insert(key);
        }
        let knowing: BTreeSet<DocumentRef> = found.keys().cloned().collect();
        let mut open: Vec<Key> = found.values().flat_map(keys).collect();
        while let Some(key) = open.pop() {
            if asked.insert(key.clone()) {
                open.extend(self.look_up(&key, &mut found).await?);
            }
        }
        Ok((found.into_values().collect(), knowing))
    }

    /// Takes in what may have a key; answers the keys of what is new.
    async fn look_up(&self, key: &Key, found: &mut Found) -> Result<Vec<Key>> {
        let mut more = Vec::new();
        for (shelf, channel) in self.shelves() {
            for telling in self.knowing(shelf, channel, key).await? {
                more.extend(take(found, telling));
            }
        }
        Ok(more)
    }

    /// The current documents of a shelf that may have a key. More than those that have it is harmless.
    async fn knowing(
        &self,
        shelf: Shelf,
        channel: &dyn Channel,
        key: &Key,
    ) -> Result<Vec<Telling>> {
        let (terms, value): (&[Term], &str) = match key {
            // A claim's own number may stand where the order's does.
            Key::Order(number) => (&[Term::Order, Term::Claim], number),
            Key::Waybill(waybill) => (&[Term::Invoice], waybill),
        };
        let mut tellings = Vec::new();
        for term in terms {
            let mut query = Query::all(shelf, PAGE_ROWS);
            query.term(*term, value);
            loop {
                let page = self.ledger.list(&query).await?;
                let told = page.rows.iter().map(|held| tell(channel, shelf, &held.document));
                tellings.extend(told);
                // By place, for several documents may share a rank.
                let Start::Offset(passed) = query.start else { break };
                if page.next.is_none() || page.rows.is_empty() {
                    break;
                }
                query.start = Start::Offset(passed + page.rows.len() as u64);
            }
        }
        Ok(tellings)
    }
}

impl fmt::Debug for Docket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.accounts.iter().map(|(account, _)| &account.name);
        f.debug_list().entries(names).finish()
    }
}

/// Documents found so far.
type Found = BTreeMap<DocumentRef, Telling>;

/// Takes a document in; answers its keys if it is a new one.
fn take(found: &mut Found, telling: Telling) -> Vec<Key> {
    if found.contains_key(&telling.document) {
        return Vec::new();
    }
    let keys = keys(&telling);
    found.insert(telling.document.clone(), telling);
    keys
}

fn keys(telling: &Telling) -> Vec<Key> {
    fact::links(&telling.facts).map(fact::Links::keys).unwrap_or_default()
}

fn tell(channel: &dyn Channel, shelf: Shelf, document: &Document) -> Telling {
    Telling {
        document: DocumentRef {
            account: shelf.account,
            kind: shelf.kind.to_owned(),
            key: document.key.clone(),
            version: document.version,
        },
        observed_at: document.observed_at,
        facts: channel.facts(shelf.kind, document),
    }
}

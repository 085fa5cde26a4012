//! Gathering: from an order's number to the documents that belong together, and their cases.
//!
//! Nothing is written. Which documents meet is told by the keys of `hoesu_claims::link`; here keys are
//! looked up until no new document comes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use hoesu_channels::Channel;
use hoesu_claims::case::{self, Case, ItemMap, Setting, Telling};
use hoesu_claims::fact::{self, DocumentRef, Said, Source};
use hoesu_claims::found::waybill;
use hoesu_claims::link::{self, Book, Key};
use hoesu_claims::{AccountId, Assessment, Calendar, Document, Policy, SellerId, Term, assess};
use hoesu_ledger::cases::DocumentAt;
use hoesu_ledger::{Account, Current, Ledger, Shelf};
use jiff::Timestamp;

use crate::Result;
use crate::told::Names;

/// The setting of a warehouse's account that names the sales account behind each sales channel.
const CHANNEL_NAMES: &str = "channel_names";

/// The setting of a warehouse's account that says until when what leaves that day can be stopped.
const PICKUP_CUTOFF: &str = "pickup_cutoff";

/// The setting of a warehouse's account that says what stands there behind a shop's number.
const ORDER_SUFFIX: &str = "order_suffix";

/// Documents read of the ledger at once.
const PAGE_ROWS: usize = 1_000;

/// One seller's orders: where their documents lie, and what turns these into cases and findings.
pub struct Docket {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) seller: SellerId,
    accounts: Vec<(Account, &'static dyn Channel)>,
    book: Book,
    items: ItemMap,
    policy: Policy,
    calendar: Calendar,
}

impl Docket {
    /// Of a seller as the ledger knows it now: accounts, item map, days off, choices, policy. Accounts on channels this hoesu does not know (a newer one made them) are left
    /// out.
    pub async fn open(ledger: Arc<Ledger>, seller: SellerId) -> Result<Self> {
        let owned = ledger.accounts().await?.into_iter();
        let owned = owned.filter(|account| account.seller == seller).filter_map(|account| {
            let channel = hoesu_channels::by_id(&account.channel)?;
            Some((account, channel))
        });
        let accounts: Vec<(Account, &'static dyn Channel)> = owned.collect();
        let linked = accounts.iter().map(|(account, channel)| {
            let known = link::Account {
                trade: channel.trade(),
                name: account.name.clone(),
                channel_names: account.setting(CHANNEL_NAMES).unwrap_or_default().to_owned(),
                pickup_cutoff: account.setting(PICKUP_CUTOFF).unwrap_or_default().to_owned(),
                order_suffix: account.setting(ORDER_SUFFIX).unwrap_or_default().to_owned(),
            };
            (account.id, known)
        });
        let mut book = Book::new(linked);
        for choice in ledger.choices(seller).await? {
            book.choose(choice.warehouse, choice.order, choice.sales);
        }
        let mut items = ItemMap::default();
        for (item, resources) in ledger.items(seller).await? {
            for (resource, quantity) in resources {
                items.add(item.account, item.item.clone(), resource, quantity);
            }
        }
        let calendar = Calendar::with(ledger.days_off(seller).await?);
        let policy = ledger.policy(seller).await?;
        Ok(Self { ledger, seller, accounts, book, items, policy, calendar })
    }

    /// The seller's days, the built-in ones and those added.
    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// One of the accounts.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().map(|(account, _)| account).find(|account| account.id == id)
    }

    /// What the accounts are called.
    pub fn names(&self) -> Names {
        Names::of(self.accounts.iter().map(|(account, _)| account))
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
                let mut undated = Vec::new();
                for document in &page {
                    let telling = tell(channel, shelf.account, shelf.kind, document);
                    if is_undated(&telling) {
                        undated.push(DocumentAt {
                            account: shelf.account,
                            kind: shelf.kind.to_owned(),
                            key: document.key.clone(),
                        });
                    } else {
                        tellings.push(telling);
                    }
                }
                let undated = self.ledger.current_of(self.seller, undated).await?;
                tellings.extend(self.tell(undated).await?);
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

    pub(crate) const fn setting(&self, known_until: Option<Timestamp>) -> Setting<'_> {
        Setting { book: &self.book, items: &self.items, known_until }
    }

    /// Every current document that can be reached from a number, and which of them know it.
    async fn reach(&self, number: &str) -> Result<(Vec<Telling>, BTreeSet<DocumentRef>)> {
        let mut found = Found::default();
        // A document that names nothing is shown under its own number.
        let named = self.shelves().map(|(shelf, _)| DocumentAt {
            account: shelf.account,
            kind: shelf.kind.to_owned(),
            key: number.to_owned(),
        });
        let named = self.ledger.current_of(self.seller, named.collect()).await?;
        found.take_all(self.tell(named).await?);
        let keys = [Key::Order(number.to_owned()), Key::Waybill(waybill(number))];
        self.look_up(keys, &mut found).await?;
        let knowing: BTreeSet<DocumentRef> = found.documents.keys().cloned().collect();
        Ok((self.follow(found).await?, knowing))
    }

    /// These documents as they are now, and every current one that can be reached from them.
    pub(crate) async fn around(&self, documents: Vec<DocumentAt>) -> Result<Vec<Telling>> {
        let mut found = Found::default();
        let documents = self.ledger.current_of(self.seller, documents).await?;
        found.take_all(self.tell(documents).await?);
        self.follow(found).await
    }

    /// Looks up keys until no new document comes.
    async fn follow(&self, mut found: Found) -> Result<Vec<Telling>> {
        loop {
            let keys = std::mem::take(&mut found.keys);
            let keys: Vec<Key> =
                keys.into_iter().filter(|key| !found.asked.contains(key)).collect();
            if keys.is_empty() {
                return Ok(found.documents.into_values().collect());
            }
            self.look_up(keys, &mut found).await?;
        }
    }

    /// Takes in what may have one of these keys. More than those that have it is harmless.
    async fn look_up(&self, keys: impl IntoIterator<Item = Key>, found: &mut Found) -> Result<()> {
        let mut terms = Vec::new();
        for key in keys {
            if !found.asked.insert(key.clone()) {
                continue;
            }
            match key {
                // A claim's own number may stand where the order's does.
                Key::Order(number) => {
                    for other in self.book.written_elsewhere(&number) {
                        terms.push((Term::Order, other.clone()));
                        terms.push((Term::Claim, other));
                    }
                    terms.push((Term::Order, number.clone()));
                    terms.push((Term::Claim, number));
                }
                Key::Waybill(waybill) => terms.push((Term::Invoice, waybill)),
            }
        }
        let documents = self.ledger.told_by(self.seller, terms).await?;
        found.take_all(self.tell(documents).await?);
        Ok(())
    }

    /// What documents tell, dated by what they told before; those whose channel no longer has their
    /// kind are left out. Only where an event has no time of its own is anything before read.
    async fn tell(&self, documents: Vec<Current>) -> Result<Vec<Telling>> {
        let mut tellings = Vec::with_capacity(documents.len());
        let (mut undated, mut places) = (Vec::new(), Vec::new());
        for current in &documents {
            let Some((channel, kind)) = self.channel_of(current) else { continue };
            let first = first_heard(&current.held.document, current.first_heard_at);
            let telling = tell(channel, current.account, kind, &first);
            if current.has_earlier() && is_undated(&telling) {
                undated.push(current);
                places.push((tellings.len(), channel, kind));
            }
            tellings.push(telling);
        }
        if undated.is_empty() {
            return Ok(tellings);
        }
        let earlier = self.ledger.earlier(self.seller, &undated).await?;
        for ((at, channel, kind), earlier) in places.into_iter().zip(earlier) {
            let said = earlier.iter().map(|one| Said {
                facts: channel.facts(kind, &first_heard(&one.held.document, one.first_heard_at)),
                last_heard_at: one.last_heard_at,
            });
            let said: Vec<Said> = said.collect();
            let facts = std::mem::take(&mut tellings[at].facts);
            tellings[at].facts = fact::dated(facts, &said);
        }
        Ok(tellings)
    }

    fn channel_of(&self, current: &Current) -> Option<(&'static dyn Channel, &'static str)> {
        let (_, channel) = self.accounts.iter().find(|(own, _)| own.id == current.account)?;
        let kind = channel.capabilities().kinds.iter().find(|kind| **kind == current.kind)?;
        Some((*channel, kind))
    }
}

/// A document as heard first saying this.
fn first_heard(document: &Document, at: Timestamp) -> Cow<'_, Document> {
    if document.observed_at == at {
        return Cow::Borrowed(document);
    }
    Cow::Owned(Document { observed_at: at, ..document.clone() })
}

/// Whether something a document tells has no time of its own.
fn is_undated(telling: &Telling) -> bool {
    telling.facts.iter().any(|fact| fact.when.source != Source::Told)
}

impl fmt::Debug for Docket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.accounts.iter().map(|(account, _)| &account.name);
        f.debug_list().entries(names).finish()
    }
}

/// Documents found so far, and where they lead.
#[derive(Default)]
struct Found {
    documents: BTreeMap<DocumentRef, Telling>,
    /// Keys of documents, some of them asked for.
    keys: Vec<Key>,
    /// Keys that were looked up.
    asked: BTreeSet<Key>,
}

impl Found {
    fn take(&mut self, telling: Telling) {
        if !self.documents.contains_key(&telling.document) {
            self.keys
                .extend(fact::links(&telling.facts).map(fact::Links::keys).unwrap_or_default());
            self.documents.insert(telling.document.clone(), telling);
        }
    }

    fn take_all(&mut self, tellings: impl IntoIterator<Item = Telling>) {
        tellings.into_iter().for_each(|telling| self.take(telling));
    }
}

fn tell(
    channel: &dyn Channel,
    account: AccountId,
    kind: &'static str,
    document: &Document,
) -> Telling {
    Telling {
        document: DocumentRef {
            account,
            kind: kind.to_owned(),
            key: document.key.clone(),
            version: document.version,
        },
        observed_at: document.observed_at,
        facts: channel.facts(kind, document),
    }
}

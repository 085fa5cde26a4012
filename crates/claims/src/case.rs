//! A case (건): everything known about one order, folded from the facts of its documents.
//!
//! The fold is over a sorted set of documents, each in its current version: neither the order of
//! arrival nor repetition can matter. Three tracks move on their own: the claim, the goods, the money.

mod again;
mod back;
mod balance;
mod beyond;
mod claim;
mod goods;
mod items;
mod mapped;
mod rows;
mod tracks;
mod worth;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

pub use balance::{Balance, Unit};
pub use claim::{Asked, Back, Claim};
pub use goods::{Arrived, Invoice, Parcel, Row, Ticket, codes};
pub use items::ItemMap;
pub use rows::{Picked, Rows};
pub use tracks::{ClaimTrack, GoodsTrack, MoneyTrack, Tracks};

use crate::fact::{self, ClaimKind, Collection, DocumentRef, Fact, Line, Quantity, Tells, When};
use crate::id::AccountId;
use crate::link::{self, Book, CaseKey, Linked, Trade};
use crate::money::Won;
use crate::time::kst_day;

/// What one document version tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// Which version of which document.
    pub document: DocumentRef,
    /// When it was heard: the version heard last is the current one.
    pub observed_at: Timestamp,
    /// What it tells.
    pub facts: Vec<Fact>,
}

/// A document of a case: its place in [`Case::documents`].
pub type Doc = usize;

/// When something happened, and which document says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Seen {
    /// When.
    pub when: When,
    /// Who says so.
    pub by: Doc,
}

/// What happened to the pieces of one line of the order, as its sales channel has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct LineOf {
    /// What was sold.
    pub line: Line,
    /// Ordered; `None` if nobody said.
    pub ordered: Option<Quantity>,
    /// Cancelled for good.
    pub cancelled: Quantity,
    /// Asked to be cancelled, undecided.
    pub cancel_asked: Quantity,
    /// Asked back by claims that stand.
    pub claimed: Quantity,
    /// Refunded, by claims the channel says are final.
    pub refunded: Quantity,
    /// Shipped, as the sales channel counts.
    pub shipped: Option<Quantity>,
    /// For one piece.
    pub unit: Option<Won>,
}

/// Something a contract does not know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unrecognised {
    /// In which kind of document.
    pub kind: String,
    /// Where in it.
    pub path: String,
    /// The code, if it is one.
    pub code: Option<String>,
    /// In which document.
    pub seen: Seen,
}

/// Everything known about one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Which order.
    pub key: CaseKey,
    /// What the account it stands under does.
    pub trade: Trade,
    /// The sales accounts it may belong to, if nobody can tell.
    pub candidates: BTreeSet<AccountId>,
    /// Where it stands.
    pub tracks: Tracks,
    /// The lines, as the sales channel has them.
    pub lines: Vec<LineOf>,
    /// Sales and warehouse side by side: by resource if the item map knows every line, else the
    /// order as a whole.
    pub balances: Vec<Balance>,
    /// Claims, by account and number.
    pub claims: Vec<Claim>,
    /// Rows of warehouses, by number.
    pub rows: Vec<Row>,
    /// Tickets of warehouses, by number.
    pub tickets: Vec<Ticket>,
    /// What came back, in order of time.
    pub arrived: Vec<Arrived>,
    /// When the order was placed.
    pub placed: Option<Seen>,
    /// When it was paid.
    pub paid: Option<Seen>,
    /// What nobody can read.
    pub unrecognised: Vec<Unrecognised>,
    /// Its documents, current versions, in order.
    pub documents: Vec<DocumentRef>,
    /// All facts with the document that tells each, in order of time.
    pub timeline: Vec<(Doc, Fact)>,
}

/// What a fold needs to know beside the facts.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The seller's accounts.
    pub book: &'a Book,
    /// The seller's item map.
    pub items: &'a ItemMap,
    /// Facts with later times are not known yet; `None` knows all.
    pub known_until: Option<Timestamp>,
}

impl Case {
    /// Folds what documents tell. Of each document only the version heard last counts.
    pub fn fold(
        key: CaseKey,
        candidates: BTreeSet<AccountId>,
        tellings: impl IntoIterator<Item = Telling>,
        setting: Setting<'_>,
    ) -> Self {
        Self::of_current(key, candidates, current(tellings), setting)
    }

    fn of_current(
        key: CaseKey,
        candidates: BTreeSet<AccountId>,
        current: Vec<Telling>,
        setting: Setting<'_>,
    ) -> Self {
        let mut documents = Vec::with_capacity(current.len());
        let mut timeline = Vec::new();
        let is_known = |fact: &Fact| setting.known_until.is_none_or(|until| fact.when.at <= until);
        for telling in current {
            let known = telling.facts.into_iter().filter(is_known);
            timeline.extend(known.map(|fact| (documents.len(), fact)));
            documents.push(telling.document);
        }
        timeline.sort_unstable_by(|a, b| {
            (&a.1.when, a.0, &a.1.tells).cmp(&(&b.1.when, b.0, &b.1.tells))
        });
        let trade = setting.book.trade(key.account());
        let mut case = Self {
            key,
            trade,
            candidates,
            tracks: Tracks::default(),
            lines: Vec::new(),
            balances: Vec::new(),
            claims: Vec::new(),
            rows: Vec::new(),
            tickets: Vec::new(),
            arrived: Vec::new(),
            placed: None,
            paid: None,
            unrecognised: Vec::new(),
            documents,
            timeline,
        };
        case.placed = case.first(|tells| matches!(tells, Tells::Placed));
        case.paid = case.first(|tells| matches!(tells, Tells::Paid));
        case.unrecognised = case.unreadable();
        goods::fold(&mut case);
        for row in &mut case.rows {
            row.pickup = setting.book.pickup(row.account);
        }
        claim::fold(&mut case);
        case.lines = case.fold_lines();
        balance::fold(&mut case, setting.items);
        beyond::fold(&mut case);
        case.tracks = Tracks::of(&case);
        case
    }

    /// The earliest fact of a sort.
    fn first(&self, is: impl Fn(&Tells) -> bool) -> Option<Seen> {
        let mut facts = self.timeline.iter().filter(|(_, fact)| is(&fact.tells));
        facts.next().map(|(by, fact)| Seen { when: fact.when, by: *by })
    }

    fn unreadable(&self) -> Vec<Unrecognised> {
        let mut found: Vec<Unrecognised> = Vec::new();
        for (by, fact) in &self.timeline {
            if let Tells::Unrecognised { path, code } = &fact.tells {
                found.push(Unrecognised {
                    kind: self.documents[*by].kind.clone(),
                    path: path.clone(),
                    code: code.clone(),
                    seen: Seen { when: fact.when, by: *by },
                });
            }
        }
        found.sort();
        found
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "each fold picks the facts it is about")]
    fn fold_lines(&self) -> Vec<LineOf> {
        let mut lines: BTreeMap<String, LineOf> = BTreeMap::new();
        let at =
            |lines: &mut BTreeMap<String, LineOf>, line: &Line, change: &dyn Fn(&mut LineOf)| {
                let known = lines.entry(line_key(line)).or_default();
                // The line with more said of it names it.
                known.line = std::mem::take(&mut known.line).max(line.clone());
                change(known);
            };
        for claim in &self.claims {
            for asked in &claim.lines {
                let pieces = asked.quantity.unwrap_or(0);
                at(&mut lines, &asked.line, &|known| {
                    if claim.is_final_cancel() {
                        known.cancelled = known.cancelled.saturating_add(pieces);
                    } else if claim.is_open_cancel() {
                        known.cancel_asked = known.cancel_asked.saturating_add(pieces);
                    } else if claim.wants_goods_back() {
                        known.claimed = known.claimed.saturating_add(pieces);
                    }
                    if claim.refunded.is_some() && claim.stands() {
                        known.refunded = known.refunded.saturating_add(pieces);
                    }
                });
            }
        }
        // Several lines of an order may be about one item.
        let mut counts: BTreeMap<(String, Option<&str>), Counts> = BTreeMap::new();
        for (_, fact) in &self.timeline {
            match &fact.tells {
                Tells::Ordered { line, quantity } => {
                    at(&mut lines, line, &|_| {});
                    let count = counts.entry((line_key(line), line.number.as_deref())).or_default();
                    count.ordered = count.ordered.max(*quantity);
                }
                Tells::Priced { line, unit } => at(&mut lines, line, &|known| {
                    known.unit = known.unit.max(Some(*unit));
                }),
                // The channel counts all claims together, those it shows elsewhere too.
                Tells::LineStands { line, cancelled, shipped } => {
                    at(&mut lines, line, &|_| {});
                    let count = counts.entry((line_key(line), line.number.as_deref())).or_default();
                    count.cancelled = count.cancelled.max(*cancelled);
                    count.shipped = count.shipped.max(*shipped);
                }
                _ => {}
            }
        }
        for (key, known) in &mut lines {
            let of = || counts.iter().filter(|((line, _), _)| line == key);
            let sum = |count: fn(&Counts) -> Option<Quantity>| {
                let numbered = of().filter(|((_, number), _)| number.is_some());
                let told =
                    numbered.filter_map(|(_, one)| count(one)).reduce(Quantity::saturating_add);
                let whole = of().filter(|((_, number), _)| number.is_none());
                told.max(whole.filter_map(|(_, one)| count(one)).max())
            };
            known.ordered = sum(|one| one.ordered);
            known.shipped = sum(|one| one.shipped);
            known.cancelled = known.cancelled.max(sum(|one| one.cancelled).unwrap_or(0));
        }
        lines.into_values().collect()
    }

    /// The documents at these places, in order.
    pub fn evidence(&self, docs: impl IntoIterator<Item = Doc>) -> Vec<DocumentRef> {
        let docs: BTreeSet<Doc> = docs.into_iter().collect();
        docs.into_iter().filter_map(|doc| self.documents.get(doc).cloned()).collect()
    }

    /// Whether the channel refunded a return at once and nobody collects it: it says that there is
    /// nothing to fetch, knows no waybill, and no parcel is under way.
    pub fn is_never_collected(&self, claim: &Claim) -> bool {
        let is_nothing = claim.collection.is_some_and(|(told, _)| told == Collection::Nothing);
        let day = |seen: Seen| kst_day(seen.when.at);
        let at_once = claim.opened.map(day).is_some_and(|on| claim.refunded.map(day) == Some(on));
        let parcels = self.tickets.iter().flat_map(|ticket| &ticket.parcels);
        let is_coming = parcels.into_iter().any(|one| one.collection != Collection::Nothing);
        claim.kind == Some(ClaimKind::Return)
            && is_nothing
            && at_once
            && claim.waybills.is_empty()
            && !is_coming
    }

    /// Which account says something.
    pub fn account_of(&self, seen: Seen) -> Option<AccountId> {
        self.documents.get(seen.by).map(|document| document.account)
    }

    /// Whether a warehouse knows the order.
    pub fn is_warehouse_known(&self) -> bool {
        !self.rows.is_empty() || !self.tickets.is_empty()
    }
}

/// What is counted for one line of an order.
#[derive(Default)]
struct Counts {
    ordered: Option<Quantity>,
    cancelled: Option<Quantity>,
    shipped: Option<Quantity>,
}

/// Of each document the version heard last, in order of documents.
pub fn current(tellings: impl IntoIterator<Item = Telling>) -> Vec<Telling> {
    fn place(telling: &Telling) -> (AccountId, &str, &str) {
        let DocumentRef { account, kind, key, .. } = &telling.document;
        (*account, kind, key)
    }
    let mut all: Vec<Telling> = tellings.into_iter().collect();
    let age = |telling: &Telling| (telling.observed_at, telling.document.version);
    all.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| age(b).cmp(&age(a))));
    all.dedup_by(|older, kept| place(older) == place(kept));
    all
}

/// The cases of a seller's documents, or of all documents that can be reached from one by keys:
/// grouped as [`link::group`] does, each folded. In order of [`CaseKey`].
pub fn cases(tellings: impl IntoIterator<Item = Telling>, setting: Setting<'_>) -> Vec<Case> {
    let mut told: BTreeMap<DocumentRef, Telling> =
        current(tellings).into_iter().map(|telling| (telling.document.clone(), telling)).collect();
    let linked = told.values().map(|telling| Linked {
        document: telling.document.clone(),
        links: fact::links(&telling.facts).cloned().unwrap_or_default(),
    });
    let groups = link::group(linked.collect::<Vec<_>>(), setting.book);
    let folded = groups.into_iter().map(|group| {
        let here: Vec<Telling> =
            group.documents.iter().filter_map(|document| told.remove(document)).collect();
        Case::of_current(group.case, group.candidates, here, setting)
    });
    folded.collect()
}

/// By what a line is told from others: its item, or its number where no item is told.
pub(crate) fn line_key(line: &Line) -> String {
    match (&line.item, &line.number) {
        (Some(item), _) => item.clone(),
        (None, Some(number)) => format!("#{number}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests;

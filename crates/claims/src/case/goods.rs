//! The warehouse's side of a case: rows to be packed, invoices, tickets, what came back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;
use serde::Serialize;

use super::{Case, Seen, Unit};
use crate::fact::{
    Arrival, ClaimKind, Collection, Grade, InvoiceStage, Quantity, Resource, Tells, TicketStage,
};
use crate::id::AccountId;
use crate::link::PICKUP;
use crate::money::Won;

/// An outbound invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invoice {
    /// The warehouse's number.
    pub number: String,
    /// Waybill.
    pub waybill: Option<String>,
    /// Courier, in the warehouse's words.
    pub courier: Option<String>,
    /// How far it came.
    pub stage: InvoiceStage,
    /// Since when.
    pub seen: Seen,
    /// Goes out for a claim: no new sale.
    pub is_again: bool,
}

impl Invoice {
    /// What people call it by: its waybill, else the warehouse's number.
    pub fn code(&self) -> &str {
        self.waybill.as_deref().unwrap_or(&self.number)
    }

    /// Left the warehouse.
    pub const fn is_closed(&self) -> bool {
        matches!(self.stage, InvoiceStage::Closed | InvoiceStage::Delivered)
    }

    /// Not left yet, and not cancelled.
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, InvoiceStage::Assigned | InvoiceStage::Printed)
    }
}

/// What invoices are called by, each once: several rows may share a parcel.
pub fn codes<'i>(invoices: impl IntoIterator<Item = &'i Invoice>) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for code in invoices.into_iter().map(Invoice::code) {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
    codes
}

/// An order row of a warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The warehouse.
    pub account: AccountId,
    /// Its number.
    pub number: String,
    /// When it was made.
    pub made: Seen,
    /// What is in it.
    pub items: Vec<(Resource, Quantity)>,
    /// Paid for all of it.
    pub paid: Option<Won>,
    /// Its invoices.
    pub invoices: Vec<Invoice>,
    /// Until when on a working day what leaves its warehouse that day can be stopped.
    pub pickup: Time,
}

impl Row {
    /// Pieces in it; `None` if not said.
    pub fn quantity(&self) -> Option<Quantity> {
        let pieces = self.items.iter().map(|(_, pieces)| *pieces);
        (!self.items.is_empty()).then(|| pieces.fold(0, Quantity::saturating_add))
    }

    /// Invoices that went out as the sale, or still may.
    pub fn live(&self) -> impl Iterator<Item = &Invoice> {
        self.invoices.iter().filter(|one| one.stage != InvoiceStage::Cancelled && !one.is_again)
    }

    /// Goes out for a claim, all of it.
    pub fn is_again(&self) -> bool {
        !self.invoices.is_empty() && self.invoices.iter().all(|invoice| invoice.is_again)
    }

    /// Nothing of it was sent or will be, for its invoices were cancelled.
    pub fn is_stopped(&self) -> bool {
        self.has_ended() && !self.is_again()
    }

    /// There are invoices, and none of them went out as the sale or still may.
    fn has_ended(&self) -> bool {
        !self.invoices.is_empty() && self.live().next().is_none()
    }

    /// Some of it may still be stopped.
    pub fn is_open(&self) -> bool {
        self.invoices.is_empty() || self.live().any(Invoice::is_open)
    }

    /// All of it left.
    pub fn is_sent(&self) -> bool {
        let mut live = self.live().peekable();
        live.peek().is_some() && live.all(Invoice::is_closed)
    }

    /// The same of the pieces of one of its resources: which of several a closed invoice holds nobody
    /// says, so all may still be there.
    pub fn sent_and_held_of_one(&self, pieces: Quantity) -> (Quantity, Quantity) {
        let is_split = self.is_open() && self.items.len() > 1;
        if is_split { (0, pieces) } else { self.sent_and_held(pieces) }
    }

    /// Of so many pieces, how many have left for certain and how many may still be there. An invoice
    /// holds one piece at least.
    pub fn sent_and_held(&self, pieces: Quantity) -> (Quantity, Quantity) {
        let closed = self.live().filter(|invoice| invoice.is_closed()).count() as Quantity;
        if self.has_ended() {
            (0, 0)
        } else if self.is_sent() {
            (pieces, 0)
        } else {
            let sent = closed.min(pieces);
            (sent, pieces - sent)
        }
    }
}

/// A parcel on its way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parcel {
    /// Its number at the warehouse.
    pub number: String,
    /// Return waybill.
    pub waybill: Option<String>,
    /// How it moves.
    pub collection: Collection,
    /// Since when.
    pub seen: Seen,
    /// When collection was asked for.
    pub asked: Option<Seen>,
}

/// A ticket about goods coming back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// The warehouse.
    pub account: AccountId,
    /// Its number.
    pub number: String,
    /// What it is about, if its type is known.
    pub kind: Option<ClaimKind>,
    /// When it was made.
    pub made: Seen,
    /// Where it stands.
    pub stage: Option<TicketStage>,
    /// Its parcels.
    pub parcels: Vec<Parcel>,
}

/// Something that came back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Arrived {
    /// When, and who says so.
    pub seen: Seen,
    /// The ticket.
    pub ticket: String,
    /// The parcel.
    pub parcel: String,
    /// The line in the parcel.
    pub part: String,
    /// What.
    pub resource: Resource,
    /// How many.
    pub quantity: Quantity,
    /// How many had been sent, as the warehouse has it.
    pub sent: Option<Quantity>,
    /// What became of them.
    pub grade: Grade,
    /// How sure it is.
    pub arrival: Arrival,
    /// Return waybill.
    pub waybill: Option<String>,
}

impl Arrived {
    /// In the centre's or the seller's hands.
    pub const fn is_certain(&self) -> bool {
        match self.arrival {
            Arrival::AtCentre | Arrival::AtSeller => true,
            Arrival::Noted => false,
        }
    }
}

/// Folds rows, tickets and arrivals.
#[expect(clippy::wildcard_enum_match_arm, reason = "each fold picks the facts it is about")]
pub(super) fn fold(case: &mut Case) {
    let again: BTreeSet<String> = case
        .timeline
        .iter()
        .filter_map(|(_, fact)| match &fact.tells {
            Tells::Reshipped { waybill, .. } => waybill.clone(),
            _ => None,
        })
        .collect();
    let mut rows: BTreeMap<(AccountId, String), Row> = BTreeMap::new();
    let mut tickets: BTreeMap<(AccountId, String), Ticket> = BTreeMap::new();
    let mut arrived = Vec::new();
    // Rows and tickets first, then what is in them: facts of one document share their account.
    for (by, fact) in &case.timeline {
        let seen = Seen { when: fact.when, by: *by };
        let account = case.documents[*by].account;
        match &fact.tells {
            Tells::Row { row } => {
                let made = Row {
                    account,
                    number: row.clone(),
                    made: seen,
                    items: Vec::new(),
                    paid: None,
                    invoices: Vec::new(),
                    pickup: PICKUP,
                };
                rows.entry((account, row.clone())).or_insert(made);
            }
            Tells::Ticket { ticket, kind } => {
                let made = Ticket {
                    account,
                    number: ticket.clone(),
                    kind: *kind,
                    made: seen,
                    stage: None,
                    parcels: Vec::new(),
                };
                tickets.entry((account, ticket.clone())).or_insert(made);
            }
            _ => {}
        }
    }
    for (by, fact) in &case.timeline {
        let seen = Seen { when: fact.when, by: *by };
        let account = case.documents[*by].account;
        match &fact.tells {
            Tells::RowItem { row, resource, quantity } => {
                if let Some(row) = rows.get_mut(&(account, row.clone())) {
                    row.items.push((resource.clone(), *quantity));
                }
            }
            Tells::RowPaid { row, paid } => {
                if let Some(row) = rows.get_mut(&(account, row.clone())) {
                    row.paid = Some(*paid);
                }
            }
            Tells::Invoice { row, invoice, waybill, courier, stage } => {
                if let Some(row) = rows.get_mut(&(account, row.clone())) {
                    let told = Invoice {
                        number: invoice.clone(),
                        waybill: waybill.clone(),
                        courier: courier.clone(),
                        stage: *stage,
                        seen,
                        is_again: waybill.as_ref().is_some_and(|code| again.contains(code)),
                    };
                    reached(row, told);
                }
            }
            Tells::TicketStage { ticket, stage } => {
                if let Some(ticket) = tickets.get_mut(&(account, ticket.clone())) {
                    ticket.stage = ticket.stage.max(Some(*stage));
                }
            }
            Tells::Parcel { ticket, parcel, waybill, collection } => {
                if let Some(ticket) = tickets.get_mut(&(account, ticket.clone())) {
                    moved(ticket, parcel, waybill.as_ref(), *collection, seen);
                }
            }
            Tells::Arrived { ticket, parcel, part, resource, quantity, sent, grade, arrival } => {
                arrived.push(Arrived {
                    seen,
                    ticket: ticket.clone(),
                    parcel: parcel.clone(),
                    part: part.clone(),
                    resource: resource.clone(),
                    quantity: *quantity,
                    sent: *sent,
                    grade: *grade,
                    arrival: *arrival,
                    waybill: None,
                });
            }
            _ => {}
        }
    }
    for one in &mut arrived {
        let account = case.documents[one.seen.by].account;
        let ticket = tickets.get(&(account, one.ticket.clone()));
        let parcel = ticket.and_then(|t| t.parcels.iter().find(|p| p.number == one.parcel));
        one.waybill = parcel.and_then(|parcel| parcel.waybill.clone());
    }
    arrived.sort();
    case.rows = rows.into_values().collect();
    case.tickets = tickets.into_values().collect();
    case.arrived = arrived;
}

/// An invoice stands where it came furthest.
fn reached(row: &mut Row, told: Invoice) {
    match row.invoices.iter_mut().find(|known| known.number == told.number) {
        None => row.invoices.push(told),
        Some(known) if told.stage > known.stage => *known = told,
        Some(_) => {}
    }
}

/// A parcel stands where it was last.
fn moved(
    ticket: &mut Ticket,
    number: &str,
    waybill: Option<&String>,
    collection: Collection,
    seen: Seen,
) {
    let asked = (collection == Collection::Asked).then_some(seen);
    match ticket.parcels.iter_mut().find(|known| known.number == number) {
        None => ticket.parcels.push(Parcel {
            number: number.to_owned(),
            waybill: waybill.cloned(),
            collection,
            seen,
            asked,
        }),
        Some(known) => {
            known.asked = known.asked.or(asked);
            if (seen.when.at, collection) >= (known.seen.when.at, known.collection) {
                (known.collection, known.seen) = (collection, seen);
            }
        }
    }
}

/// Resources of a case, those that are the same together.
#[derive(Debug, Default)]
pub(super) struct Resources {
    classes: Vec<Vec<Resource>>,
}

impl Resources {
    /// From everything the case names, those with a bar code first.
    pub(super) fn of(case: &Case) -> Self {
        let rows = case.rows.iter().flat_map(|row| row.items.iter().map(|(resource, _)| resource));
        let named = rows.chain(case.arrived.iter().map(|arrived| &arrived.resource));
        let mut all: Vec<&Resource> = named.collect();
        all.sort_by_key(|resource| (resource.code.is_none(), resource.number.is_none(), *resource));
        all.dedup();
        let mut classes: Vec<Vec<Resource>> = Vec::new();
        for resource in all {
            let home =
                classes.iter_mut().find(|class| class.iter().any(|one| one.is_same(resource)));
            match home {
                Some(class) => class.push(resource.clone()),
                None => classes.push(vec![resource.clone()]),
            }
        }
        Self { classes }
    }

    /// What a resource is counted by; each of the case is in some class.
    pub(super) fn unit(&self, resource: &Resource) -> Unit {
        let class = self.classes.iter().find(|class| class.contains(resource));
        Unit::Resource(class.and_then(|class| class.first()).map(label).unwrap_or_default())
    }

    /// Which of them the item map means by a bar code or number.
    pub(super) fn named(&self, text: &str) -> Option<usize> {
        let is = |value: &Option<String>| value.as_deref() == Some(text);
        self.classes
            .iter()
            .position(|class| class.iter().any(|one| is(&one.code) || is(&one.number)))
    }

    /// Whether each has a bar code or a number, by which an item map could mean it.
    pub(super) fn are_named(&self) -> bool {
        let mut firsts = self.classes.iter().filter_map(|class| class.first());
        firsts.all(|one| one.code.is_some() || one.number.is_some())
    }

    /// What to call them.
    pub(super) fn labels(&self) -> impl Iterator<Item = String> {
        (0..self.classes.len()).map(|class| self.label(class))
    }

    /// What to call it.
    pub(super) fn label(&self, class: usize) -> String {
        self.classes.get(class).and_then(|class| class.first()).map(label).unwrap_or_default()
    }
}

/// What to call a resource that has a bar code or a number.
fn label(resource: &Resource) -> String {
    resource.code.as_ref().or(resource.number.as_ref()).cloned().unwrap_or_default()
}

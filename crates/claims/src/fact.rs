//! A fact (사실): one thing understood from one document version, in words no channel owns.
//!
//! Facts are a pure function of a document. They carry no names of people, phones, addresses or free
//! text. What a channel says in a code nobody knows is [`Tells::Unrecognised`]: kept, never guessed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::AccountId;
use crate::money::Won;

/// Pieces. Never negative; what a channel writes below zero is unrecognised.
pub type Quantity = u32;

/// All of them together; more than fits is as much as fits.
pub fn pieces(all: impl IntoIterator<Item = Quantity>) -> Quantity {
    all.into_iter().fold(0, Quantity::saturating_add)
}

/// The same, `None` if one of them is.
pub fn pieces_if_told(all: impl IntoIterator<Item = Option<Quantity>>) -> Option<Quantity> {
    all.into_iter().try_fold(0, |sum: Quantity, one| Some(sum.saturating_add(one?)))
}

/// Which version of which document says something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentRef {
    /// The account that heard it.
    pub account: AccountId,
    /// The kind of document.
    pub kind: String,
    /// The channel's own number of the thing.
    pub key: String,
    /// The version, counted by arrival.
    pub version: i64,
}

/// Who says when something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The document itself, or a mark beside it.
    Told,
    /// Only that it was so when the document changed last: the event has no time of its own.
    Changed,
    /// Nobody: it is the instant at which the document was heard.
    Observed,
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
pub struct When {
    /// The instant.
    pub at: Timestamp,
    /// Who says so.
    pub source: Source,
}

impl When {
    /// The first instant the document tells, else when it was heard.
    pub fn first(
        told: impl IntoIterator<Item = Option<Timestamp>>,
        observed_at: Timestamp,
    ) -> Self {
        match told.into_iter().flatten().next() {
            Some(at) => Self { at, source: Source::Told },
            None => Self { at: observed_at, source: Source::Observed },
        }
    }

    /// The first of some fields that holds an instant, else when the document was heard. Those named
    /// in `change` say when the document changed, not when something happened.
    pub fn of_fields<'n>(
        names: &[&'n str],
        change: &[&str],
        time: impl Fn(&'n str) -> Option<Timestamp>,
        observed_at: Timestamp,
    ) -> Self {
        let first = names.iter().find_map(|name| time(name).map(|at| (*name, at)));
        match first {
            Some((name, at)) if change.contains(&name) => Self { at, source: Source::Changed },
            Some((_, at)) => Self { at, source: Source::Told },
            None => Self { at: observed_at, source: Source::Observed },
        }
    }
}

/// What a document said once: its facts, and when it was heard saying this.
#[derive(Debug, Clone)]
pub struct Said {
    /// What that content tells.
    pub facts: Vec<Fact>,
    /// When it was heard last.
    pub last_heard_at: Timestamp,
}

/// Dates what a document tells by what it said before (`earlier`, from the oldest on): an event without
/// a time of its own happened when a content *first* told it that every later one has told since. So
/// a later change of something else moves nothing.
pub fn dated(facts: Vec<Fact>, earlier: &[Said]) -> Vec<Fact> {
    facts.into_iter().map(|fact| date(fact, earlier)).collect()
}

fn date(fact: Fact, earlier: &[Said]) -> Fact {
    if fact.when.source == Source::Told {
        return fact;
    }
    let mut when = fact.when;
    for said in earlier.iter().rev() {
        let same = said.facts.iter().filter(|other| other.tells == fact.tells);
        match same.map(|other| other.when).min_by_key(|when| when.at) {
            Some(first) if first.at < when.at => when = first,
            Some(_) => {}
            None => {
                // Heard before and after something that did not tell it: it happened since.
                if when.source == Source::Observed {
                    when.at = when.at.max(said.last_heard_at);
                }
                break;
            }
        }
    }
    Fact { when, ..fact }
}

/// One thing a document tells, and when it happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Fact {
    /// When it happened.
    #[serde(flatten)]
    pub when: When,
    /// What happened.
    #[serde(flatten)]
    pub tells: Tells,
}

/// By what a document meets others. All values as compared: trimmed, waybills without hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, ToSchema)]
pub struct Links {
    /// The order as its sales channel numbers it.
    pub order: Option<String>,
    /// Other numbers the sales channel gives parts of the same order (a claim's own order number).
    pub aliases: Vec<String>,
    /// What a warehouse calls the sales channel.
    pub sold_on: Option<String>,
    /// Outbound waybills.
    pub waybills: Vec<String>,
}

/// What was sold, as the sales channel numbers it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, ToSchema)]
pub struct Line {
    /// Number of the line within the order.
    pub number: Option<String>,
    /// The item, `item/variant` if it has variants.
    pub item: Option<String>,
}

/// What a warehouse keeps. Its name may stand here only as a mark that tells names apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, ToSchema)]
pub struct Resource {
    /// Bar code.
    pub code: Option<String>,
    /// Number in the seller's books.
    pub number: Option<String>,
    /// Stands for the name: equal for equal names.
    pub name_mark: Option<String>,
}

impl Resource {
    /// Whether both are the same thing: bar codes decide, then numbers, then names.
    pub fn is_same(&self, other: &Self) -> bool {
        let both = |a: &Option<String>, b: &Option<String>| {
            a.as_ref().zip(b.as_ref()).map(|(a, b)| a == b)
        };
        both(&self.code, &other.code)
            .or_else(|| both(&self.number, &other.number))
            .or_else(|| both(&self.name_mark, &other.name_mark))
            .unwrap_or(false)
    }
}

/// A claim's own number at its sales channel.
pub type ClaimNumber = String;

/// What a claim asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Goods not supplied: money back.
    Cancel,
    /// Goods supplied: goods back, money back.
    Return,
    /// Goods back, other goods out.
    Exchange,
    /// Goods back, the same goods out again, mended.
    Repair,
}

/// Why, as far as rules differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The buyer's will or anything else.
    Other,
    /// The seller cannot supply.
    SoldOut,
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The buyer's.
    Customer,
    /// The seller's.
    Seller,
    /// The sales channel's.
    Channel,
    /// A warehouse's or courier's.
    Logistics,
    /// Nobody's in particular.
    General,
}

/// Where a claim stands at its sales channel, as decided there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Asked for, undecided.
    Asked,
    /// The channel asks to stop the shipment, undecided.
    StopAsked,
    /// The goods are received, the end is not decided.
    Received,
    /// The channel is asked to look at it.
    Disputed,
    /// The end is put off.
    Deferred,
    /// All that was the seller's part is told; the channel will tell no end.
    HandedOver,
    /// Refused.
    Refused,
    /// Final.
    Done,
    /// Taken back by who asked.
    Withdrawn,
}

/// Whether the wish to stop a shipment was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// There is nothing to stop.
    NotApplicable,
    /// Not answered.
    Unanswered,
    /// Answered: stopped.
    Stopped,
    /// Answered: shipped already.
    Shipped,
    /// The channel took it for shipped by itself.
    TakenForShipped,
}

/// Whether goods of a claim left, as the sales channel sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// Not shipped.
    Held,
    /// Shipment stopped.
    Stopped,
    /// Shipped.
    Shipped,
    /// Shipped before the stop could be done.
    ShippedAlready,
}

/// How goods on their way back move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collection {
    /// Not asked for yet.
    NotYet,
    /// Asked for.
    Asked,
    /// On their way.
    Moving,
    /// Fetched or delivered.
    Arrived,
    /// Could not be fetched.
    Failed,
    /// There is nothing to fetch, or it was called off.
    Nothing,
}

/// Where a warehouse's ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketStage {
    /// Made.
    Draft,
    /// Under way.
    Processing,
    /// Finished: what has arrived has arrived.
    Done,
    /// Cancelled.
    Cancelled,
}

/// How sure it is that goods are back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// A quantity is written down; no word that the goods are in.
    Noted,
    /// The seller took them.
    AtSeller,
    /// The centre has them.
    AtCentre,
}

/// What became of goods that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Back to stock.
    Good,
    /// Kept, not sellable.
    Unsellable,
    /// Sent out of the centre.
    SentOut,
    /// Not said.
    Ungraded,
}

/// How far an outbound invoice came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStage {
    /// Assigned.
    Assigned,
    /// Label printed.
    Printed,
    /// Packing closed: the point of no return.
    Closed,
    /// Delivered.
    Delivered,
    /// Cancelled.
    Cancelled,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(tag = "tells", rename_all = "snake_case")]
pub enum Tells {
    /// By what this document meets others; every document that belongs to an order has one.
    Links(Links),

    /// A line was ordered.
    Ordered {
        /// Which.
        line: Line,
        /// How many; `None` if not said.
        quantity: Option<Quantity>,
    },
    /// The order was placed. The day the buyer paid is never earlier.
    Placed,
    /// The buyer paid.
    Paid,
    /// What one piece of a line cost.
    Priced {
        /// Which line.
        line: Line,
        /// For one.
        unit: Won,
    },
    /// What the sales channel counts for a line so far, all claims together.
    LineStands {
        /// Which.
        line: Line,
        /// Cancelled so far.
        cancelled: Option<Quantity>,
        /// Shipped so far.
        shipped: Option<Quantity>,
    },

    /// A claim was opened.
    ClaimOpened {
        /// Its number.
        claim: ClaimNumber,
        /// What it asks for; `None` if the document doesn't say.
        kind: Option<ClaimKind>,
        /// Why.
        reason: Reason,
    },
    /// Whose fault the channel says a claim is.
    ClaimFault {
        /// Its number.
        claim: ClaimNumber,
        /// Whose.
        fault: Fault,
    },
    /// What the way back costs: above zero the seller pays, below zero the buyer.
    ClaimCharge {
        /// Its number.
        claim: ClaimNumber,
        /// Won.
        charge: Won,
    },
    /// A line a claim is about.
    ClaimLine {
        /// Its number.
        claim: ClaimNumber,
        /// Which line.
        line: Line,
        /// How many; `None` if the document doesn't say.
        quantity: Option<Quantity>,
        /// Whether they left.
        release: Option<Release>,
    },
    /// Where a claim stands.
    ClaimStage {
        /// Its number.
        claim: ClaimNumber,
        /// Where.
        stage: Stage,
    },
    /// One of the lines a claim is about was taken back.
    LineWithdrawn {
        /// Its number.
        claim: ClaimNumber,
        /// Which line.
        line: Line,
    },
    /// Whether the wish to stop the shipment was answered.
    StopAsked {
        /// The claim's number.
        claim: ClaimNumber,
        /// Whether.
        stop: Stop,
    },
    /// The goods of a claim move.
    ClaimCollection {
        /// Its number.
        claim: ClaimNumber,
        /// How.
        collection: Collection,
    },
    /// The waybill of a claim's way back.
    ReturnWaybill {
        /// The claim's number.
        claim: ClaimNumber,
        /// As compared.
        waybill: String,
    },
    /// The channel says the goods of a claim were received.
    ReceivedAtChannel {
        /// Its number.
        claim: ClaimNumber,
    },
    /// The channel says the goods of a claim are lost and will not come.
    Lost {
        /// Its number.
        claim: ClaimNumber,
    },
    /// The marketplace that holds the money says the claim is final.
    RefundSeen {
        /// Its number.
        claim: ClaimNumber,
    },
    /// Refunded before the goods came back; no proof that money moved.
    PreRefunded {
        /// Its number.
        claim: ClaimNumber,
    },
    /// Goods go out again for a claim: no new sale.
    Reshipped {
        /// The claim's number.
        claim: ClaimNumber,
        /// Outbound waybill, if there is one yet.
        waybill: Option<String>,
    },
    /// The seller's own return was accepted by the channel.
    ReturnRequestedAtChannel {
        /// The claim's number.
        claim: ClaimNumber,
    },
    /// The order goes to another address.
    AddressChanged,

    /// A warehouse holds an order row to be packed.
    Row {
        /// Its number.
        row: String,
    },
    /// What is in it.
    RowItem {
        /// Number of the row.
        row: String,
        /// What.
        resource: Resource,
        /// How many.
        quantity: Quantity,
    },
    /// What was paid for the whole row.
    RowPaid {
        /// Number of the row.
        row: String,
        /// Won.
        paid: Won,
    },
    /// How far an invoice of a row came.
    Invoice {
        /// Number of the row.
        row: String,
        /// The invoice's number.
        invoice: String,
        /// Waybill as compared.
        waybill: Option<String>,
        /// Courier, in the warehouse's words.
        courier: Option<String>,
        /// How far.
        stage: InvoiceStage,
    },

    /// A warehouse's ticket about goods coming back.
    Ticket {
        /// Its number.
        ticket: String,
        /// What it is about; `None` if its type is unrecognised.
        kind: Option<ClaimKind>,
    },
    /// Where the ticket stands.
    TicketStage {
        /// Its number.
        ticket: String,
        /// Where.
        stage: TicketStage,
    },
    /// A parcel of a ticket moves.
    Parcel {
        /// Number of the ticket.
        ticket: String,
        /// Number of the parcel.
        parcel: String,
        /// Return waybill as compared.
        waybill: Option<String>,
        /// How it moves.
        collection: Collection,
    },
    /// What a parcel of a ticket holds.
    Arrived {
        /// Number of the ticket.
        ticket: String,
        /// Number of the parcel.
        parcel: String,
        /// Number of the line in the parcel.
        part: String,
        /// What.
        resource: Resource,
        /// How many came back.
        quantity: Quantity,
        /// How many had been sent, as the warehouse has it.
        sent: Option<Quantity>,
        /// What became of them.
        grade: Grade,
        /// How sure it is.
        arrival: Arrival,
    },

    /// A code or field the contract does not know, or a value of a form it doesn't allow.
    Unrecognised {
        /// Where, in the channel's spelling: `returnInvoices[].status`.
        path: String,
        /// The code; `None` for an unknown field or form.
        code: Option<String>,
    },
}

impl Tells {
    /// Sets when it happened.
    pub const fn at(self, when: When) -> Fact {
        Fact { when, tells: self }
    }
}

/// By what a document with these facts meets others.
pub fn links(facts: &[Fact]) -> Option<&Links> {
    facts
        .iter()
        .find_map(|fact| if let Tells::Links(links) = &fact.tells { Some(links) } else { None })
}

/// A mark that stands for a name without telling it: 64-bit FNV-1a, for telling names of one order
/// apart, not for hiding them from somebody who guesses.
pub fn name_mark(name: &str) -> Option<String> {
    let name = name.trim();
    let mix = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    (!name.is_empty()).then(|| format!("{:016x}", name.bytes().fold(0xcbf2_9ce4_8422_2325, mix)))
}

//! An order as it really is: what was sold, packed, claimed, sent back and refunded, and when.
//!
//! Times are instants; a step that has not happened has none. Quantities are pieces of a line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Story;

/// An order.
#[derive(Debug, Clone)]
pub struct Order {
    /// Its number in the market; the numbers every channel gives come from it. The story's own number.
    pub nth: u64,
    /// Whose, from 0.
    pub seller: usize,
    /// The marketplace it was sold on, from 0.
    pub place: usize,
    /// Who ordered, and where it goes.
    pub story: Story,
    /// What was ordered: one line or more.
    pub lines: Vec<Line>,
    /// When it was paid.
    pub paid_at: Timestamp,
    /// When the seller began to prepare it.
    pub confirmed_at: Option<Timestamp>,
    /// When the warehouse was told of it.
    pub stored_at: Option<Timestamp>,
    /// The parcels that carry it, in the order they were made; without those of exchanges.
    pub parcels: Vec<Parcel>,
    /// What was claimed, oldest first. Its place here is part of a claim's number for ever.
    pub claims: Vec<Claim>,
    /// What came back, or is expected back, as the warehouse books it.
    pub arrivals: Vec<Arrival>,
    /// When anything last changed.
    pub changed_at: Timestamp,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the catalogue, below 1000: the same goods of a seller, the same number, on every
    /// marketplace.
    pub sku: u32,
    /// What is sold.
    pub item: &'static str,
    /// Which variant.
    pub option: &'static str,
    /// Won for one piece.
    pub price: i64,
    /// Pieces ordered.
    pub quantity: u32,
}

/// Who carries parcels; each channel has its own code for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Courier {
    /// CJ대한통운, who carries what the warehouse sends and fetches.
    Cj,
    /// Whoever a caller named, by the code the caller's channel has for it.
    Named(String),
}

/// A parcel on its way to the buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its number in the order, from 1; part of the box's number for ever.
    pub number: u32,
    /// Who carries it.
    pub courier: Courier,
    /// Digits; empty for a box that has none yet.
    pub waybill: String,
    /// Pieces of each line, by place in [`Order::lines`].
    pub pieces: Vec<(usize, u32)>,
    /// When the warehouse printed the waybill, or the box was made.
    pub made_at: Timestamp,
    /// When the warehouse closed it: it left.
    pub closed_at: Option<Timestamp>,
    /// When the marketplace learned the waybill.
    pub told_at: Option<Timestamp>,
    /// When the marketplace was told that it left; some marketplaces ask for that beside the waybill.
    pub shipped_at: Option<Timestamp>,
    /// When the buyer got it.
    pub delivered_at: Option<Timestamp>,
    /// When it was taken apart before it left.
    pub cancelled_at: Option<Timestamp>,
}

/// A claim's number: the order's, and its place among the order's claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClaimNo {
    /// [`Order::nth`].
    pub order: u64,
    /// Its place in [`Order::claims`].
    pub at: usize,
}

/// What is claimed. A cancel whose goods had been sent already is a return from the moment that is
/// said, where marketplaces have it so ([`Stop::Stopped`](crate::Stop::Stopped)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The money back before the goods are sent.
    Cancel,
    /// The goods back for the money.
    Return,
    /// The goods back for other goods.
    Exchange,
}

/// Why something is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The buyer changed their mind.
    Mind,
    /// Another size or colour is wanted.
    Option,
    /// The goods are broken or wrong.
    Fault,
    /// The carrier or the warehouse erred.
    Delivery,
    /// The seller cannot supply.
    SoldOut,
}

/// Who is charged with the carriage of what goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Charged {
    /// Whoever ordered.
    Buyer,
    /// The seller.
    Seller,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed.
    pub what: What,
    /// Why.
    pub cause: Cause,
    /// Whether the seller cancelled, not the buyer.
    pub by_seller: bool,
    /// Who is charged with the carriage; now and then not whose fault it is.
    pub charged: Charged,
    /// Pieces of each line, by place in [`Order::lines`].
    pub pieces: Vec<(usize, u32)>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Whether it began before the goods were sent, so that the seller has to answer whether they
    /// still can be stopped.
    pub stops: bool,
    /// What became of stopping; `None` while nobody answered, or where nothing was to be stopped.
    pub decided: Option<(Timestamp, Decision)>,
    /// When the warehouse heard that these pieces are not to be sent. Nobody else knows.
    pub heard_at: Option<Timestamp>,
    /// The way back of the goods.
    pub collection: Option<Collection>,
    /// When the seller confirmed that the goods came back.
    pub received_at: Option<Timestamp>,
    /// When the money went back early, on the courier's scan or the receipt.
    pub pre_refunded_at: Option<Timestamp>,
    /// When the claim was completed: refunded, or the exchanged goods delivered.
    pub completed_at: Option<Timestamp>,
    /// Whether it was completed by itself.
    pub completed_itself: bool,
    /// When it was turned down, and the code that was given for it: empty where the seller's own staff
    /// or the marketplace did it.
    pub refused_at: Option<(Timestamp, String)>,
    /// When the buyer took it back.
    pub withdrawn_at: Option<Timestamp>,
    /// When the marketplace was asked to look into it.
    pub disputed_at: Option<Timestamp>,
    /// The parcel with the new goods of an exchange; [`Parcel::waybill`] is empty until it has one.
    pub new_parcel: Option<Parcel>,
    /// When anything about it last changed.
    pub changed_at: Timestamp,
}

/// Whether goods could be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// They were; the money goes back.
    Stopped,
    /// They had been sent already: the claim is a return now.
    Shipped,
    /// As before, found by the marketplace from the waybill. Where a cancel is a request
    /// ([`Stop::Requested`](crate::Stop::Requested)) it is turned down by that.
    ShippedItself,
}

/// The way back of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Who fetches it.
    pub courier: Courier,
    /// Digits; empty until there is one.
    pub waybill: String,
    /// The booking of a person who fetched it by hand, if there was one.
    pub booking: Option<String>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the courier had it.
    pub picked_at: Option<Timestamp>,
    /// When it reached the warehouse or the seller.
    pub delivered_at: Option<Timestamp>,
    /// When it failed.
    pub failed_at: Option<Timestamp>,
}

/// What the warehouse books about goods that come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The claim it belongs to, by place in [`Order::claims`]; `None` if nobody asked.
    pub claim: Option<usize>,
    /// When it was booked; goods that nobody expected are when they are counted.
    pub made_at: Timestamp,
    /// When the goods reached the centre.
    pub arrived_at: Option<Timestamp>,
    /// When they were counted and the ticket finished.
    pub done_at: Option<Timestamp>,
    /// When it was given up.
    pub cancelled_at: Option<Timestamp>,
    /// The waybill it came with; may be unknown.
    pub waybill: String,
    /// What was expected and what came, by line.
    pub pieces: Vec<Arrived>,
    /// When anything about it last changed.
    pub changed_at: Timestamp,
}

/// Pieces of a line that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// By place in [`Order::lines`].
    pub line: usize,
    /// Pieces expected.
    pub expected: u32,
    /// Pieces that came and can be sold again; `None` before they were counted.
    pub good: Option<u32>,
    /// Pieces that came and cannot; `None` before they were counted.
    pub unsellable: Option<u32>,
}

impl Order {
    /// Pieces of a line that are cancelled for good.
    pub fn cancelled(&self, line: usize) -> u32 {
        let done =
            self.claims.iter().filter(|claim| claim.what == What::Cancel && claim.is_completed());
        done.map(|claim| claim.of(line)).sum()
    }

    /// Whether every piece is cancelled for good.
    pub fn is_cancelled(&self) -> bool {
        self.lines.iter().enumerate().all(|(at, line)| self.cancelled(at) >= line.quantity)
    }

    /// Pieces of a line in claims that stand: asked for or completed, not withdrawn, not turned down.
    pub fn claimed(&self, line: usize) -> u32 {
        self.claims.iter().filter(|claim| claim.stands()).map(|claim| claim.of(line)).sum()
    }

    /// The first cancel that is asked for and not decided.
    pub fn cancel_asked(&self) -> Option<usize> {
        self.claims.iter().position(Claim::is_asked)
    }

    /// Won paid for these pieces.
    pub fn worth(&self, pieces: &[(usize, u32)]) -> i64 {
        pieces.iter().map(|(line, many)| self.lines[*line].price * i64::from(*many)).sum()
    }
}

impl Parcel {
    /// Whether it was not taken apart.
    pub const fn is_live(&self) -> bool {
        self.cancelled_at.is_none()
    }

    /// Pieces of a line in it.
    pub fn of(&self, line: usize) -> u32 {
        of(&self.pieces, line)
    }
}

impl Claim {
    /// Pieces of a line in it.
    pub fn of(&self, line: usize) -> u32 {
        of(&self.pieces, line)
    }

    /// All its pieces.
    pub fn total(&self) -> u32 {
        self.pieces.iter().map(|(_, many)| many).sum()
    }

    /// Whether it came to its end: the money is back, or the other goods delivered.
    pub const fn is_completed(&self) -> bool {
        self.completed_at.is_some()
    }

    /// Whether it was neither withdrawn nor turned down.
    pub const fn stands(&self) -> bool {
        self.withdrawn_at.is_none() && self.refused_at.is_none()
    }

    /// Whether it stands and is not completed.
    pub const fn is_open(&self) -> bool {
        self.stands() && !self.is_completed()
    }

    /// Whether it is a cancel that stops goods, asked for and not decided.
    pub const fn is_asked(&self) -> bool {
        self.stops && self.decided.is_none() && self.is_open()
    }
}

fn of(pieces: &[(usize, u32)], line: usize) -> u32 {
    pieces.iter().filter(|(at, _)| *at == line).map(|(_, many)| many).sum()
}

//! An order as it really is: what was sold, packed, claimed, sent back and refunded, and when.
//!
//! Times are instants; a step that has not happened has none. Quantities are pieces of a line.

use jiff::Timestamp;

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// When the buyer got it.
    pub delivered_at: Option<Timestamp>,
    /// When it was taken apart before it left.
    pub cancelled_at: Option<Timestamp>,
}

/// A claim's number: the order's, and its place among the order's claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimNo {
    /// [`Order::nth`].
    pub order: u64,
    /// Its place in [`Order::claims`].
    pub at: usize,
}

/// What is claimed.
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

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed.
    pub what: What,
    /// Why.
    pub cause: Cause,
    /// Whether the seller cancelled, not the buyer.
    pub by_seller: bool,
    /// Pieces of each line, by place in [`Order::lines`].
    pub pieces: Vec<(usize, u32)>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Whether it began before the goods were sent, so that the seller has to answer whether they
    /// still can be stopped.
    pub stops: bool,
    /// What became of stopping; `None` while nobody answered, or where nothing was to be stopped.
    pub decided: Option<(Timestamp, Decision)>,
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
    /// When the seller turned it down, and the code the seller gave for it.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They were; the money goes back.
    Stopped,
    /// They had been sent already: the claim is a return now.
    Shipped,
    /// As before, found by the marketplace from the waybill.
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
    /// When it was booked.
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

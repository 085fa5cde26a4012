//! How marketplaces differ, as data, and how large the market is.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The customs of a marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customs {
    /// What a buyer's cancel is once the goods are being prepared.
    pub stop: Stop,
    /// Whether buyers can exchange.
    pub exchanges: bool,
    /// Whether cheap goods are refunded when the courier scans the parcel that goes back.
    pub quick_refund: bool,
    /// Business days after the seller confirmed what came back at which the claim completes by
    /// itself; `None` if it waits for ever.
    pub completes_after: Option<u32>,
    /// Business days, counted to 16:00, at which a cancel that nobody answered is refunded by itself;
    /// `None` if it waits for ever.
    pub cancels_after: Option<u32>,
    /// Whether the waybill of an order turns a cancel down that was asked for and not decided.
    pub waybill_refuses_cancel: bool,
    /// How long after payment an order shows in lists.
    pub shown_after: SignedDuration,
    /// How long after the goods of an exchange came back the box for the new goods is there.
    pub box_after: SignedDuration,
}

/// What a buyer's cancel is once the goods are being prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A claim the seller must answer: stopped, or shipped already.
    Stopped,
    /// A request of its own that the seller grants; the claim exists once it is granted.
    Requested,
}

/// How large a market is, and how it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// The same seed, the same market.
    pub seed: u64,
    /// When it opens.
    pub opens_at: Timestamp,
    /// How many sellers.
    pub sellers: usize,
    /// Orders of one seller on one marketplace in a day, on average.
    pub orders_per_day: u32,
    /// Whether the market's sellers answer claims themselves, some hours late. `false` leaves them to
    /// whoever calls the channels; preparing, packing and closing go on.
    pub staffed: bool,
}

impl Default for Config {
    /// Three sellers, forty orders a day on each marketplace, from 2026-01-05 09:00 KST.
    fn default() -> Self {
        Self {
            seed: 1,
            opens_at: Timestamp::constant(1_767_571_200, 0),
            sellers: 3,
            orders_per_day: 40,
            staffed: true,
        }
    }
}

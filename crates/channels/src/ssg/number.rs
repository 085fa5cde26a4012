//! The numbers a market's orders, claims and shipments have here.
//!
//! Orders and claims share one series on SSG.COM, so claims begin where no order of a market comes to:
//! no claim's number is ever another order's.

use hoesu_market::ClaimNo;

use super::told::written;
use jiff::Timestamp;

/// A claim's digits begin here; orders' end before it.
const CLAIMS: u64 = 0x80_0000;

/// An order has no more claims than this in a number.
const PLACES: u64 = 8;

/// What goes out with an order.
const OUT: u64 = 10_000_000_000;
/// What comes back for a claim.
const BACK: u64 = 20_000_000_000;

/// What a shipment is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shipment {
    /// An order.
    Out(u64),
    /// A claim: back.
    Back(ClaimNo),
}

/// `yyyyMMdd` of the day and six upper-case hexadecimal digits. The time begins `yyyy-MM-dd`.
pub(super) fn numbered(time: &str, nth: u64) -> String {
    format!("{}{}{}{nth:06X}", &time[..4], &time[5..7], &time[8..10])
}

/// An order's `orordNo`.
pub(super) fn order(paid_at: Timestamp, nth: u64) -> String {
    numbered(&written(paid_at), nth)
}

/// A claim's own `ordNo`.
pub(super) fn claim(asked_at: Timestamp, claim: ClaimNo) -> String {
    numbered(&written(asked_at), CLAIMS + claim.order * PLACES + claim.at as u64)
}

/// A shipment's `shppNo`.
pub(super) const fn shipment(of: Shipment) -> u64 {
    match of {
        Shipment::Out(order) => OUT + order * PLACES,
        Shipment::Back(claim) => BACK + claim.order * PLACES + claim.at as u64,
    }
}

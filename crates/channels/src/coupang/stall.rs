//! Coupang as a simulated market plays it: its customs, and what it says of an order.

mod exchange;
mod receipt;
mod sheets;

use std::collections::BTreeMap;

use hoesu_claims::Media;
use hoesu_market::{Cause, Charged, Claim, ClaimNo, Courier, Customs, Order, Stop, What};
use jiff::{SignedDuration, Timestamp};

use super::ID;
use super::cea::VENDOR_ID;
use super::numbers;
use super::read::{EXCHANGE, ORDER_SHEET, RETURN, WITHDRAWAL};
use super::text::{self, REASON, Reason, SOLD_OUT, Withdrawal};
use crate::Invented;
use crate::stall::Stall;

/// How long a new order is in no list, and how long after its receipt an exchange has no box.
pub(super) const LATE: SignedDuration = SignedDuration::from_mins(10);

/// Coupang in a market.
pub(super) struct Counter;

impl Stall for Counter {
    /// After how many days a received return completes by itself is published nowhere.
    fn customs(&self) -> Option<Customs> {
        Some(Customs {
            stop: Stop::Stopped,
            exchanges: true,
            quick_refund: true,
            completes_after: Some(3),
            cancels_after: None,
            waybill_refuses_cancel: false,
            shown_after: LATE,
            box_after: LATE,
        })
    }

    /// Receipts are told as the current version of the calls writes them.
    fn tell(
        &self,
        order: &Order,
        sold_on: &str,
        settings: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Vec<(&'static str, Invented)> {
        if sold_on != ID || order.paid_at > now {
            return Vec::new();
        }
        let vendor = settings.get(VENDOR_ID).map(String::as_str).unwrap_or_default();
        let sheets = sheets::write(order).into_iter().map(|sheet| (ORDER_SHEET, sheet));
        let claims = order.claims.iter().enumerate().map(|(at, claim)| {
            let told = Told { order, claim, number: ClaimNo { order: order.nth, at } };
            match claim.what {
                What::Exchange => (EXCHANGE, exchange::write(&told, vendor)),
                What::Cancel | What::Return => match gone_at(claim) {
                    Some(at) => (WITHDRAWAL, told.withdrawal(vendor, at)),
                    None => (RETURN, receipt::write(&told)),
                },
            }
        });
        sheets.chain(claims).map(|(kind, body)| (kind, invented(body))).collect()
    }
}

fn invented(body: String) -> Invented {
    Invented { media: Media::Json, body: body.into_bytes(), marks: BTreeMap::new() }
}

/// A claim and the order it is about.
struct Told<'a> {
    order: &'a Order,
    claim: &'a Claim,
    number: ClaimNo,
}

impl Told<'_> {
    /// Why, in the channel's words.
    fn why(&self) -> Reason {
        let draw = |of| self.order.story.draw("reason", of) as usize;
        match self.claim.cause {
            Cause::Mind => REASON[0],
            Cause::Option => REASON[1 + draw(2)],
            Cause::Fault => REASON[3 + draw(2)],
            Cause::Delivery => REASON[5],
            Cause::SoldOut => SOLD_OUT,
        }
    }

    /// Pieces of the whole claim.
    fn pieces(&self) -> i64 {
        self.claim.pieces.iter().map(|(_, pieces)| i64::from(*pieces)).sum()
    }

    /// A claim taken back: the receipt is told no more.
    fn withdrawal(&self, vendor: &str, at: Timestamp) -> String {
        let items = self.claim.pieces.iter().map(|(line, _)| item(self.order, *line));
        let withdrawal = Withdrawal {
            receipt: numbers::receipt(self.number),
            order: numbers::order(self.order.nth),
            vendor,
            duty: if self.buyer_pays() { "CUS" } else { "COM" },
            created: text::kst(at),
            items: items.collect(),
        };
        withdrawal.write()
    }

    /// Whether the way back is the buyer's to pay, whosever fault it is: now and then the two don't
    /// agree.
    fn buyer_pays(&self) -> bool {
        self.claim.charged == Charged::Buyer
    }
}

/// When a receipt vanished: the buyer took it back, or the goods' return was not granted, which an
/// agent enters as the same.
fn gone_at(claim: &Claim) -> Option<Timestamp> {
    claim.withdrawn_at.or_else(|| claim.refused_at.as_ref().map(|(at, _)| *at))
}

/// The option of a line.
fn item(order: &Order, line: usize) -> u64 {
    let line = &order.lines[line];
    text::vendor_item(line.item, line.option)
}

/// The courier's code.
const fn code(courier: &Courier) -> &str {
    match courier {
        Courier::Cj => "CJGLS",
        Courier::Named(code) => code.as_str(),
    }
}

/// The last of these instants.
fn latest(first: Timestamp, then: impl IntoIterator<Item = Option<Timestamp>>) -> Timestamp {
    then.into_iter().flatten().fold(first, Timestamp::max)
}

#[cfg(test)]
mod tests;

//! SSG.COM as a market plays it: its customs, and the rows it tells of an order.
//!
//! A request to cancel is told for as long as it is undecided. How it ended is told by no row: its
//! document is marked [`Moment::Gone`], which no answer shows.

mod codes;
mod goods;
mod sent;

use std::collections::BTreeMap;

use hoesu_claims::document::Marks;
use hoesu_claims::{Media, Moment};
use hoesu_market::{Claim, ClaimNo, Customs, Decision, Order, Stop, What};
use jiff::{SignedDuration, Timestamp};

pub(super) use self::codes::{COURIERS, REFUSALS};
use self::codes::{cancel_reason, medium};

use super::number;
use super::read::{CANCEL, CANCEL_REQUEST, ORDER, RETURN, SHIPMENT};
use super::told::{Cancel, Line, Ordered, Person, Request, written};
use super::{ID, invent};
use crate::Invented;
use crate::stall::Stall;

/// SSG.COM in a market.
pub(super) struct Place;

/// The number of the first of a seller's goods.
const ITEMS: u64 = 1_000_030_000_000;

/// What it was like, where a document or a client says so; the rest is ours. An unanswered request is
/// refunded two business days later at 16:00; what came back completes itself three business days
/// after the seller confirmed it; a waybill turns an open request down.
static CUSTOMS: Customs = Customs {
    stop: Stop::Requested,
    exchanges: true,
    quick_refund: false,
    completes_after: Some(3),
    cancels_after: Some(2),
    waybill_refuses_cancel: true,
    shown_after: SignedDuration::ZERO,
    box_after: SignedDuration::from_hours(1),
};

impl Stall for Place {
    fn customs(&self) -> Option<Customs> {
        Some(CUSTOMS)
    }

    fn tell(
        &self,
        order: &Order,
        sold_on: &str,
        _: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Vec<(&'static str, Invented)> {
        if sold_on != ID || order.paid_at > now {
            return Vec::new();
        }
        let told = Told { order, number: number::order(order.paid_at, order.nth) };
        let mut rows = Vec::new();
        told.ordered(&mut rows);
        sent::order(&told, &mut rows);
        for (at, claim) in order.claims.iter().enumerate() {
            let no = ClaimNo { order: order.nth, at };
            let number = number::claim(claim.asked_at, no);
            match claim.what {
                What::Cancel => {
                    told.asked(claim, &number, &mut rows);
                    told.cancelled(claim, &number, &mut rows);
                }
                What::Return | What::Exchange => {
                    told.asked(claim, &number, &mut rows);
                    goods::returned(&told, claim, no, &number, &mut rows);
                    sent::again(&told, claim, no, &number, &mut rows);
                }
            }
        }
        rows
    }
}

type Rows = Vec<(&'static str, Invented)>;

/// An order as it is told.
struct Told<'o> {
    order: &'o Order,
    /// `orordNo`.
    number: String,
}

/// When a cancel became final.
fn final_at(claim: &Claim) -> Option<Timestamp> {
    let stopped = match claim.decided {
        Some((at, Decision::Stopped)) => Some(at),
        Some((_, Decision::Shipped | Decision::ShippedItself)) | None => None,
    };
    claim.completed_at.or(stopped).filter(|_| claim.what == What::Cancel)
}

/// When a request to cancel was decided or taken back.
fn ended_at(claim: &Claim) -> Option<Timestamp> {
    let decided = claim.decided.map(|(at, _)| at);
    let refused = claim.refused_at.as_ref().map(|(at, _)| *at);
    [decided, refused, claim.withdrawn_at, claim.completed_at].into_iter().flatten().min()
}

impl Told<'_> {
    /// A line, by its place; `None` if there is none.
    fn line(&self, at: usize) -> Option<Line<'_>> {
        let sold = self.order.lines.get(at)?;
        let (variant, variant_name) = invent::variant_of(sold.option, u64::from(sold.sku) + 1);
        Some(Line {
            order: &self.number,
            number: at as u64 + 1,
            item: ITEMS + u64::from(sold.sku),
            item_name: sold.item,
            variant,
            variant_name,
        })
    }

    /// The claimed lines and their pieces.
    fn claimed<'t>(&'t self, claim: &'t Claim) -> impl Iterator<Item = (usize, Line<'t>, u64)> {
        let claimed = claim.pieces.iter().filter(|(_, pieces)| *pieces > 0);
        claimed.filter_map(|(at, pieces)| Some((*at, self.line(*at)?, u64::from(*pieces))))
    }

    /// The order's own list: each line, and what claims took of it.
    fn ordered(&self, rows: &mut Rows) {
        let order = self.order;
        let ordered = written(order.paid_at);
        for (at, sold) in order.lines.iter().enumerate() {
            let Some(line) = self.line(at) else { continue };
            let cancels = order.claims.iter().filter(|claim| final_at(claim).is_some());
            let cancelled = cancels.map(|claim| u64::from(claim.of(at))).sum();
            let sent = order.parcels.iter().filter(|parcel| parcel.shipped_at.is_some());
            let quantity = u64::from(sold.quantity);
            let row = Ordered {
                number: &self.number,
                line,
                division: "011",
                status: if cancelled == quantity {
                    "180"
                } else if order.confirmed_at.is_some() {
                    "140"
                } else {
                    "130"
                },
                quantity,
                cancelled,
                sent: sent.map(|parcel| u64::from(parcel.of(at))).sum(),
                at: &ordered,
            };
            rows.push((ORDER, json(row.body())));
        }
        for (at, claim) in order.claims.iter().enumerate() {
            let division = match claim.what {
                What::Cancel if final_at(claim).is_some() => "021",
                What::Return => "031",
                What::Exchange => "041",
                What::Cancel => continue,
            };
            let number = number::claim(claim.asked_at, ClaimNo { order: order.nth, at });
            for (_, line, quantity) in self.claimed(claim) {
                let row = Ordered {
                    number: &number,
                    line,
                    division,
                    status: if division == "021" { "180" } else { "140" },
                    quantity,
                    cancelled: if division == "021" { quantity } else { 0 },
                    sent: 0,
                    at: &ordered,
                };
                rows.push((ORDER, json(row.body())));
            }
        }
    }

    /// A request to cancel, for as long as it is undecided; marked once it is not.
    fn asked(&self, claim: &Claim, number: &str, rows: &mut Rows) {
        if !claim.stops || claim.by_seller {
            return;
        }
        let (reason, _, words) = cancel_reason(claim.cause);
        for (_, line, quantity) in self.claimed(claim) {
            let row =
                Request { number, line, asked: &written(claim.asked_at), quantity, reason, words };
            let mut told = json(row.body());
            told.marks.extend(ended_at(claim).map(|at| (Moment::Gone, at)));
            rows.push((CANCEL_REQUEST, told));
        }
    }

    /// A final cancel.
    fn cancelled(&self, claim: &Claim, number: &str, rows: &mut Rows) {
        let Some(at) = final_at(claim) else { return };
        let (reason, reason_name, words) = cancel_reason(claim.cause);
        let story = &self.order.story;
        for (place, line, quantity) in self.claimed(claim) {
            let row = Cancel {
                buyer: &story.name,
                medium: medium(story),
                line,
                number,
                reason: (reason, reason_name),
                words,
                fault: if claim.by_seller { "20" } else { codes::cancel_fault(claim.cause) },
                cancelled: &written(at),
                quantity,
                ordered: &written(self.order.paid_at),
                ordered_quantity: u64::from(self.order.lines[place].quantity),
                shipping: 0,
                discount: 0,
            };
            rows.push((CANCEL, json(row.body())));
        }
    }
}

impl<'o> Told<'o> {
    /// Who ordered, and where the goods go or are.
    fn person(&self) -> Person<'o> {
        let story = &self.order.story;
        Person {
            name: &story.name,
            phone: &story.phone,
            address: &story.address,
            detail: &story.address_detail,
            postcode: &story.postcode,
        }
    }
}

/// A row without marks.
fn json(body: Vec<u8>) -> Invented {
    Invented { media: Media::Json, body, marks: Marks::new() }
}

#[cfg(test)]
pub(super) mod tests;

//! Claiming: how a claim begins, which pieces it is about, why, and how it is taken back.

use jiff::SignedDuration;

use crate::happened::Thing;
use crate::rates::{CHARGED_WRONG, GIVEN_UP, REVIVED_LATE, REVIVED_SOON};
use crate::turn::Turn;
use crate::{Cause, Charged, Claim, Order, What};

/// A claim's place in its order has one digit of eight.
const CLAIMS: usize = 8;
/// Claims buyers make; the rest is for what callers do.
const CLAIMS_OF_BUYERS: usize = 5;

impl Order {
    /// Pieces of each line nobody claims.
    pub(crate) fn unclaimed(&self) -> Vec<(usize, u32)> {
        let lines = self.lines.iter().enumerate();
        let rest = lines.map(|(at, line)| (at, line.quantity.saturating_sub(self.claimed(at))));
        rest.filter(|(_, many)| *many > 0).collect()
    }

    /// Pieces of each line the buyer has and nobody claims.
    pub(crate) fn returnable(&self) -> Vec<(usize, u32)> {
        let had = |line| -> u32 {
            let got = self.parcels.iter().filter(|parcel| parcel.delivered_at.is_some());
            got.map(|parcel| parcel.of(line)).sum()
        };
        let rest = self.unclaimed().into_iter().map(|(line, many)| (line, many.min(had(line))));
        rest.filter(|(_, many)| *many > 0).collect()
    }

    /// Whether one more claim has a number.
    pub(crate) const fn can_be_claimed(&self) -> bool {
        self.claims.len() < CLAIMS
    }
}

impl Turn<'_> {
    /// Whether a buyer still bothers.
    pub(crate) const fn buyer_claims(&self) -> bool {
        self.held.order.claims.len() < CLAIMS_OF_BUYERS
    }

    /// All these pieces, or some of them.
    pub(crate) fn some_of(
        &self,
        purpose: &str,
        which: usize,
        pieces: Vec<(usize, u32)>,
        part: u64,
    ) -> Vec<(usize, u32)> {
        let total: u32 = pieces.iter().map(|(_, many)| many).sum();
        if total < 2 || !self.chance(purpose, which, part) {
            return pieces;
        }
        let (line, many) = pieces[self.draw("part-line", which, pieces.len() as u64) as usize];
        let most = if pieces.len() > 1 { many } else { many - 1 };
        vec![(line, 1 + self.draw("part-many", which, u64::from(most)) as u32)]
    }

    /// A new claim of these pieces; its place in the order.
    pub(crate) fn claim(&mut self, what: What, cause: Cause, pieces: Vec<(usize, u32)>) -> usize {
        let at = self.held.order.claims.len();
        let buyers = match cause {
            Cause::Mind | Cause::Option => true,
            Cause::Fault | Cause::Delivery | Cause::SoldOut => false,
        };
        let buyer =
            buyers != (what != What::Cancel && self.chance("charged-wrong", at, CHARGED_WRONG));
        self.held.order.claims.push(Claim {
            what,
            cause,
            by_seller: false,
            charged: if buyer { Charged::Buyer } else { Charged::Seller },
            pieces,
            asked_at: self.at,
            stops: false,
            decided: None,
            heard_at: None,
            collection: None,
            received_at: None,
            pre_refunded_at: None,
            completed_at: None,
            completed_itself: false,
            refused_at: None,
            withdrawn_at: None,
            disputed_at: None,
            new_parcel: None,
            changed_at: self.at,
        });
        at
    }

    /// Why a buyer claims, for the claim that comes next.
    pub(crate) fn cause(&self, what: What) -> Cause {
        let drawn = self.draw("cause", self.held.order.claims.len(), 100);
        match what {
            What::Cancel => match drawn {
                0..65 => Cause::Mind,
                65..85 => Cause::Option,
                _ => Cause::Delivery,
            },
            What::Return => match drawn {
                0..45 => Cause::Mind,
                45..62 => Cause::Option,
                62..88 => Cause::Fault,
                _ => Cause::Delivery,
            },
            What::Exchange => match drawn {
                0..60 => Cause::Option,
                60..92 => Cause::Fault,
                _ => Cause::Delivery,
            },
        }
    }

    /// The buyer takes a claim back, if it is not too late.
    pub(crate) fn withdraw(&mut self, at: usize) {
        let claim = &mut self.held.order.claims[at];
        let late = claim.received_at.is_some() || claim.pre_refunded_at.is_some();
        if !claim.is_open() || claim.decided.is_some() || late {
            return;
        }
        claim.withdrawn_at = Some(self.at);
        let heard = claim.heard_at.is_some();
        let picked = claim.collection.as_ref().is_some_and(|way| way.picked_at.is_some());
        let what = claim.what;
        self.forget(|event| event.staff() == Some(at));
        match what {
            What::Cancel => {
                self.happen(Some(at), Thing::CancelWithdrawn);
                self.tell_soon();
                if heard && self.chance("revived-soon", at, REVIVED_SOON) {
                    self.pack_again(SignedDuration::from_mins(40));
                } else if heard && self.chance("revived-late", at, REVIVED_LATE) {
                    self.pack_again(SignedDuration::from_hours(60));
                }
            }
            What::Return => self.happen(Some(at), Thing::ReturnWithdrawn),
            What::Exchange => self.happen(Some(at), Thing::ExchangeWithdrawn),
        }
        if !picked {
            self.forget(|event| event.carriage() == Some(at));
            self.give_ticket_up(at, GIVEN_UP);
        }
    }
}

//! Cancelling: what buyers and sellers take back before the goods are sent, and who hears of it.

use hoesu_claims::time::{kst_day, plus_days};
use jiff::SignedDuration;

use crate::agenda::Event;
use crate::happened::Thing;
use crate::rates::{
    CANCEL_AGAIN, CANCEL_PART, CANCEL_WITHDRAWN, HEARD_LATE, HEARD_SOON, HEARD_WHEN_DECIDED,
    UNANSWERED,
};
use crate::turn::Turn;
use crate::{Cause, Charged, Decision, Stop, What, hours};

/// The hour at which a marketplace pays back cancels nobody answered.
const REFUNDS_AT: i8 = 16;
/// The hour at which it pays back what the seller cannot supply, the day after.
const SOLD_OUT_REFUNDS_AT: i8 = 17;

impl Turn<'_> {
    /// The buyer cancels, if the marketplace does not know of a parcel yet.
    pub(crate) fn ask_cancel(&mut self, nth: usize) {
        let pieces = self.held.order.unclaimed();
        if pieces.is_empty() || self.held.order.is_told() || !self.buyer_claims() {
            return;
        }
        let pieces = self.some_of("cancel-part", nth, pieces, CANCEL_PART);
        let cause = self.cause(What::Cancel);
        let at = self.claim(What::Cancel, cause, pieces);
        if nth == 0 && self.chance("cancel-again", 0, CANCEL_AGAIN) {
            let after = self.hours("cancel-again-after", 0, 1, 20);
            self.later(after, Event::AskCancel(1));
        }
        if self.held.order.confirmed_at.is_none() {
            self.held.order.claims[at].completed_at = Some(self.at);
            self.happen(Some(at), Thing::CancelCompleted);
            return;
        }
        self.held.order.claims[at].stops = true;
        self.happen(Some(at), Thing::CancelAsked);
        if let Some(days) = self.customs.cancels_after {
            let day = self.calendar.plus_business_days(kst_day(self.at), days);
            self.on(hours::hour(day, REFUNDS_AT), Event::RefundCancel(at));
        }
        if self.chance("cancel-withdrawn", at, CANCEL_WITHDRAWN) {
            let after = self.hours("cancel-withdrawn-after", at, 1, 20);
            self.later(after, Event::Withdraw(at));
        }
        if self.chance("heard-soon", at, HEARD_SOON) {
            let after = self.minutes("heard", at, 3, 45);
            self.later(after, Event::Hear(at));
        } else if self.chance("heard-late", at, HEARD_LATE) {
            let after = self.hours("heard", at, 3, 24);
            self.later(after, Event::Hear(at));
        }
        if self.staffed && !self.chance("unanswered", at, UNANSWERED) {
            let after = self.minutes("decide", at, 25, 720);
            self.at_work(after, Event::Decide(at));
        }
    }

    /// The warehouse hears of a cancel, in time or not.
    pub(crate) fn hear(&mut self, at: usize) {
        let order = &self.held.order;
        let claim = &order.claims[at];
        if claim.heard_at.is_some() || !claim.stands() || claim.what != What::Cancel {
            return;
        }
        let late = order.has_left(&claim.pieces);
        let pieces = claim.pieces.clone();
        self.held.order.claims[at].heard_at = Some(self.at);
        let thing = if late { Thing::CancelHeardLate } else { Thing::CancelHeard };
        self.happen(Some(at), thing);
        self.take_apart(&pieces);
    }

    /// It is known what became of stopping goods.
    pub(crate) fn decided(&mut self, at: usize, decision: Decision) {
        let stop = self.customs.stop;
        let now = self.at;
        let claim = &mut self.held.order.claims[at];
        claim.decided = Some((now, decision));
        let unheard = claim.heard_at.is_none();
        let thing = match (decision, stop) {
            (Decision::Stopped, Stop::Stopped | Stop::Requested) => {
                claim.completed_at = Some(now);
                Thing::CancelStopped
            }
            (Decision::Shipped | Decision::ShippedItself, Stop::Requested) => {
                claim.refused_at = Some((now, String::new()));
                Thing::CancelTurnedDown
            }
            (Decision::Shipped, Stop::Stopped) => {
                claim.what = What::Return;
                claim.charged = Charged::Seller;
                Thing::CancelShipped
            }
            (Decision::ShippedItself, Stop::Stopped) => {
                claim.what = What::Return;
                claim.charged = Charged::Seller;
                Thing::CancelShippedItself
            }
        };
        let goes_back = claim.is_open();
        self.forget(|event| {
            event.staff() == Some(at)
                || event == Event::RefundCancel(at)
                || event == Event::FindShipped(at)
                || event == Event::Withdraw(at)
        });
        self.happen(Some(at), thing);
        self.tell_soon();
        match decision {
            Decision::Stopped => {
                self.note_left(at);
                if unheard && self.chance("heard-decided", at, HEARD_WHEN_DECIDED) {
                    let after = self.minutes("heard-decided-after", at, 3, 50);
                    self.later(after, Event::Hear(at));
                }
            }
            Decision::Shipped | Decision::ShippedItself => {
                self.pack_again(SignedDuration::from_mins(30));
                if goes_back {
                    let after = self.hours("fetch-sent", at, 30, 60);
                    self.later(after, Event::AskCollect(at, 0));
                }
            }
        }
    }

    /// Parcels the marketplace did not want to know of are told again.
    pub(crate) fn tell_soon(&mut self) {
        for at in 0..self.held.order.parcels.len() {
            let parcel = &self.held.order.parcels[at];
            if parcel.is_live() && parcel.closed_at.is_some() && parcel.shipped_at.is_none() {
                let after = self.minutes("tell-again", at, 2, 30);
                self.forget(|event| event == Event::Tell(at));
                self.later(after, Event::Tell(at));
            }
        }
    }

    /// Nobody answered: the marketplace pays back.
    pub(crate) fn refund_cancel(&mut self, at: usize) {
        if !self.held.order.claims[at].is_asked() {
            return;
        }
        let claim = &mut self.held.order.claims[at];
        claim.decided = Some((self.at, Decision::Stopped));
        claim.completed_at = Some(self.at);
        claim.completed_itself = true;
        self.forget(|event| event.staff() == Some(at) || event == Event::Withdraw(at));
        self.happen(Some(at), Thing::CancelRefundedItself);
        self.note_left(at);
        self.tell_soon();
    }

    /// Nobody answered: the marketplace finds from the courier that the goods left.
    pub(crate) fn find_shipped(&mut self, at: usize) {
        let order = &self.held.order;
        let claim = &order.claims[at];
        if claim.is_asked() && order.has_left(&claim.pieces) {
            self.decided(at, Decision::ShippedItself);
        }
    }

    /// The seller says what cannot be supplied.
    pub(crate) fn sell_out(&mut self) {
        let rest = self.held.order.unclaimed().into_iter();
        let pieces: Vec<_> = rest
            .map(|(line, many)| (line, many.min(self.short(line))))
            .filter(|(_, many)| *many > 0)
            .collect();
        if !pieces.is_empty() && self.held.order.can_be_claimed() {
            let at = self.cancel_by_seller(pieces);
            self.held.order.claims[at].heard_at = Some(self.at);
        }
    }

    /// The seller cancels: the money goes back at once, or the next day where a cancel is a request.
    pub(crate) fn cancel_by_seller(&mut self, pieces: Vec<(usize, u32)>) -> usize {
        let at = self.claim(What::Cancel, Cause::SoldOut, pieces);
        self.held.order.claims[at].by_seller = true;
        match self.customs.stop {
            Stop::Stopped => self.held.order.claims[at].completed_at = Some(self.at),
            Stop::Requested => {
                let day = plus_days(kst_day(self.at), 1);
                self.on(hours::hour(day, SOLD_OUT_REFUNDS_AT), Event::RefundSoldOut(at));
            }
        }
        self.happen(Some(at), Thing::CancelledBySeller);
        self.note_left(at);
        at
    }

    /// What was cancelled just now may have left before.
    fn note_left(&mut self, at: usize) {
        let order = &self.held.order;
        if order.has_left(&order.claims[at].pieces) {
            self.happen(Some(at), Thing::CancelledLeft);
        }
    }

    /// The marketplace pays back what the seller cannot supply.
    pub(crate) fn refund_sold_out(&mut self, at: usize) {
        self.held.order.claims[at].completed_at = Some(self.at);
        self.happen(Some(at), Thing::SoldOutRefunded);
    }
}

//! Collecting: how goods travel back, or do not.

use crate::agenda::Event;
use crate::happened::Thing;
use crate::rates::{
    ASKED_AGAIN, BOOKED_EARLY, BROUGHT_LATE, FAILED, FETCHED_LATE, LOSS_PAID, LOST, SENT_BY_BUYER,
    STALLED,
};
use crate::turn::Turn;
use crate::{Collection, Courier, What, hours};

/// The waybill of what goes back for the nth collection of a claim.
fn waybill(nth: u64, claim: usize, again: usize) -> String {
    format!("{}{:08}", 5209 + again, (nth * 8 + claim as u64) % 100_000_000)
}

impl Turn<'_> {
    /// A courier is asked to fetch what goes back; some buyers send it themselves.
    pub(crate) fn ask_collect(&mut self, at: usize, nth: usize) {
        let claim = &self.held.order.claims[at];
        let fetched = claim.collection.as_ref().is_some_and(|way| way.failed_at.is_none());
        if !claim.stands() || fetched {
            return;
        }
        if nth == 0 && self.chance("sent-by-buyer", at, SENT_BY_BUYER) {
            let after = self.hours("sent-by-buyer-after", at, 20, 72);
            self.at_work(after, Event::Arrive(at));
            return;
        }
        self.held.order.claims[at].collection = Some(Collection {
            courier: Courier::Cj,
            waybill: waybill(self.held.order.nth, at, nth),
            booking: None,
            asked_at: self.at,
            picked_at: None,
            delivered_at: None,
            failed_at: None,
        });
        self.happen(Some(at), Thing::CollectionAsked);
        if self.chance("booked-early", at, BOOKED_EARLY) {
            self.book(at);
        }
        self.send_courier(at, nth);
    }

    /// A courier is on the way, or nobody is.
    pub(crate) fn send_courier(&mut self, at: usize, nth: usize) {
        let which = at * 8 + nth;
        let into = self.minutes("fetch-round", which, 0, 540);
        if self.chance("stalled", which, STALLED) {
            self.on(hours::round(self.at, 2, into), Event::Stall(at));
        } else if self.chance("failed", which, FAILED) {
            self.on(hours::round(self.at, 1, into), Event::Fail(at));
        } else {
            let days = 1 + i64::from(self.chance("fetched-late", which, FETCHED_LATE));
            self.on(hours::round(self.at, days, into), Event::Pick(at));
        }
    }

    /// A courier fetches; cheap goods are refunded on the scan where that is the custom.
    pub(crate) fn pick(&mut self, at: usize) {
        let quick = self.is_quick(at);
        let claim = &mut self.held.order.claims[at];
        let Some(way) = claim.collection.as_mut() else { return };
        way.picked_at = Some(self.at);
        let early = quick && claim.is_open() && claim.received_at.is_none();
        if early {
            claim.pre_refunded_at = Some(self.at);
        }
        self.happen(Some(at), Thing::CollectionPicked);
        if early {
            self.happen(Some(at), Thing::RefundedEarly);
        }
        let into = self.minutes("bring-round", at, 0, 400);
        if self.chance("lost", at, LOST) {
            self.on(hours::round(self.at, 2, into), Event::Lose(at));
        } else {
            let days = 1 + i64::from(self.chance("brought-late", at, BROUGHT_LATE));
            self.on(hours::round(self.at, days, into), Event::Bring(at));
        }
    }

    /// A courier meets nobody.
    pub(crate) fn fail(&mut self, at: usize) {
        if let Some(way) = self.held.order.claims[at].collection.as_mut() {
            way.failed_at = Some(self.at);
        }
        self.happen(Some(at), Thing::CollectionFailed);
        if self.chance("asked-again", at, ASKED_AGAIN) {
            let after = self.hours("asked-again-after", at, 12, 40);
            self.later(after, Event::AskCollect(at, 1));
        } else {
            self.give_ticket_up(at, 1000);
        }
    }

    /// Nobody comes; nothing tells.
    pub(crate) fn stall(&mut self, at: usize) {
        self.happen(Some(at), Thing::CollectionStalled);
    }

    /// A courier brings back what was fetched.
    pub(crate) fn bring(&mut self, at: usize) {
        if let Some(way) = self.held.order.claims[at].collection.as_mut() {
            way.delivered_at = Some(self.at);
        }
        self.happen(Some(at), Thing::CollectionDelivered);
        let after = self.minutes("unload", at, 5, 200);
        self.at_work(after, Event::Arrive(at));
    }

    /// A courier has lost what was fetched; the marketplace may pay for it.
    pub(crate) fn lose(&mut self, at: usize) {
        self.happen(Some(at), Thing::CollectionLost);
        let pays = self.held.order.claims[at].what == What::Return;
        if pays && self.chance("loss-paid", at, LOSS_PAID) {
            let after = self.hours("loss-paid-after", at, 18, 60);
            self.later(after, Event::Settle(at));
        }
    }

    /// The marketplace pays for what was lost, or decides a dispute.
    pub(crate) fn settle(&mut self, at: usize) {
        let claim = &self.held.order.claims[at];
        if !claim.is_open() {
            return;
        }
        let disputed = claim.disputed_at.is_some();
        if disputed && !self.chance("dispute-lost", at, crate::rates::DISPUTE_LOST) {
            self.refuse(at, String::new(), Thing::DisputeWon);
        } else {
            self.complete(at, true, Thing::ReturnSettled);
        }
    }
}

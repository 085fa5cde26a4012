//! The seller's staff: answers claims when people work, some late, some wrongly, some never.

use crate::agenda::Event;
use crate::happened::Thing;
use crate::rates::{
    DISPUTED, RECEIVED_LATE, RECEIVED_NEVER, REFUSED, STOPPED_IN_ERROR, UNAPPROVED,
};
use crate::turn::Turn;
use crate::{Decision, Stop, What};

impl Turn<'_> {
    /// Staff answers whether goods could be stopped.
    pub(crate) fn staff_decides(&mut self, at: usize) {
        let order = &self.held.order;
        let claim = &order.claims[at];
        if !claim.is_asked() {
            return;
        }
        let left = order.has_left(&claim.pieces);
        let sent = left && !self.chance("stopped-in-error", at, STOPPED_IN_ERROR);
        match (sent, self.customs.stop) {
            (false, Stop::Stopped | Stop::Requested) => self.decided(at, Decision::Stopped),
            (true, Stop::Stopped) => self.decided(at, Decision::Shipped),
            // A request is turned down by the waybill alone.
            (true, Stop::Requested) => {}
        }
    }

    /// Goods of a claim were counted: staff will look at it, once.
    pub(crate) fn staff_will_receive(&mut self, at: usize) {
        let claim = &self.held.order.claims[at];
        let waits = claim.is_open() && claim.received_at.is_none();
        if !self.staffed || !waits || self.chance("received-never", at, RECEIVED_NEVER) {
            return;
        }
        self.forget(|event| event == Event::Receive(at));
        if self.chance("refused", at, REFUSED) {
            let after = self.hours("refused-after", at, 1, 9);
            self.at_work(after, Event::Refuse(at));
            return;
        }
        let after = if self.chance("received-late", at, RECEIVED_LATE) {
            self.hours("receive", at, 60, 120)
        } else {
            self.minutes("receive", at, 20, 300)
        };
        self.at_work(after, Event::Receive(at));
    }

    /// Staff confirms that goods came back.
    pub(crate) fn staff_receives(&mut self, at: usize) {
        let claim = &self.held.order.claims[at];
        if claim.is_open() && claim.received_at.is_none() {
            self.receive(at);
        }
    }

    /// What was received is completed next, disputed, or forgotten.
    pub(crate) fn staff_will_approve(&mut self, at: usize) {
        if !self.staffed {
            return;
        }
        if self.chance("disputed", at, DISPUTED) {
            let after = self.hours("disputed-after", at, 1, 10);
            self.at_work(after, Event::Dispute(at));
        } else if !self.chance("unapproved", at, UNAPPROVED) {
            let after = self.minutes("approve", at, 20, 1200);
            self.at_work(after, Event::Approve(at));
        }
    }

    /// Staff completes a return.
    pub(crate) fn staff_approves(&mut self, at: usize) {
        let claim = &self.held.order.claims[at];
        if claim.is_open() && claim.received_at.is_some() {
            self.complete(at, false, Thing::ReturnApproved);
        }
    }

    /// Staff turns a return or an exchange down.
    pub(crate) fn staff_refuses(&mut self, at: usize) {
        let claim = &self.held.order.claims[at];
        if !claim.is_open() || claim.received_at.is_some() || claim.pre_refunded_at.is_some() {
            return;
        }
        match claim.what {
            What::Return => self.refuse(at, String::new(), Thing::ReturnRefused),
            What::Exchange => self.refuse(at, String::new(), Thing::ExchangeRefused),
            What::Cancel => {}
        }
    }

    /// Staff asks the marketplace to look into a return.
    pub(crate) fn dispute(&mut self, at: usize) {
        if !self.held.order.claims[at].is_open() {
            return;
        }
        self.held.order.claims[at].disputed_at = Some(self.at);
        self.forget(|event| event.staff() == Some(at) || event == Event::CompleteItself(at));
        self.happen(Some(at), Thing::ReturnDisputed);
        let after = self.hours("settle", at, 8, 40);
        self.at_work(after, Event::Settle(at));
    }
}

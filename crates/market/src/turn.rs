//! A turn: one order, one instant, and everything that may be looked at or changed then.

use std::collections::BTreeSet;

use hoesu_claims::Calendar;
use jiff::{SignedDuration, Timestamp};

use crate::agenda::{Event, Held, Slot, Todo};
use crate::chance::draw;
use crate::happened::Thing;
use crate::{Customs, Happened, hours};

/// One order at an instant.
pub(crate) struct Turn<'a> {
    pub(crate) at: Timestamp,
    pub(crate) seed: u64,
    /// Whether the seller's staff answers claims.
    pub(crate) staffed: bool,
    pub(crate) customs: Customs,
    pub(crate) calendar: &'a Calendar,
    pub(crate) held: &'a mut Held,
    pub(crate) agenda: &'a mut BTreeSet<Slot>,
    pub(crate) happened: &'a mut Vec<Happened>,
    /// Whether a caller of a channel does it.
    pub(crate) by_caller: bool,
    /// Whether anything happened.
    pub(crate) changed: bool,
}

impl Turn<'_> {
    /// A number below `of`, always the same for this order and purpose.
    pub(crate) fn draw(&self, purpose: &str, which: usize, of: u64) -> u64 {
        draw(self.seed, self.held.order.nth, purpose, which, of)
    }

    /// Whether something of this rate happens to this order.
    pub(crate) fn chance(&self, purpose: &str, which: usize, per_mille: u64) -> bool {
        self.draw(purpose, which, 1000) < per_mille
    }

    /// So many minutes, to the second.
    pub(crate) fn minutes(
        &self,
        purpose: &str,
        which: usize,
        from: u32,
        to: u32,
    ) -> SignedDuration {
        let span = u64::from(to.saturating_sub(from)) * 60;
        let drawn = self.draw(purpose, which, span.max(1));
        SignedDuration::from_secs(i64::from(from) * 60 + drawn as i64)
    }

    /// So many hours, to the second.
    pub(crate) fn hours(&self, purpose: &str, which: usize, from: u32, to: u32) -> SignedDuration {
        self.minutes(purpose, which, from * 60, to * 60)
    }

    /// Puts something on the order's agenda, in the next second at the earliest.
    pub(crate) fn on(&mut self, at: Timestamp, event: Event) {
        let at = at.max(hours::after(self.at, SignedDuration::ZERO));
        let seq = self.held.seq;
        self.held.seq += 1;
        self.held.todo.push(Todo { at, seq, event });
        self.agenda.insert((at, self.held.order.nth, seq));
    }

    /// The same, so much later.
    pub(crate) fn later(&mut self, after: SignedDuration, event: Event) {
        self.on(hours::after(self.at, after), event);
    }

    /// The same, when people work: so much later, or in the morning after.
    pub(crate) fn at_work(&mut self, after: SignedDuration, event: Event) {
        let at = hours::after(self.at, after);
        let into = self.minutes("morning", self.held.seq as usize, 5, 150);
        self.on(hours::working(self.calendar, at, into), event);
    }

    /// Takes off the agenda what is no longer to happen.
    pub(crate) fn forget(&mut self, what: impl Fn(Event) -> bool) {
        let nth = self.held.order.nth;
        let agenda = &mut *self.agenda;
        self.held.todo.retain(|todo| {
            let goes = what(todo.event);
            if goes {
                agenda.remove(&(todo.at, nth, todo.seq));
            }
            !goes
        });
    }

    /// Writes down what happened, and that the order and the claim changed by it.
    pub(crate) fn happen(&mut self, claim: Option<usize>, thing: Thing) {
        let order = &mut self.held.order;
        order.changed_at = self.at;
        if let Some(claim) = claim {
            order.claims[claim].changed_at = self.at;
        }
        self.changed = true;
        self.happened.push(Happened {
            at: self.at,
            seller: order.seller,
            order: order.nth,
            claim,
            by_caller: self.by_caller,
            what: thing.word(),
        });
    }

    /// It comes to what was on the agenda.
    pub(crate) fn comes(&mut self, event: Event) {
        match event {
            Event::Pay => self.paid(),
            Event::Confirm => self.confirm_if_due(),
            Event::Store => self.store(),
            Event::Print => self.print(),
            Event::Close(parcel) => self.close(parcel),
            Event::Tell(parcel) => self.tell(parcel),
            Event::Deliver(parcel) => self.deliver(parcel),
            Event::AskCancel(nth) => self.ask_cancel(nth),
            Event::Hear(claim) => self.hear(claim),
            Event::Decide(claim) => self.staff_decides(claim),
            Event::RefundCancel(claim) => self.refund_cancel(claim),
            Event::FindShipped(claim) => self.find_shipped(claim),
            Event::SellOut => self.sell_out(),
            Event::RefundSoldOut(claim) => self.refund_sold_out(claim),
            Event::Withdraw(claim) => self.withdraw(claim),
            Event::AskReturn(nth) => self.ask_return(nth),
            Event::ClaimStray => self.claim_stray(),
            Event::AskExchange => self.ask_exchange(),
            Event::AskCollect(claim, nth) => self.ask_collect(claim, nth),
            Event::Pick(claim) => self.pick(claim),
            Event::Fail(claim) => self.fail(claim),
            Event::Stall(claim) => self.stall(claim),
            Event::Bring(claim) => self.bring(claim),
            Event::Lose(claim) => self.lose(claim),
            Event::Settle(claim) => self.settle(claim),
            Event::Arrive(claim) => self.arrive(claim),
            Event::Stray => self.stray(),
            Event::Count(arrival) => self.count(arrival),
            Event::GiveUp(arrival) => self.give_up(arrival),
            Event::Receive(claim) => self.staff_receives(claim),
            Event::Approve(claim) => self.staff_approves(claim),
            Event::Refuse(claim) => self.staff_refuses(claim),
            Event::Dispute(claim) => self.dispute(claim),
            Event::CompleteItself(claim) => self.complete_itself(claim),
            Event::MakeBox(claim) => self.make_box(claim),
            Event::Resend(claim) => self.staff_resends(claim),
            Event::CloseNew(claim) => self.close_new(claim),
            Event::DeliverNew(claim) => self.deliver_new(claim),
        }
    }
}

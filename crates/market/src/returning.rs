//! Returning: what buyers want to send back once they have it, and what becomes of the money.

use crate::agenda::Event;
use crate::happened::Thing;
use crate::rates::{
    CANCELLED_BACK, CLAIM_PART, EXCHANGE, EXCHANGE_REFUSED, RECEIVED_UNSEEN, RETURN,
    RETURN_AFTER_CANCEL, RETURN_AFTER_REFUSAL, RETURN_AGAIN, RETURN_SOON, UNASKED, WITHDRAWN,
    WITHDRAWN_AT_ONCE,
};
use crate::turn::Turn;
use crate::{Claim, Decision, What, hours};

/// Goods worth less than this, in won, are refunded early where marketplaces do so.
const CHEAP: i64 = 100_000;

impl Turn<'_> {
    /// The buyer has everything that was sent, and makes up their mind.
    pub(crate) fn opened(&mut self) {
        let order = &self.held.order;
        let turned_down = |claim: &Claim| {
            claim.decided.is_some_and(|(_, decision)| decision != Decision::Stopped)
        };
        let rate = if order.claims.iter().any(turned_down) {
            RETURN_AFTER_REFUSAL
        } else if order.claims.iter().any(|claim| claim.what == What::Cancel) {
            RETURN_AFTER_CANCEL
        } else {
            RETURN
        };
        let cancelled = (0..order.lines.len()).any(|line| self.left_cancelled(line) > 0);
        if cancelled && self.chance("cancelled-back", 0, CANCELLED_BACK)
            || self.chance("unasked", 0, UNASKED)
        {
            let after = self.hours("stray", 0, 24, 70);
            self.at_work(after, Event::Stray);
        }
        if self.chance("return", 0, rate) {
            let most = if self.chance("return-soon", 0, RETURN_SOON) { 8 } else { 60 };
            let after = self.hours("return-after", 0, 1, most);
            let waking = self.minutes("return-waking", 0, 5, 300);
            self.on(hours::waking(hours::after(self.at, after), waking), Event::AskReturn(0));
        } else if self.customs.exchanges && self.chance("exchange", 0, EXCHANGE) {
            let after = self.hours("exchange-after", 0, 1, 20);
            self.later(after, Event::AskExchange);
        }
    }

    /// Pieces of a line that are cancelled for good and left nevertheless.
    pub(crate) fn left_cancelled(&self, line: usize) -> u32 {
        let order = &self.held.order;
        let wanted = order.lines[line].quantity.saturating_sub(order.cancelled(line));
        order.left(line).saturating_sub(wanted)
    }

    /// The buyer wants to send goods back for the money.
    pub(crate) fn ask_return(&mut self, nth: usize) {
        let pieces = self.held.order.returnable();
        let stray = self.held.order.stray();
        if pieces.is_empty() || !self.buyer_claims() || stray.is_some() {
            return;
        }
        let pieces = self.some_of("return-part", nth, pieces, CLAIM_PART);
        let cause = self.cause(What::Return);
        let at = self.claim(What::Return, cause, pieces);
        self.happen(Some(at), Thing::ReturnAsked);
        if nth == 0 && self.chance("return-again", 0, RETURN_AGAIN) {
            let after = self.hours("return-again-after", 0, 2, 40);
            self.later(after, Event::AskReturn(1));
        }
        self.goes_back(at);
    }

    /// The buyer wants the money for what was sent back without a word.
    pub(crate) fn claim_stray(&mut self) {
        let Some(arrival) = self.held.order.stray() else { return };
        let sent = |line| self.held.order.arrivals[arrival].pieces.iter().any(|it| it.line == line);
        let returnable = self.held.order.returnable().into_iter();
        let pieces: Vec<_> = returnable.filter(|(line, _)| sent(*line)).collect();
        if pieces.is_empty() || !self.buyer_claims() {
            return;
        }
        let cause = self.cause(What::Return);
        let at = self.claim(What::Return, cause, pieces);
        self.held.order.arrivals[arrival].claim = Some(at);
        self.held.order.arrivals[arrival].changed_at = self.at;
        self.happen(Some(at), Thing::ReturnAsked);
        self.staff_will_receive(at);
    }

    /// The buyer wants other goods for theirs.
    pub(crate) fn ask_exchange(&mut self) {
        let pieces = self.held.order.returnable();
        let order = &self.held.order;
        let cannot = order.next_parcel().is_none() || order.stray().is_some();
        if pieces.is_empty() || !self.buyer_claims() || cannot {
            return;
        }
        let pieces = self.some_of("exchange-part", 0, pieces, CLAIM_PART);
        let cause = self.cause(What::Exchange);
        let at = self.claim(What::Exchange, cause, pieces);
        self.happen(Some(at), Thing::ExchangeAsked);
        if self.staffed && self.chance("exchange-refused", at, EXCHANGE_REFUSED) {
            let after = self.hours("exchange-refused-after", at, 2, 20);
            self.at_work(after, Event::Refuse(at));
        }
        self.goes_back(at);
    }

    /// What follows when goods are to go back.
    fn goes_back(&mut self, at: usize) {
        if self.chance("withdrawn", at, WITHDRAWN) {
            let after = if self.chance("withdrawn-at-once", at, WITHDRAWN_AT_ONCE) {
                self.minutes("withdrawn-after", at, 1, 9)
            } else {
                self.hours("withdrawn-after", at, 2, 60)
            };
            self.later(after, Event::Withdraw(at));
        }
        let after = self.minutes("fetch", at, 10, 420);
        self.later(after, Event::AskCollect(at, 0));
        if self.staffed && self.chance("received-unseen", at, RECEIVED_UNSEEN) {
            let after = self.hours("received-unseen-after", at, 3, 24);
            self.at_work(after, Event::Receive(at));
        }
    }

    /// Whether the goods of a claim are refunded before the seller has looked at them.
    pub(crate) fn is_quick(&self, at: usize) -> bool {
        let claim = &self.held.order.claims[at];
        self.customs.quick_refund
            && claim.what == What::Return
            && self.held.order.worth(&claim.pieces) < CHEAP
    }

    /// The seller confirms that the goods came back.
    pub(crate) fn receive(&mut self, at: usize) {
        let quick = self.is_quick(at);
        let claim = &mut self.held.order.claims[at];
        let what = claim.what;
        let tracked = claim.collection.as_ref().is_some_and(|way| !way.waybill.is_empty());
        claim.received_at = Some(self.at);
        let early = claim.pre_refunded_at.is_some();
        self.forget(|event| event.staff() == Some(at) || event == Event::Withdraw(at));
        if what == What::Exchange {
            self.happen(Some(at), Thing::ExchangeReceived);
            let after = self.customs.box_after;
            self.later(after, Event::MakeBox(at));
            return;
        }
        self.happen(Some(at), Thing::ReturnReceived);
        if early || (quick && !tracked) {
            let claim = &mut self.held.order.claims[at];
            claim.completed_at = Some(self.at);
            claim.completed_itself = true;
            if !early {
                claim.pre_refunded_at = Some(self.at);
                self.happen(Some(at), Thing::RefundedEarly);
            }
            return;
        }
        if let Some(days) = self.customs.completes_after {
            let today = hoesu_claims::time::kst_day(self.at);
            let day = self.calendar.plus_business_days(today, days);
            let into = self.minutes("completes", at, 0, 240);
            self.on(hours::after(hours::hour(day, 9), into), Event::CompleteItself(at));
        }
        self.staff_will_approve(at);
    }

    /// The money goes back.
    pub(crate) fn complete(&mut self, at: usize, itself: bool, thing: Thing) {
        let claim = &mut self.held.order.claims[at];
        claim.completed_at = Some(self.at);
        claim.completed_itself = itself;
        self.forget(|event| {
            event.staff() == Some(at)
                || event == Event::CompleteItself(at)
                || event == Event::Settle(at)
        });
        self.happen(Some(at), thing);
    }

    /// The claim is turned down.
    pub(crate) fn refuse(&mut self, at: usize, why: String, thing: Thing) {
        let claim = &mut self.held.order.claims[at];
        claim.refused_at = Some((self.at, why));
        let picked = claim.collection.as_ref().is_some_and(|way| way.picked_at.is_some());
        self.forget(|event| {
            event.staff() == Some(at)
                || event == Event::CompleteItself(at)
                || event == Event::Settle(at)
                || event == Event::MakeBox(at)
                || event == Event::Withdraw(at)
                || (!picked && event.carriage() == Some(at))
        });
        self.happen(Some(at), thing);
    }

    /// Nobody completed what was received: the marketplace does.
    pub(crate) fn complete_itself(&mut self, at: usize) {
        let claim = &self.held.order.claims[at];
        if claim.is_open() && claim.disputed_at.is_none() {
            self.complete(at, true, Thing::ReturnCompletedItself);
        }
    }
}

//! Arriving: what the warehouse books about goods that come back, as they are, not as they should be.

use crate::agenda::Event;
use crate::happened::Thing;
use crate::rates::{
    CLAIMED_LATER, FEWER, MORE, OTHER, UNCOUNTED, UNSELLABLE, WAYBILL_MISSING, WAYBILL_WRONG,
};
use crate::turn::Turn;
use crate::{Arrival, Arrived};

fn expected(pieces: &[(usize, u32)]) -> Vec<Arrived> {
    let arrived = |(line, expected)| Arrived { line, expected, good: None, unsellable: None };
    pieces.iter().copied().map(arrived).collect()
}

impl Turn<'_> {
    /// The warehouse's open ticket of a claim.
    fn ticket(&self, claim: usize) -> Option<usize> {
        let open = |arrival: &Arrival| {
            arrival.claim == Some(claim)
                && arrival.arrived_at.is_none()
                && arrival.cancelled_at.is_none()
        };
        self.held.order.arrivals.iter().position(open)
    }

    /// The warehouse expects the goods of a claim; the ticket's place in the order.
    pub(crate) fn book(&mut self, claim: usize) -> usize {
        if let Some(at) = self.ticket(claim) {
            return at;
        }
        let way = self.held.order.claims[claim].collection.as_ref();
        let waybill = way.map(|way| way.waybill.clone()).unwrap_or_default();
        let pieces = expected(&self.held.order.claims[claim].pieces);
        self.held.order.arrivals.push(Arrival {
            claim: Some(claim),
            made_at: self.at,
            arrived_at: None,
            done_at: None,
            cancelled_at: None,
            waybill,
            pieces,
            changed_at: self.at,
        });
        self.happen(Some(claim), Thing::TicketBooked);
        self.held.order.arrivals.len() - 1
    }

    /// Goods of a claim reach the warehouse.
    pub(crate) fn arrive(&mut self, claim: usize) {
        let at = self.book(claim);
        self.held.order.arrivals[at].arrived_at = Some(self.at);
        self.held.order.arrivals[at].changed_at = self.at;
        self.happen(Some(claim), Thing::GoodsArrived);
        self.note_waybill(at);
        self.count_soon(at);
    }

    /// Now and then the warehouse notes another waybill, or none.
    fn note_waybill(&mut self, at: usize) {
        let nth = self.held.order.nth;
        let wrong = self.chance("waybill-wrong", at, WAYBILL_WRONG);
        let missing = self.chance("waybill-missing", at, WAYBILL_MISSING);
        let arrival = &mut self.held.order.arrivals[at];
        if arrival.waybill.is_empty() || !(wrong || missing) {
            return;
        }
        arrival.waybill = if wrong {
            format!("7011{:08}", (nth * 8 + at as u64) % 100_000_000)
        } else {
            String::new()
        };
        let claim = arrival.claim;
        self.happen(claim, Thing::WaybillMistaken);
    }

    fn count_soon(&mut self, at: usize) {
        if !self.chance("uncounted", at, UNCOUNTED) {
            let after = self.minutes("count", at, 20, 600);
            self.at_work(after, Event::Count(at));
        }
    }

    /// Goods come back that nobody asked for: a parcel the buyer refused, or what was put into another.
    pub(crate) fn stray(&mut self) {
        let order = &self.held.order;
        let cancelled = (0..order.lines.len()).map(|line| (line, self.left_cancelled(line)));
        let mut pieces: Vec<_> = cancelled.filter(|(_, many)| *many > 0).collect();
        if pieces.is_empty() {
            pieces = order.returnable();
        }
        if pieces.is_empty() {
            return;
        }
        let refused = self.chance("stray-refused", 0, 600);
        let parcel = order.parcels.iter().find(|parcel| parcel.delivered_at.is_some());
        let waybill = parcel.filter(|_| refused).map(|parcel| parcel.waybill.clone());
        let nothing_expected =
            expected(&pieces).into_iter().map(|it| Arrived { expected: 0, ..it });
        self.held.order.arrivals.push(Arrival {
            claim: None,
            made_at: self.at,
            arrived_at: Some(self.at),
            done_at: None,
            cancelled_at: None,
            waybill: waybill.unwrap_or_default(),
            pieces: nothing_expected.collect(),
            changed_at: self.at,
        });
        self.happen(None, Thing::GoodsUnasked);
        self.count_soon(self.held.order.arrivals.len() - 1);
        if self.chance("claimed-later", 0, CLAIMED_LATER) {
            let after = self.hours("claimed-later-after", 0, 20, 60);
            self.later(after, Event::AskReturn(2));
        }
    }

    /// The warehouse counts what came back.
    pub(crate) fn count(&mut self, at: usize) {
        let order = &self.held.order;
        let arrival = &order.arrivals[at];
        let claim = arrival.claim;
        let mut things = vec![Thing::GoodsCounted];
        let mut pieces = arrival.pieces.clone();
        let mut came: Vec<u32> = if let Some(claim) = claim {
            pieces.iter().map(|it| order.claims[claim].of(it.line).max(it.expected)).collect()
        } else {
            let lost =
                (0..order.lines.len()).map(|line| self.left_cancelled(line)).sum::<u32>() > 0;
            let unclaimed = order.returnable();
            let rest =
                |line| unclaimed.iter().find(|(at, _)| *at == line).map_or(1, |(_, many)| *many);
            let many = |line| if lost { self.left_cancelled(line) } else { rest(line) };
            pieces.iter().map(|it| many(it.line).max(1)).collect()
        };
        if self.chance("more", at, MORE) {
            came[0] += 1;
            things.push(Thing::GoodsMore);
        } else if claim.is_some() && self.chance("fewer", at, FEWER) {
            came[0] -= 1;
            things.push(Thing::GoodsFewer);
        }
        for (it, came) in pieces.iter_mut().zip(&came) {
            it.good = Some(*came);
            it.unsellable = Some(0);
        }
        if came[0] > 0 && self.chance("unsellable", at, UNSELLABLE) {
            let spoilt = 1 + self.draw("spoilt", at, u64::from(came[0])) as u32;
            pieces[0].good = Some(came[0] - spoilt);
            pieces[0].unsellable = Some(spoilt);
            things.push(Thing::GoodsUnsellable);
        }
        let known = |line: &usize| pieces.iter().any(|it| it.line == *line);
        let other = (0..order.lines.len()).find(|line| !known(line));
        if let Some(line) = other
            && self.chance("other", at, OTHER)
        {
            pieces.push(Arrived { line, expected: 0, good: Some(1), unsellable: Some(0) });
            things.push(Thing::GoodsOther);
        }
        let arrival = &mut self.held.order.arrivals[at];
        arrival.pieces = pieces;
        arrival.done_at = Some(self.at);
        arrival.changed_at = self.at;
        for thing in things {
            self.happen(claim, thing);
        }
        if let Some(claim) = claim {
            self.staff_will_receive(claim);
        }
    }

    /// The warehouse may give up the ticket of a claim some hours later.
    pub(crate) fn give_ticket_up(&mut self, claim: usize, rate: u64) {
        if let Some(at) = self.ticket(claim)
            && self.chance("given-up", at, rate)
        {
            let after = self.hours("given-up-after", at, 1, 30);
            self.at_work(after, Event::GiveUp(at));
        }
    }

    /// The warehouse gives a ticket up, unless the goods are there after all.
    pub(crate) fn give_up(&mut self, at: usize) {
        let arrival = &mut self.held.order.arrivals[at];
        if arrival.arrived_at.is_some() || arrival.cancelled_at.is_some() {
            return;
        }
        arrival.cancelled_at = Some(self.at);
        arrival.changed_at = self.at;
        let claim = arrival.claim;
        self.happen(claim, Thing::TicketGivenUp);
    }
}

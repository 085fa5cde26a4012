//! Arriving: what the warehouse books about goods that come back, as they are, not as they should be.

use std::cmp::Ordering;

use crate::agenda::Event;
use crate::happened::Thing;
use crate::rates::{
    CANCELLED_BACK, CANCELLED_WITH, CLAIMED_LATER, FEWER, MORE, OTHER, UNCOUNTED, UNSELLABLE,
    WAYBILL_MISSING, WAYBILL_WRONG,
};
use crate::turn::Turn;
use crate::{Arrival, Arrived, Order};

/// An arrival's place in its order has one digit of eight.
const ARRIVALS: usize = 8;

fn expected(pieces: &[(usize, u32)]) -> Vec<Arrived> {
    let arrived = |(line, expected)| Arrived { line, expected, good: None, unsellable: None };
    pieces.iter().copied().map(arrived).collect()
}

impl Order {
    /// What came back without a word and is not claimed.
    pub(crate) fn stray(&self) -> Option<usize> {
        self.arrivals.iter().position(|arrival| arrival.claim.is_none())
    }
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

    /// The warehouse expects the goods of a claim; the ticket's place in the order, if there is one.
    pub(crate) fn book(&mut self, claim: usize) -> Option<usize> {
        let known = self.ticket(claim);
        if known.is_some() || self.held.order.arrivals.len() >= ARRIVALS {
            return known;
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
        Some(self.held.order.arrivals.len() - 1)
    }

    /// Goods of a claim reach the warehouse.
    pub(crate) fn arrive(&mut self, claim: usize) {
        let Some(at) = self.book(claim) else { return };
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
        if pieces.is_empty() || order.arrivals.len() >= ARRIVALS {
            return;
        }
        let refused = self.chance("stray-refused", 0, 600);
        let parcel = order.parcels.iter().find(|parcel| parcel.delivered_at.is_some());
        let waybill = parcel.filter(|_| refused).map(|parcel| parcel.waybill.clone());
        self.happen(None, Thing::GoodsUnasked);
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
        self.count_soon(self.held.order.arrivals.len() - 1);
        if self.chance("claimed-later", 0, CLAIMED_LATER) {
            let after = self.hours("claimed-later-after", 0, 20, 60);
            self.later(after, Event::ClaimStray);
        }
    }

    /// The warehouse counts what came back.
    pub(crate) fn count(&mut self, at: usize) {
        let order = &self.held.order;
        let arrival = &order.arrivals[at];
        let claim = arrival.claim;
        let mut things = vec![Thing::GoodsCounted];
        let mut pieces = arrival.pieces.clone();
        let mut came: Vec<u32> = pieces.iter().map(|it| self.came(at, it)).collect();
        if claim.is_some() && self.chance("cancelled-with", at, CANCELLED_WITH) {
            self.put_in_cancelled(&mut pieces, &mut came);
        }
        if self.chance("more", at, MORE) {
            came[0] += 1;
        } else if claim.is_some() && self.chance("fewer", at, FEWER) {
            came[0] -= 1;
        }
        let expected = |(it, came): (&Arrived, &u32)| came.cmp(&it.expected);
        let against: Vec<_> = pieces.iter().zip(&came).map(expected).collect();
        if against.contains(&Ordering::Greater) && claim.is_some() {
            things.push(Thing::GoodsMore);
        }
        if against.contains(&Ordering::Less) {
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
        if arrival.pieces.iter().all(|it| it.expected == 0) {
            arrival.made_at = self.at;
        }
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

    /// Pieces of a line that are in the parcel, if nothing is out of the ordinary.
    fn came(&self, at: usize, it: &Arrived) -> u32 {
        let order = &self.held.order;
        let cancelled = self.left_cancelled(it.line);
        if let Some(claim) = order.arrivals[at].claim
            && it.expected > 0
        {
            order.claims[claim].of(it.line)
        } else if cancelled > 0 {
            cancelled
        } else {
            1 + self.draw("stray-many", it.line, u64::from(order.left(it.line))) as u32
        }
    }

    /// What was cancelled and left nevertheless is in the same parcel, if it did not come alone.
    fn put_in_cancelled(&self, pieces: &mut Vec<Arrived>, came: &mut Vec<u32>) {
        if self.chance("cancelled-back", 0, CANCELLED_BACK) {
            return;
        }
        for line in 0..self.held.order.lines.len() {
            let many = self.left_cancelled(line);
            if many == 0 {
                continue;
            }
            if let Some(at) = pieces.iter().position(|it| it.line == line) {
                came[at] += many;
            } else {
                pieces.push(Arrived { line, expected: 0, good: None, unsellable: None });
                came.push(many);
            }
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

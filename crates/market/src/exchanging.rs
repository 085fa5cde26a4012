//! Exchanging: the new goods, from their box to the buyer.

use crate::agenda::Event;
use crate::happened::Thing;
use crate::turn::Turn;
use crate::{Courier, Parcel, What, hours, packing};

impl Turn<'_> {
    /// The box for the new goods appears, without a waybill.
    pub(crate) fn make_box(&mut self, at: usize) {
        let claim = &self.held.order.claims[at];
        if !claim.is_open() || claim.what != What::Exchange || claim.new_parcel.is_some() {
            return;
        }
        let Some(number) = self.held.order.next_parcel() else { return };
        let claim = &mut self.held.order.claims[at];
        claim.new_parcel = Some(Parcel {
            number,
            courier: Courier::Cj,
            waybill: String::new(),
            pieces: claim.pieces.clone(),
            made_at: self.at,
            closed_at: None,
            told_at: None,
            shipped_at: None,
            delivered_at: None,
            cancelled_at: None,
        });
        self.happen(Some(at), Thing::ExchangeBox);
        if self.staffed {
            let after = self.hours("resend", at, 1, 10);
            self.at_work(after, Event::Resend(at));
        }
    }

    /// The seller's staff sends the new goods.
    pub(crate) fn staff_resends(&mut self, at: usize) {
        let Some(parcel) = &self.held.order.claims[at].new_parcel else { return };
        let waybill = packing::waybill(self.held.order.nth, parcel.number);
        self.resend(at, Courier::Cj, waybill);
    }

    /// The new goods have a waybill; the warehouse sends them with the others of the day.
    pub(crate) fn resend(&mut self, at: usize, courier: Courier, waybill: String) {
        if let Some(parcel) = &mut self.held.order.claims[at].new_parcel {
            parcel.courier = courier;
            parcel.waybill = waybill;
            parcel.told_at = Some(self.at);
        }
        self.forget(|event| event.staff() == Some(at));
        self.happen(Some(at), Thing::ExchangeSent);
        let into = self.minutes("close-new", at, 0, 90);
        self.on(hours::evening(self.calendar, self.at, into), Event::CloseNew(at));
    }

    /// The new goods leave.
    pub(crate) fn close_new(&mut self, at: usize) {
        if let Some(parcel) = &mut self.held.order.claims[at].new_parcel {
            parcel.closed_at = Some(self.at);
            parcel.shipped_at = Some(self.at);
        }
        self.happen(Some(at), Thing::ExchangeLeft);
        let days = 1;
        let into = self.minutes("new-round", at, 0, 600);
        self.on(hours::round(self.at, days, into), Event::DeliverNew(at));
    }

    /// The new goods are delivered, and the exchange has come to its end.
    pub(crate) fn deliver_new(&mut self, at: usize) {
        let claim = &mut self.held.order.claims[at];
        if let Some(parcel) = &mut claim.new_parcel {
            parcel.delivered_at = Some(self.at);
        }
        claim.completed_at = Some(self.at);
        self.happen(Some(at), Thing::ExchangeCompleted);
    }
}

//! What callers ask about goods on their way: which parcel a waybill is for, a collection of their
//! own, the new goods of an exchange.

use super::named;
use crate::happened::Thing;
use crate::turn::Turn;
use crate::{Collection, Courier, Parcel, Refused, What};

/// Which draws a caller's collection has.
const CALLERS: usize = 7;

impl Turn<'_> {
    /// The parcel a caller's waybill is for: the one that has it; else one the marketplace has not heard
    /// of, which has it from now on; else what is not packed yet.
    pub(super) fn parcel_for(
        &mut self,
        courier: &Courier,
        waybill: &str,
    ) -> Result<usize, Refused> {
        let order = &self.held.order;
        let untold = |parcel: &Parcel| parcel.is_live() && parcel.told_at.is_none();
        let its = order.parcels.iter().position(|it| it.is_live() && it.waybill == waybill);
        if let Some(at) = its {
            return if untold(&order.parcels[at]) { Ok(at) } else { Err(Refused::Done) };
        }
        if let Some(at) = order.parcels.iter().position(untold) {
            let parcel = &mut self.held.order.parcels[at];
            parcel.courier = courier.clone();
            waybill.clone_into(&mut parcel.waybill);
            return Ok(at);
        }
        let pieces = order.unsent();
        if pieces.is_empty() {
            return Err(Refused::Done);
        }
        let Some(number) = order.next_parcel() else { return Err(Refused::Stage) };
        let at = order.parcels.len();
        self.held.order.parcels.push(Parcel {
            number,
            courier: courier.clone(),
            waybill: waybill.to_owned(),
            pieces,
            made_at: self.at,
            closed_at: None,
            told_at: None,
            shipped_at: None,
            delivered_at: None,
            cancelled_at: None,
        });
        self.happen(None, Thing::ParcelPrinted);
        self.close_in_the_evening(at);
        Ok(at)
    }

    pub(super) fn act_collect(
        &mut self,
        at: usize,
        courier: &Courier,
        waybill: &str,
        booking: Option<&String>,
        taken: bool,
    ) -> Result<(), Refused> {
        let claim = self.standing(at)?;
        if claim.is_completed() {
            return Err(Refused::Done);
        }
        let picked = claim.collection.as_ref().is_some_and(|way| way.picked_at.is_some());
        if claim.what == What::Cancel || claim.received_at.is_some() || picked {
            return Err(Refused::Stage);
        }
        named(waybill, taken)?;
        self.forget(|event| event.carriage() == Some(at));
        self.held.order.claims[at].collection = Some(Collection {
            courier: courier.clone(),
            waybill: waybill.to_owned(),
            booking: booking.cloned(),
            asked_at: self.at,
            picked_at: None,
            delivered_at: None,
            failed_at: None,
        });
        self.happen(Some(at), Thing::CollectionAsked);
        let arrivals = self.held.order.arrivals.iter_mut();
        let mut its = arrivals.filter(|arrival| arrival.claim == Some(at));
        if let Some(arrival) = its.find(|arrival| arrival.arrived_at.is_none()) {
            waybill.clone_into(&mut arrival.waybill);
            arrival.changed_at = self.at;
        }
        let there =
            |arrival: &crate::Arrival| arrival.claim == Some(at) && arrival.arrived_at.is_some();
        if !self.held.order.arrivals.iter().any(there) {
            self.send_courier(at, CALLERS);
        }
        Ok(())
    }

    pub(super) fn act_resend(
        &mut self,
        at: usize,
        number: u32,
        courier: &Courier,
        waybill: &str,
        taken: bool,
    ) -> Result<(), Refused> {
        let claim = self.standing(at)?;
        if claim.is_completed() {
            return Err(Refused::Done);
        }
        if claim.what != What::Exchange || claim.received_at.is_none() {
            return Err(Refused::Stage);
        }
        let parcel = claim.new_parcel.as_ref().filter(|parcel| parcel.number == number);
        let parcel = parcel.ok_or(Refused::Box)?;
        if !parcel.waybill.is_empty() {
            return Err(Refused::Done);
        }
        named(waybill, taken)?;
        self.resend(at, courier.clone(), waybill.to_owned());
        Ok(())
    }
}

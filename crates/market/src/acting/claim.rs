//! What callers ask about claims: decide, receive, approve, refuse.

use super::{counted, named};
use crate::happened::Thing;
use crate::turn::Turn;
use crate::{Courier, Decision, Refused, What};

impl Turn<'_> {
    pub(super) fn act_decide(
        &mut self,
        at: usize,
        decision: Decision,
        pieces: Option<u32>,
        sent: Option<&(Courier, String)>,
        taken: bool,
    ) -> Result<(), Refused> {
        let claim = self.kept(at)?;
        if !claim.stops {
            return Err(Refused::Stage);
        }
        if !claim.is_asked() {
            return Err(Refused::Done);
        }
        counted(claim, pieces)?;
        match decision {
            Decision::ShippedItself => return Err(Refused::Stage),
            Decision::Stopped => self.decided(at, decision),
            Decision::Shipped => {
                if let Some((_, waybill)) = sent {
                    named(waybill, taken)?;
                }
                self.decided(at, decision);
                if let Some((courier, waybill)) = sent
                    && let Ok(parcel) = self.parcel_for(courier, waybill)
                {
                    self.learn(parcel);
                    self.ship(parcel);
                }
            }
        }
        Ok(())
    }

    pub(super) fn act_receive(&mut self, at: usize, pieces: Option<u32>) -> Result<(), Refused> {
        let claim = self.standing(at)?;
        if claim.what == What::Cancel {
            return Err(Refused::Stage);
        }
        if claim.is_completed() || claim.received_at.is_some() {
            return Err(Refused::Done);
        }
        counted(claim, pieces)?;
        self.receive(at);
        Ok(())
    }

    pub(super) fn act_approve(&mut self, at: usize, pieces: Option<u32>) -> Result<(), Refused> {
        let claim = self.standing(at)?;
        if claim.is_completed() {
            return Err(Refused::Done);
        }
        if claim.what == What::Cancel || claim.received_at.is_none() {
            return Err(Refused::Stage);
        }
        counted(claim, pieces)?;
        if claim.what == What::Return {
            self.complete(at, false, Thing::ReturnApproved);
        } else if claim.new_parcel.is_some() {
            return Err(Refused::Done);
        } else {
            self.make_box(at);
        }
        Ok(())
    }

    pub(super) fn act_refuse(&mut self, at: usize, why: &str) -> Result<(), Refused> {
        let claim = self.kept(at)?;
        if claim.is_completed() || claim.refused_at.is_some() {
            return Err(Refused::Done);
        }
        let paid = claim.pre_refunded_at.is_some();
        let thing = match claim.what {
            What::Return if !paid => Thing::ReturnRefused,
            What::Exchange if claim.received_at.is_none() => Thing::ExchangeRefused,
            What::Cancel | What::Return | What::Exchange => return Err(Refused::Stage),
        };
        self.refuse(at, why.to_owned(), thing);
        Ok(())
    }
}

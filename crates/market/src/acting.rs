//! Acting: what a marketplace's caller asks for is done, or refused, as the marketplace would.

mod claim;
mod goods;
mod order;

use crate::turn::Turn;
use crate::{Act, Acted, Claim, Refused};

/// Digits any courier's waybill has.
const WAYBILL_DIGITS: std::ops::RangeInclusive<usize> = 8..=16;

/// Whether a courier could have given this out.
fn is_waybill(waybill: &str) -> bool {
    WAYBILL_DIGITS.contains(&waybill.len()) && waybill.bytes().all(|digit| digit.is_ascii_digit())
}

impl Turn<'_> {
    /// Does it now. `taken`: whether the waybill it names is another order's.
    pub(crate) fn act(&mut self, act: &Act, taken: bool) -> Result<Acted, Refused> {
        match act {
            Act::Confirm { .. } => self.act_confirm()?,
            Act::Waybill { courier, waybill, .. } => self.act_waybill(courier, waybill, taken)?,
            Act::Ship { .. } => self.act_ship()?,
            Act::Cancel { pieces, .. } => return self.act_cancel(pieces).map(Acted::Claimed),
            Act::Decide { claim, decision, pieces, sent } => {
                self.act_decide(claim.at, *decision, *pieces, sent.as_ref(), taken)?;
            }
            Act::Receive { claim, pieces } => self.act_receive(claim.at, *pieces)?,
            Act::Approve { claim, pieces } => self.act_approve(claim.at, *pieces)?,
            Act::Refuse { claim, why } => self.act_refuse(claim.at, why)?,
            Act::Collect { claim, courier, waybill, booking } => {
                self.act_collect(claim.at, courier, waybill, booking.as_ref(), taken)?;
            }
            Act::Resend { claim, parcel, courier, waybill } => {
                self.act_resend(claim.at, *parcel, courier, waybill, taken)?;
            }
        }
        Ok(Acted::Done)
    }

    /// A claim the buyer did not take back and nobody turned down.
    fn standing(&self, at: usize) -> Result<&Claim, Refused> {
        let claim = self.kept(at)?;
        if claim.refused_at.is_some() { Err(Refused::Stage) } else { Ok(claim) }
    }

    /// A claim the buyer did not take back.
    fn kept(&self, at: usize) -> Result<&Claim, Refused> {
        let claim = self.held.order.claims.get(at).ok_or(Refused::NotThere)?;
        if claim.withdrawn_at.is_some() { Err(Refused::Withdrawn) } else { Ok(claim) }
    }
}

/// The pieces a caller counts must be those of the claim, where the channel asks.
fn counted(claim: &Claim, pieces: Option<u32>) -> Result<(), Refused> {
    match pieces {
        Some(pieces) if pieces != claim.total() => Err(Refused::Pieces),
        Some(_) | None => Ok(()),
    }
}

/// A waybill has the form of one, and is no other order's.
fn named(waybill: &str, taken: bool) -> Result<(), Refused> {
    if !is_waybill(waybill) {
        Err(Refused::Waybill)
    } else if taken {
        Err(Refused::WaybillTaken)
    } else {
        Ok(())
    }
}

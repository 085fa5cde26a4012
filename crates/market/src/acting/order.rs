//! What callers ask about orders: prepare, name a waybill, say that it left, cancel.

use super::named;
use crate::agenda::Event;
use crate::rates::HEARD_FROM_CALLER;
use crate::turn::Turn;
use crate::{ClaimNo, Courier, Refused};

impl Turn<'_> {
    pub(super) fn act_confirm(&mut self) -> Result<(), Refused> {
        if self.held.order.is_cancelled() {
            return Err(Refused::Cancelled);
        }
        if self.held.order.confirmed_at.is_some() {
            return Err(Refused::Done);
        }
        self.confirm();
        Ok(())
    }

    pub(super) fn act_waybill(
        &mut self,
        courier: &Courier,
        waybill: &str,
        taken: bool,
    ) -> Result<(), Refused> {
        self.can_leave()?;
        if self.held.order.confirmed_at.is_none() {
            return Err(Refused::Stage);
        }
        named(waybill, taken)?;
        let at = self.parcel_for(courier, waybill)?;
        self.learn(at);
        Ok(())
    }

    pub(super) fn act_ship(&mut self) -> Result<(), Refused> {
        self.can_leave()?;
        if !self.held.order.is_told() {
            return Err(Refused::Stage);
        }
        let parcels = self.held.order.parcels.iter().enumerate();
        let told = parcels.filter(|(_, it)| it.is_live() && it.told_at.is_some());
        let waiting: Vec<_> =
            told.filter(|(_, it)| it.shipped_at.is_none()).map(|(at, _)| at).collect();
        if waiting.is_empty() {
            return Err(Refused::Done);
        }
        for at in waiting {
            self.ship(at);
        }
        Ok(())
    }

    pub(super) fn act_cancel(&mut self, pieces: &[(usize, u32)]) -> Result<ClaimNo, Refused> {
        let order = &self.held.order;
        let twice = |at: usize, line: usize| pieces[..at].iter().any(|(other, _)| *other == line);
        let strange = |(at, (line, many)): (usize, &(usize, u32))| {
            *many == 0 || *line >= order.lines.len() || twice(at, *line)
        };
        if pieces.is_empty() || pieces.iter().enumerate().any(strange) {
            return Err(Refused::Pieces);
        }
        if order.is_cancelled() {
            return Err(Refused::Cancelled);
        }
        if order.is_told() || !order.can_be_claimed() {
            return Err(Refused::Stage);
        }
        let more = |(line, many): &(usize, u32)| {
            *many > order.lines[*line].quantity.saturating_sub(order.claimed(*line))
        };
        if pieces.iter().any(more) {
            let asked = order.cancel_asked().is_some();
            return Err(if asked { Refused::CancelAsked } else { Refused::Pieces });
        }
        let at = self.cancel_by_seller(pieces.to_vec());
        let stored = self.held.order.stored_at.is_some();
        if stored && self.chance("heard-from-caller", at, HEARD_FROM_CALLER) {
            let after = self.minutes("heard-from-caller-after", at, 2, 30);
            self.later(after, Event::Hear(at));
        }
        Ok(ClaimNo { order: self.held.order.nth, at })
    }

    /// Whether the marketplace lets the order leave.
    fn can_leave(&self) -> Result<(), Refused> {
        let order = &self.held.order;
        if order.is_cancelled() {
            Err(Refused::Cancelled)
        } else if order.cancel_asked().is_some() && !self.customs.waybill_refuses_cancel {
            Err(Refused::CancelAsked)
        } else {
            Ok(())
        }
    }
}

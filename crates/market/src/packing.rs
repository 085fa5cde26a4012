//! Packing: what the warehouse prints, takes apart and closes, and what the marketplace hears of it.

use jiff::SignedDuration;

use crate::agenda::Event;
use crate::happened::Thing;
use crate::rates::{NEXT_DAY, SLOW, SPLIT, TOLD_AT_PRINT, TOLD_LATE};
use crate::turn::Turn;
use crate::{Claim, Courier, Decision, Order, Parcel, What, hours};

/// Parcels of an order have one digit of eight.
const PARCELS: u32 = 7;

/// The waybill of an order's parcel.
pub(crate) fn waybill(nth: u64, parcel: u32) -> String {
    format!("3804{:08}", (nth * 8 + u64::from(parcel)) % 100_000_000)
}

/// The order and the parcel whose waybill this is, if it is one of the warehouse's.
pub(crate) fn sent_with(waybill: &str) -> Option<(u64, u32)> {
    let digits: u64 = waybill.strip_prefix("3804").filter(|rest| rest.len() == 8)?.parse().ok()?;
    Some((digits / 8, (digits % 8) as u32))
}

impl Order {
    /// The number of the next parcel, if there can be one more.
    pub(crate) fn next_parcel(&self) -> Option<u32> {
        let exchanged = self.claims.iter().filter(|claim| claim.new_parcel.is_some()).count();
        let number = 1 + (self.parcels.len() + exchanged) as u32;
        (number <= PARCELS).then_some(number)
    }

    /// Whether it has a parcel of this number.
    pub(crate) fn has_parcel(&self, number: u32) -> bool {
        let new = self.claims.iter().filter_map(|claim| claim.new_parcel.as_ref());
        self.parcels.iter().chain(new).any(|parcel| parcel.number == number)
    }

    /// Pieces of a line in parcels that left.
    pub(crate) fn left(&self, line: usize) -> u32 {
        let left = self.parcels.iter().filter(|parcel| parcel.closed_at.is_some());
        left.map(|parcel| parcel.of(line)).sum()
    }

    /// Pieces of each line that are in no parcel and not cancelled: what is only asked for counts as
    /// not cancelled.
    pub(crate) fn unsent(&self) -> Vec<(usize, u32)> {
        let cancels =
            |claim: &&Claim| claim.what == What::Cancel && claim.stands() && !claim.is_asked();
        let rest = self.lines.iter().enumerate().map(|(at, line)| {
            let cancelled = self.claims.iter().filter(cancels).map(|claim| claim.of(at));
            let live = self.parcels.iter().filter(|parcel| parcel.is_live());
            let gone = cancelled.chain(live.map(|parcel| parcel.of(at))).sum::<u32>();
            (at, line.quantity.saturating_sub(gone))
        });
        rest.filter(|(_, many)| *many > 0).collect()
    }

    /// Whether goods of these lines have left.
    pub(crate) fn has_left(&self, pieces: &[(usize, u32)]) -> bool {
        pieces.iter().any(|(line, many)| {
            let inside =
                self.lines[*line].quantity - self.left(*line).min(self.lines[*line].quantity);
            inside < *many
        })
    }

    /// Whether the marketplace knows that anything is on its way.
    pub(crate) fn is_told(&self) -> bool {
        self.parcels.iter().any(|parcel| parcel.is_live() && parcel.told_at.is_some())
    }
}

impl Claim {
    /// Whether the warehouse keeps these pieces back.
    fn holds(&self) -> bool {
        let sent = match self.decided {
            None | Some((_, Decision::Stopped)) => false,
            Some((_, Decision::Shipped | Decision::ShippedItself)) => true,
        };
        self.what == What::Cancel && self.heard_at.is_some() && self.stands() && !sent
    }
}

impl Turn<'_> {
    /// The warehouse is told of the order, and of what was cancelled until then.
    pub(crate) fn store(&mut self) {
        if self.held.order.is_cancelled() || self.held.order.stored_at.is_some() {
            return;
        }
        self.held.order.stored_at = Some(self.at);
        for claim in &mut self.held.order.claims {
            if claim.what == What::Cancel && (claim.by_seller || claim.is_completed()) {
                claim.heard_at = claim.heard_at.or(Some(self.at));
            }
        }
        self.happen(None, Thing::OrderStored);
        let after = self.minutes("print", 0, 30, 240);
        self.at_work(after, Event::Print);
    }

    /// What the warehouse believes is still to be packed.
    fn packable(&self) -> Vec<(usize, u32)> {
        let order = &self.held.order;
        let left = order.lines.iter().enumerate().map(|(at, line)| {
            let held = order.claims.iter().filter(|claim| claim.holds());
            let by_seller = held.clone().filter(|claim| claim.by_seller).map(|claim| claim.of(at));
            let short = self.short(at).saturating_sub(by_seller.sum());
            let live = order.parcels.iter().filter(|parcel| parcel.is_live());
            let gone = held.map(|claim| claim.of(at)).sum::<u32>()
                + live.map(|parcel| parcel.of(at)).sum::<u32>();
            (at, line.quantity.saturating_sub(short + gone))
        });
        left.filter(|(_, many)| *many > 0).collect()
    }

    /// The warehouse prints what is to be packed: one parcel, or two.
    pub(crate) fn print(&mut self) {
        if self.held.order.stored_at.is_none() {
            return;
        }
        let pieces = self.packable();
        let total: u32 = pieces.iter().map(|(_, many)| many).sum();
        if total == 0 {
            return;
        }
        let first = self.held.order.parcels.is_empty();
        if first && total > 1 && self.chance("split", 0, SPLIT) {
            let [here, there] = halves(&pieces);
            self.make_parcel(here);
            self.make_parcel(there);
        } else {
            self.make_parcel(pieces);
        }
    }

    fn make_parcel(&mut self, pieces: Vec<(usize, u32)>) {
        let Some(number) = self.held.order.next_parcel() else { return };
        let at = self.held.order.parcels.len();
        self.held.order.parcels.push(Parcel {
            number,
            courier: Courier::Cj,
            waybill: waybill(self.held.order.nth, number),
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
        if self.chance("told-at-print", at, TOLD_AT_PRINT) {
            let after = self.minutes("told-after-print", at, 3, 40);
            self.later(after, Event::Tell(at));
        }
    }

    /// A parcel that is packed leaves with the others of the day.
    pub(crate) fn close_in_the_evening(&mut self, parcel: usize) {
        let into = self.minutes("close", parcel, 0, 90);
        self.on(hours::evening(self.calendar, self.at, into), Event::Close(parcel));
    }

    /// A parcel leaves; nothing can stop it any more.
    pub(crate) fn close(&mut self, at: usize) {
        let parcel = &mut self.held.order.parcels[at];
        if !parcel.is_live() || parcel.closed_at.is_some() {
            return;
        }
        parcel.closed_at = Some(self.at);
        self.happen(None, Thing::ParcelClosed);
        let order = &self.held.order;
        let gone = |(line, sold): (usize, &crate::Line)| {
            order.left(line) > sold.quantity.saturating_sub(order.cancelled(line))
        };
        if order.lines.iter().enumerate().any(gone) {
            self.happen(None, Thing::CancelledLeft);
        }
        let after = if self.chance("told-late", at, TOLD_LATE) {
            self.hours("told", at, 11, 18)
        } else {
            self.minutes("told", at, 4, 70)
        };
        self.later(after, Event::Tell(at));
        let days = if self.chance("next-day", at, NEXT_DAY) {
            1
        } else if self.chance("slow", at, SLOW) {
            4
        } else {
            2
        };
        let into = self.minutes("round", at, 0, 600);
        self.on(hours::round(self.at, days, into), Event::Deliver(at));
    }

    /// The seller's system tells the marketplace a parcel's waybill, and that it left.
    pub(crate) fn tell(&mut self, at: usize) {
        let order = &self.held.order;
        if !order.parcels[at].is_live() || order.is_cancelled() {
            return;
        }
        if let Some(claim) = order.cancel_asked()
            && !self.customs.waybill_refuses_cancel
        {
            // The marketplace refuses the waybill; it finds out by itself, days later.
            if order.parcels[at].closed_at.is_some() {
                let find =
                    self.calendar.plus_business_days(hoesu_claims::time::kst_day(self.at), 3);
                let into = self.minutes("find", claim, 30, 300);
                self.on(hours::after(hours::hour(find, 9), into), Event::FindShipped(claim));
            }
            return;
        }
        self.learn(at);
        if self.held.order.parcels[at].closed_at.is_some() {
            self.ship(at);
        }
    }

    /// The marketplace learns a parcel's waybill, and turns down by it what was only asked for.
    pub(crate) fn learn(&mut self, at: usize) {
        let parcel = &mut self.held.order.parcels[at];
        if parcel.told_at.is_none() {
            parcel.told_at = Some(self.at);
            self.happen(None, Thing::ParcelTold);
        }
        while let Some(claim) = self.held.order.cancel_asked() {
            self.decided(claim, Decision::ShippedItself);
        }
    }

    /// The marketplace is told that a parcel left.
    pub(crate) fn ship(&mut self, at: usize) {
        let parcel = &mut self.held.order.parcels[at];
        if parcel.shipped_at.is_none() {
            parcel.shipped_at = Some(self.at);
            self.happen(None, Thing::ParcelShipped);
        }
    }

    /// The buyer gets a parcel.
    pub(crate) fn deliver(&mut self, at: usize) {
        self.held.order.parcels[at].delivered_at = Some(self.at);
        self.happen(None, Thing::ParcelDelivered);
        let mut live = self.held.order.parcels.iter().filter(|parcel| parcel.is_live());
        if live.all(|parcel| parcel.delivered_at.is_some()) && !self.held.settled {
            self.held.settled = true;
            self.opened();
        }
    }

    /// The warehouse takes apart what holds these lines and did not leave, and packs the rest again, if
    /// there is any.
    pub(crate) fn take_apart(&mut self, pieces: &[(usize, u32)]) {
        let mut apart = false;
        for at in 0..self.held.order.parcels.len() {
            let parcel = &mut self.held.order.parcels[at];
            let inside = pieces.iter().any(|(line, _)| parcel.of(*line) > 0);
            if inside && parcel.is_live() && parcel.closed_at.is_none() {
                parcel.cancelled_at = Some(self.at);
                self.forget(|event| event == Event::Close(at) || event == Event::Tell(at));
                self.happen(None, Thing::ParcelTakenApart);
                apart = true;
            }
        }
        let nothing = self.packable().is_empty();
        if nothing {
            self.forget(|event| event == Event::Print);
        } else if apart {
            self.pack_again(SignedDuration::from_mins(20));
        }
    }

    /// The warehouse looks at the order again, some while later.
    pub(crate) fn pack_again(&mut self, after: SignedDuration) {
        let after = after + self.minutes("again", self.held.seq as usize, 5, 120);
        self.at_work(after, Event::Print);
    }
}

/// Two parcels' worth of pieces, of two or more.
fn halves(pieces: &[(usize, u32)]) -> [Vec<(usize, u32)>; 2] {
    match pieces {
        [(line, many)] => [vec![(*line, many / 2)], vec![(*line, many - many / 2)]],
        [first, rest @ ..] => [vec![*first], rest.to_vec()],
        [] => [Vec::new(), Vec::new()],
    }
}

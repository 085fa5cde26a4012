//! What went out again: for an exchange or a repair, to the buyer whose claim was taken back, or once
//! more. Sent again is sent; and what came and left again is not here.

use super::mapped::Mapped;
use super::{Arrived, Balance, Case, Claim, Invoice, Row, Unit};
use crate::fact::{ClaimKind, Grade, Quantity, Stage, Tells, pieces};

impl Case {
    /// Whether a parcel went out for a claim.
    pub(super) fn was_sent_again(&self, claim: &Claim) -> bool {
        let told = self.timeline.iter().any(|(by, fact)| {
            let Tells::Reshipped { claim: number, waybill: Some(_) } = &fact.tells else {
                return false;
            };
            *number == claim.number && self.documents[*by].account == claim.account
        });
        told || claim.stage() == Some(Stage::Done)
    }
}

/// Counts into the balances what went out again, and what of it had come.
pub(super) fn fold(case: &Case, balances: &mut [Balance], map: Option<&Mapped>) {
    for balance in balances {
        let unit = &balance.unit;
        let rows = pieces(case.rows.iter().map(|row| of_row(row, unit, map)));
        let (mut done, mut under_way) = (0, 0);
        for claim in case.claims.iter().filter(|claim| swaps(claim)) {
            let asked = of_claim(claim, unit, map);
            under_way = asked.saturating_add(under_way);
            if case.was_sent_again(claim) {
                done = asked.saturating_add(done);
            }
        }
        let out = here(case, unit, map).filter(|one| one.grade == Grade::SentOut);
        let out = pieces(out.map(|one| one.quantity));
        let later = case.rows.iter().filter(|row| is_later(case, row));
        let later = pieces(later.map(|row| sent(row, unit, map)));
        // What left for a claim that stands is another piece than the one that came for it.
        let given_back = rows.saturating_sub(under_way);
        let left = pieces([out, later, given_back]);
        balance.again = pieces([rows.max(done), out]);
        balance.left = left.min(balance.arrived);
    }
}

/// Goods back, goods out again.
fn swaps(claim: &Claim) -> bool {
    claim.stands() && matches!(claim.kind, Some(ClaimKind::Exchange | ClaimKind::Repair))
}

/// Whether a row was made when something of the order had come back: it is no new sale.
fn is_later(case: &Case, row: &Row) -> bool {
    let came = case.arrived.iter().filter(|one| one.is_certain()).map(|one| one.seen.when.at).min();
    !row.is_again() && came.is_some_and(|came| row.made.when.at > came)
}

fn here<'c>(
    case: &'c Case,
    unit: &'c Unit,
    map: Option<&'c Mapped>,
) -> impl Iterator<Item = &'c Arrived> {
    let is_it =
        move |one: &&Arrived| map.is_none_or(|map| map.resources.unit(&one.resource) == *unit);
    case.arrived.iter().filter(|one| one.is_certain()).filter(is_it)
}

/// Pieces of a unit in a row.
fn within(row: &Row, unit: &Unit, map: Option<&Mapped>) -> Quantity {
    let is_it = |map: &Mapped, resource| map.resources.unit(resource) == *unit;
    let items = row.items.iter();
    match map {
        None => row.quantity().unwrap_or(1),
        Some(map) => pieces(items.filter(|(one, _)| is_it(map, one)).map(|(_, pieces)| *pieces)),
    }
}

fn sent(row: &Row, unit: &Unit, map: Option<&Mapped>) -> Quantity {
    row.sent_and_held(within(row, unit, map)).0
}

/// Pieces of a row that left with parcels for a claim.
fn of_row(row: &Row, unit: &Unit, map: Option<&Mapped>) -> Quantity {
    let again = || row.invoices.iter().filter(|one| one.is_again);
    let closed = again().filter(|one| one.is_closed()).count() as Quantity;
    let all = within(row, unit, map);
    let is_all = again().filter(|one| !is_cancelled(one)).all(Invoice::is_closed);
    if closed > 0 && is_all { all } else { closed.min(all) }
}

const fn is_cancelled(invoice: &Invoice) -> bool {
    matches!(invoice.stage, crate::fact::InvoiceStage::Cancelled)
}

fn of_claim(claim: &Claim, unit: &Unit, map: Option<&Mapped>) -> Quantity {
    let asked = claim.lines.iter().map(|asked| {
        let per = map.map_or(1, |map| {
            pieces(map.within(&asked.line).filter(|(one, _)| *one == unit).map(|(_, per)| per))
        });
        asked.quantity.unwrap_or(1).saturating_mul(per)
    });
    pieces(asked)
}

/// Of what came, in order of time, the pieces that left again: what a later claim asks for is not these.
pub(super) fn left_of(case: &Case, map: Option<&Mapped>) -> Vec<Quantity> {
    let mut left: Vec<(&Unit, Quantity)> =
        case.balances.iter().map(|balance| (&balance.unit, balance.left)).collect();
    let sent_out = |one: &&Arrived| one.grade == Grade::SentOut;
    let order: Vec<usize> = {
        let mut all: Vec<usize> = (0..case.arrived.len()).collect();
        // What is said to have left first, then what came first.
        all.sort_by_key(|at| !sent_out(&&case.arrived[*at]));
        all
    };
    let mut each = vec![0; case.arrived.len()];
    for at in order {
        let one = &case.arrived[at];
        if !one.is_certain() {
            continue;
        }
        let unit = map.map_or(Unit::Order, |map| map.resources.unit(&one.resource));
        if let Some((_, left)) = left.iter_mut().find(|(known, _)| **known == unit) {
            each[at] = one.quantity.min(*left);
            *left -= each[at];
        }
    }
    each
}

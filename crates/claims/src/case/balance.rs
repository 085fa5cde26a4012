//! Sales and warehouse side by side: what was ordered, cancelled and asked back against what left and
//! what came back, in pieces of the warehouse where the item map settles it, else by order.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::mapped::Mapped;
use super::{Case, ItemMap, LineOf, again, back};
use crate::fact::{Grade, Quantity};

/// What pieces are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The whole order: the item map does not know every line, or the warehouse does not name what it
    /// holds as the map does.
    Order,
    /// One resource, by its bar code or number.
    Resource(String),
}

/// Pieces of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Balance {
    /// Counted by what.
    pub unit: Unit,
    /// Ordered, as far as the sales channel told.
    pub ordered: Option<Quantity>,
    /// In the warehouse's rows, whatever became of them.
    pub rows: Quantity,
    /// Cancelled for good.
    pub cancelled: Quantity,
    /// Asked to be cancelled, undecided.
    pub cancel_asked: Quantity,
    /// Asked back by claims that stand; `None` if one of them doesn't say how many.
    pub claimed: Option<Quantity>,
    /// Left the warehouse for certain.
    pub sent: Quantity,
    /// In rows or invoices that are not closed.
    pub held: Quantity,
    /// Left once more: for an exchange or a repair, or back to the buyer.
    pub again: Quantity,
    /// Came back, in the centre's or the seller's hands.
    pub arrived: Quantity,
    /// Of these, back to stock.
    pub good: Quantity,
    /// Of these, not sellable.
    pub unsellable: Quantity,
    /// Of those that came back, left again.
    pub left: Quantity,
    /// Came back or is written down to.
    pub noted: Quantity,
}

impl Balance {
    const fn of(unit: Unit) -> Self {
        Self {
            unit,
            ordered: None,
            rows: 0,
            cancelled: 0,
            cancel_asked: 0,
            claimed: Some(0),
            sent: 0,
            held: 0,
            again: 0,
            arrived: 0,
            good: 0,
            unsellable: 0,
            left: 0,
            noted: 0,
        }
    }

    /// Pieces that came back and are here.
    pub const fn here(&self) -> Quantity {
        self.arrived.saturating_sub(self.left)
    }

    /// Pieces that came back or are written down to, and did not leave again.
    pub const fn noted_here(&self) -> Quantity {
        self.noted.saturating_sub(self.left)
    }

    /// Pieces that left the warehouse, as the sale and again.
    pub const fn sent_in_all(&self) -> Quantity {
        self.sent.saturating_add(self.again)
    }

    /// Pieces of the order as far as anybody knows.
    pub fn total(&self) -> Quantity {
        self.ordered.unwrap_or(0).max(self.rows)
    }

    /// Pieces that are held and should not leave: those cancelled or asked to be.
    pub fn to_stop(&self) -> Quantity {
        let cancelled = self.cancelled.saturating_add(self.cancel_asked);
        let keep = self.total().saturating_sub(cancelled);
        let over = self.sent.saturating_add(self.held).saturating_sub(keep);
        over.min(self.held).min(cancelled)
    }

    /// Pieces that were stopped and should leave: nobody cancels them any more.
    pub fn to_resume(&self) -> Quantity {
        let cancelled = self.cancelled.saturating_add(self.cancel_asked);
        let keep = self.ordered.unwrap_or(self.rows).saturating_sub(cancelled);
        keep.saturating_sub(self.sent.saturating_add(self.held))
    }

    /// Pieces that left though they were cancelled for good.
    pub fn sent_over(&self) -> Quantity {
        let keep = self.total().saturating_sub(self.cancelled);
        self.sent.saturating_sub(keep).min(self.cancelled)
    }

    /// Pieces that may come back without a word: asked back, or cancelled and sent. `None` if not
    /// said.
    pub fn covered(&self) -> Option<Quantity> {
        self.claimed.map(|claimed| claimed.saturating_add(self.sent_over()))
    }
}

/// Counts, and gives what came back to the claims that wait for it.
pub(super) fn fold(case: &mut Case, items: &ItemMap) {
    let map = Mapped::of(case, items);
    for claim in &mut case.claims {
        let within = |map: &Mapped| {
            let units = claim.lines.iter().flat_map(|asked| map.within(&asked.line));
            units.map(|(unit, _)| unit.clone()).collect()
        };
        claim.units = map.as_ref().filter(|_| !claim.lines.is_empty()).map(within);
    }
    let mut balances = match &map {
        Some(map) => by_resource(case, map),
        None => vec![by_order(case)],
    };
    again::fold(case, &mut balances, map.as_ref());
    case.balances = balances;
    back::fold(case, map.as_ref());
}

fn by_order(case: &Case) -> Balance {
    let mut all = Balance::of(Unit::Order);
    let sum = |pieces: &dyn Fn(&LineOf) -> Quantity| {
        case.lines.iter().map(pieces).fold(0, Quantity::saturating_add)
    };
    let told = case.lines.iter().any(|line| line.ordered.is_some());
    all.ordered = told.then(|| sum(&|line| line.ordered.unwrap_or(0)));
    all.cancelled = sum(&|line| line.cancelled);
    all.cancel_asked = sum(&|line| line.cancel_asked);
    all.claimed = case
        .claims
        .iter()
        .filter(|claim| claim.wants_goods_back())
        .try_fold(0, |sum: Quantity, claim| Some(sum.saturating_add(claim.quantity()?)));
    let asked = all.cancelled.saturating_add(all.cancel_asked);
    for row in case.rows.iter().filter(|row| !row.is_again()) {
        let pieces = row.quantity().or(all.ordered).unwrap_or(asked.max(1));
        let (sent, held) = row.sent_and_held(pieces);
        all.rows = all.rows.saturating_add(pieces);
        all.sent = all.sent.saturating_add(sent);
        all.held = all.held.saturating_add(held);
    }
    let shipped = case.lines.iter().filter_map(|line| line.shipped);
    if case.rows.is_empty() {
        all.sent = shipped.fold(0, Quantity::saturating_add);
    }
    for arrived in &case.arrived {
        arrive(&mut all, arrived);
    }
    all
}

fn by_resource(case: &Case, map: &Mapped) -> Vec<Balance> {
    let mut all: BTreeMap<Unit, Balance> = BTreeMap::new();
    let of = |unit: &Unit| Balance::of(unit.clone());
    let add = |to: &mut Quantity, pieces: Quantity, per: Quantity| {
        *to = to.saturating_add(pieces.saturating_mul(per));
    };
    for line in &case.lines {
        for (unit, per) in map.within(&line.line) {
            let balance = all.entry(unit.clone()).or_insert_with(|| of(unit));
            if let Some(ordered) = line.ordered {
                let known = balance.ordered.get_or_insert(0);
                add(known, ordered, per);
            }
            add(&mut balance.cancelled, line.cancelled, per);
            add(&mut balance.cancel_asked, line.cancel_asked, per);
        }
    }
    for claim in case.claims.iter().filter(|claim| claim.wants_goods_back()) {
        for asked in &claim.lines {
            for (unit, per) in map.within(&asked.line) {
                let balance = all.entry(unit.clone()).or_insert_with(|| of(unit));
                let both = balance.claimed.zip(asked.quantity);
                balance.claimed =
                    both.map(|(sum, pieces)| sum.saturating_add(pieces.saturating_mul(per)));
            }
        }
    }
    for row in case.rows.iter().filter(|row| !row.is_again()) {
        for (resource, pieces) in &row.items {
            let unit = map.resources.unit(resource);
            let balance = all.entry(unit.clone()).or_insert_with(|| of(&unit));
            let (sent, held) = row.sent_and_held_of_one(*pieces);
            balance.rows = balance.rows.saturating_add(*pieces);
            balance.sent = balance.sent.saturating_add(sent);
            balance.held = balance.held.saturating_add(held);
        }
    }
    for arrived in &case.arrived {
        let unit = map.resources.unit(&arrived.resource);
        let balance = all.entry(unit.clone()).or_insert_with(|| of(&unit));
        arrive(balance, arrived);
    }
    all.into_values().collect()
}

fn arrive(balance: &mut Balance, arrived: &super::Arrived) {
    balance.noted = balance.noted.saturating_add(arrived.quantity);
    if !arrived.is_certain() {
        return;
    }
    balance.arrived = balance.arrived.saturating_add(arrived.quantity);
    match arrived.grade {
        Grade::Good => balance.good = balance.good.saturating_add(arrived.quantity),
        Grade::Unsellable => {
            balance.unsellable = balance.unsellable.saturating_add(arrived.quantity);
        }
        Grade::SentOut | Grade::Ungraded => {}
    }
}

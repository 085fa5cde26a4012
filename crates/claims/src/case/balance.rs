//! Sales and warehouse side by side: what was ordered, cancelled and asked back against what left and
//! what came back, in pieces of the warehouse where the item map settles it, else by order.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::goods::Resources;
use super::{Case, ItemMap, LineOf, Row};
use crate::fact::{self, Grade, Quantity};
use crate::link::CaseKey;

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
    /// Came back, in the centre's or the seller's hands.
    pub arrived: Quantity,
    /// Of these, back to stock.
    pub good: Quantity,
    /// Of these, not sellable.
    pub unsellable: Quantity,
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
            arrived: 0,
            good: 0,
            unsellable: 0,
            noted: 0,
        }
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
    let resources = Resources::of(case);
    let map = Mapped::of(case, items, &resources);
    case.balances = match &map {
        Some(map) => by_resource(case, map, &resources),
        None => vec![by_order(case)],
    };
    allocate(case, map.as_ref(), &resources);
}

impl Case {
    /// Of each row, in their order, the pieces it still holds that should not leave.
    pub fn to_stop(&self) -> Vec<Quantity> {
        let resources = Resources::of(self);
        let each = self.balances.iter();
        let mut left: BTreeMap<&Unit, Quantity> =
            each.map(|balance| (&balance.unit, balance.to_stop())).collect();
        let mut take = |unit: &Unit, held: Option<Quantity>| {
            left.get_mut(unit).map_or(0, |left| {
                let taken = held.unwrap_or(*left).min(*left);
                *left -= taken;
                taken
            })
        };
        let of_row = |row: &Row| {
            if !row.is_open() || row.is_again() {
                return 0;
            }
            let whole = row.quantity().map(|pieces| row.sent_and_held(pieces).1);
            let by_order = take(&Unit::Order, whole);
            let items = row.items.iter().map(|(resource, pieces)| {
                take(&resources.unit(resource), Some(row.sent_and_held_of_one(*pieces).1))
            });
            by_order.saturating_add(fact::pieces(items))
        };
        self.rows.iter().map(of_row).collect()
    }
}

/// The item map, if it knows every line: by line, the units in one piece.
struct Mapped {
    lines: BTreeMap<String, BTreeMap<Unit, Quantity>>,
}

impl Mapped {
    fn of(case: &Case, items: &ItemMap, resources: &Resources) -> Option<Self> {
        let CaseKey::Sale { account, .. } = case.key else { return None };
        let unit = |text: &String| {
            Unit::Resource(
                resources.named(text).map_or_else(|| text.clone(), |at| resources.label(at)),
            )
        };
        let mut lines = BTreeMap::new();
        for line in &case.lines {
            let within = items.of(account, &line.line)?;
            let within = within.iter().map(|(text, pieces)| (unit(text), *pieces)).collect();
            lines.insert(super::line_key(&line.line), within);
        }
        (!lines.is_empty() && Self::fits(case, &lines, resources)).then_some(Self { lines })
    }

    /// Whether what the warehouse has can be told apart as the map does: everything has a bar code or
    /// number, and nothing the map names is missing. Else a cancel could point past what is held.
    fn fits(
        case: &Case,
        lines: &BTreeMap<String, BTreeMap<Unit, Quantity>>,
        resources: &Resources,
    ) -> bool {
        if case.rows.is_empty() {
            return resources.are_named();
        }
        let labels: BTreeSet<Unit> = resources.labels().map(Unit::Resource).collect();
        let told = case.rows.iter().all(|row| !row.items.is_empty());
        told && resources.are_named()
            && lines.values().flat_map(BTreeMap::keys).all(|unit| labels.contains(unit))
    }

    fn within(&self, line: &fact::Line) -> impl Iterator<Item = (&Unit, Quantity)> {
        let within = self.lines.get(&super::line_key(line));
        within.into_iter().flatten().map(|(unit, pieces)| (unit, *pieces))
    }
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

fn by_resource(case: &Case, map: &Mapped, resources: &Resources) -> Vec<Balance> {
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
            let unit = resources.unit(resource);
            let balance = all.entry(unit.clone()).or_insert_with(|| of(&unit));
            let (sent, held) = row.sent_and_held_of_one(*pieces);
            balance.rows = balance.rows.saturating_add(*pieces);
            balance.sent = balance.sent.saturating_add(sent);
            balance.held = balance.held.saturating_add(held);
        }
    }
    for arrived in &case.arrived {
        let unit = resources.unit(&arrived.resource);
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

/// Gives what came back to the claims, by their waybill first, then in the order they were opened.
fn allocate(case: &mut Case, map: Option<&Mapped>, resources: &Resources) {
    let mut open: Vec<usize> =
        (0..case.claims.len()).filter(|at| case.claims[*at].wants_goods_back()).collect();
    open.sort_by_key(|at| {
        let claim = &case.claims[*at];
        (claim.opened.map(|seen| seen.when.at), claim.account, claim.number.clone())
    });
    let wanted: BTreeMap<usize, BTreeSet<Unit>> = open
        .iter()
        .map(|at| {
            let lines = case.claims[*at].lines.iter();
            let units = lines.flat_map(|asked| map.iter().flat_map(|map| map.within(&asked.line)));
            (*at, units.map(|(unit, _)| unit.clone()).collect())
        })
        .collect();
    for at in &open {
        let claim = &mut case.claims[*at];
        claim.awaited = match map {
            None => claim.quantity(),
            Some(map) => claim.lines.iter().try_fold(0, |sum: Quantity, asked| {
                let pieces = asked.quantity?;
                let per =
                    map.within(&asked.line).map(|(_, per)| per).fold(0, Quantity::saturating_add);
                Some(sum.saturating_add(pieces.saturating_mul(per)))
            }),
        };
    }
    for arrived in case.arrived.iter().filter(|arrived| arrived.is_certain()) {
        let unit = resources.unit(&arrived.resource);
        let mut takers: Vec<usize> =
            open.iter().copied().filter(|at| map.is_none() || wanted[at].contains(&unit)).collect();
        let has = |at: &usize| {
            arrived.waybill.as_ref().is_some_and(|code| case.claims[*at].waybills.contains(code))
        };
        takers.sort_by_key(|at| !has(at));
        let mut left = arrived.quantity;
        for at in takers {
            let claim = &mut case.claims[at];
            let room =
                claim.awaited.map_or(Quantity::MAX, |n| n.saturating_sub(claim.back.quantity));
            if room == 0 {
                continue;
            }
            // An empty parcel is somebody's too: of the first who still waits.
            let taken = left.min(room);
            claim.back.quantity = claim.back.quantity.saturating_add(taken);
            claim.back.first = claim.back.first.or(Some(arrived.seen));
            claim.back.last = claim.back.last.max(Some(arrived.seen));
            claim.back.docs.insert(arrived.seen.by);
            left -= taken;
            if left == 0 {
                break;
            }
        }
    }
}

//! Which rows of the warehouse hold what a claim is about, and whether anybody can tell.
//!
//! Where the item map settles what was sold, a piece is in the rows that hold its resource. Where it
//! does not, any row may hold it, unless only one is there, all of them hold the same thing, or all that
//! is there is meant.

use std::collections::{BTreeMap, BTreeSet};

use super::goods::Resources;
use super::{Balance, Case, Claim, Row, Unit};
use crate::fact::{self, Quantity};

/// Rows a claim may be about.
#[derive(Debug, Clone)]
pub struct Rows<'c> {
    /// Which, in their order; none that goes out for a claim.
    pub all: Vec<&'c Row>,
    /// Whether it is about all of these. If not, it is about some, and nobody can tell which.
    pub are_certain: bool,
}

/// Pieces of rows about which something has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked<'c> {
    /// So many of each of these rows.
    Each(Vec<(&'c Row, Quantity)>),
    /// So many of some of these rows, and nobody can tell of which.
    SomeOf(Vec<&'c Row>, Quantity),
}

impl Case {
    /// The rows a claim may be about.
    pub fn rows_of(&self, claim: &Claim) -> Rows<'_> {
        let resources = Resources::of(self);
        let holds = |row: &&Row| match &claim.units {
            Some(units) => row.items.iter().any(|(one, _)| units.contains(&resources.unit(one))),
            None => true,
        };
        let all: Vec<&Row> = self.rows.iter().filter(|row| !row.is_again()).filter(holds).collect();
        let there = fact::pieces_if_told(all.iter().map(|row| row.quantity()));
        let is_all = claim.quantity().zip(there).is_some_and(|(asked, there)| asked >= there);
        let are_certain = claim.units.is_some() || is_all || are_alike(&resources, &all);
        Rows { all, are_certain }
    }

    /// The rows several claims together may be about; every row if there is no claim.
    pub fn rows_of_all<'c>(&self, claims: impl IntoIterator<Item = &'c Claim>) -> Rows<'_> {
        let each: Vec<Rows<'_>> = claims.into_iter().map(|claim| self.rows_of(claim)).collect();
        let of_any = |row: &&Row| {
            each.iter().any(|rows| {
                rows.all.iter().any(|one| one.number == row.number && one.account == row.account)
            })
        };
        let rows = self.rows.iter().filter(|row| !row.is_again());
        let all: Vec<&Row> = rows.filter(|row| each.is_empty() || of_any(row)).collect();
        let are_certain = each.iter().all(|rows| rows.are_certain)
            && (!each.is_empty() || are_alike(&Resources::of(self), &all));
        Rows { all, are_certain }
    }

    /// What rows still hold that should not leave.
    pub fn to_stop(&self) -> Picked<'_> {
        let open = self.rows.iter().filter(|row| row.is_open()).collect();
        // What was cancelled may be what left already.
        let live = self.rows.iter().filter(|row| !row.is_again() && !row.is_stopped()).collect();
        self.pick(Balance::to_stop, open, live, |row, pieces, of_one| {
            if of_one { row.sent_and_held_of_one(pieces).1 } else { row.sent_and_held(pieces).1 }
        })
    }

    /// What of rows that were stopped should leave after all.
    pub fn to_resume(&self) -> Picked<'_> {
        let stopped: Vec<&Row> = self.rows.iter().filter(|row| row.is_stopped()).collect();
        self.pick(Balance::to_resume, stopped.clone(), stopped, |_, pieces, _| pieces)
    }

    /// Hands pieces to rows, as far as it can be told which.
    fn pick<'c>(
        &'c self,
        pieces: impl Fn(&Balance) -> Quantity,
        rows: Vec<&'c Row>,
        may: Vec<&'c Row>,
        in_row: impl Fn(&Row, Quantity, bool) -> Quantity,
    ) -> Picked<'c> {
        let resources = Resources::of(self);
        let each = self.balances.iter();
        let mut left: BTreeMap<&Unit, Quantity> =
            each.map(|balance| (&balance.unit, pieces(balance))).collect();
        if let Some(wanted) = left.get(&Unit::Order).copied().filter(|pieces| *pieces > 0) {
            let there = |row: &Row| row.quantity().map(|all| in_row(row, all, false));
            let all = fact::pieces_if_told(rows.iter().map(|row| there(row)));
            let is_all = rows.len() == may.len() && all.is_some_and(|all| wanted >= all);
            if !is_all && !rows.is_empty() && !are_alike(&resources, &may) {
                return Picked::SomeOf(may, wanted);
            }
        }
        let mut take = |unit: &Unit, there: Option<Quantity>| {
            left.get_mut(unit).map_or(0, |left| {
                let taken = there.unwrap_or(*left).min(*left);
                *left -= taken;
                taken
            })
        };
        let mut of_row = |row: &Row| {
            let whole = row.quantity().map(|all| in_row(row, all, false));
            let by_order = take(&Unit::Order, whole);
            let items = row.items.iter().map(|(resource, pieces)| {
                take(&resources.unit(resource), Some(in_row(row, *pieces, true)))
            });
            by_order.saturating_add(fact::pieces(items))
        };
        let each = rows.into_iter().map(|row| (row, of_row(row)));
        Picked::Each(each.filter(|(_, pieces)| *pieces > 0).collect())
    }
}

/// Whether a piece of one of these rows is as good as a piece of another.
fn are_alike(resources: &Resources, rows: &[&Row]) -> bool {
    let what = |row: &&Row| -> BTreeSet<Unit> {
        row.items.iter().map(|(resource, _)| resources.unit(resource)).collect()
    };
    let Some((first, others)) = rows.split_first() else { return true };
    let first = what(first);
    // What has neither bar code nor number is called nothing.
    let is_one = first.len() == 1 && !first.contains(&Unit::Resource(String::new()));
    others.is_empty() || is_one && others.iter().all(|row| what(row) == first)
}

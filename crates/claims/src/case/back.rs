//! What came back, given to the claims that wait for it.

use std::collections::{BTreeMap, BTreeSet};

use super::mapped::Mapped;
use super::{Case, Seen, Unit, again, line_key};
use crate::fact::Quantity;

/// Gives what came back to the claims, by their waybill first, then in the order they were opened.
pub(super) fn fold(case: &mut Case, map: Option<&Mapped>) {
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
    let left_again = again::left_of(case, map);
    let came = case.arrived.iter().zip(left_again);
    for (arrived, gone) in came.filter(|(arrived, _)| arrived.is_certain()) {
        let unit = map.map(|map| map.resources.unit(&arrived.resource));
        // What came before a claim was opened, and left again, did not come for it.
        let is_gone = |at: &usize| {
            let is_later = |seen: Seen| seen.when.at > arrived.seen.when.at;
            gone > 0 && gone >= arrived.quantity && case.claims[*at].opened.is_some_and(is_later)
        };
        let wants =
            |at: &usize| unit.as_ref().is_none_or(|unit| wanted[at].contains(unit)) && !is_gone(at);
        let mut takers: Vec<usize> = open.iter().copied().filter(wants).collect();
        let has = |at: &usize| {
            arrived.waybill.as_ref().is_some_and(|code| case.claims[*at].waybills.contains(code))
        };
        takers.sort_by_key(|at| !has(at));
        let mut left = arrived.quantity;
        let what = |at: &usize| -> BTreeSet<String> {
            case.claims[*at].lines.iter().map(|asked| line_key(&asked.line)).collect()
        };
        let waits = |at: &&usize| {
            let claim = &case.claims[**at];
            claim.awaited.is_none_or(|awaited| awaited > claim.back.quantity)
        };
        let others: BTreeSet<BTreeSet<String>> = takers.iter().filter(waits).map(what).collect();
        let is_guess = map.is_none() && others.len() > 1 && !takers.iter().any(has);
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
            claim.back.is_guess |= is_guess;
            left -= taken;
            if left == 0 {
                break;
            }
        }
    }
}

//! What is refunded, or asked for, beyond what there is: of each line, the claims are given the pieces
//! that were ordered, those the channel refunded first; who finds none left asks for too much.

use super::{Balance, Case, Claim, line_key};
use crate::fact::{ClaimKind, Quantity, pieces};

/// Counts what each claim has beyond what there is.
pub(super) fn fold(case: &mut Case) {
    let mut claims: Vec<usize> =
        (0..case.claims.len()).filter(|at| takes(case, &case.claims[*at])).collect();
    claims.sort_by_key(|at| {
        let claim = &case.claims[*at];
        let opened = claim.opened.map(|seen| seen.when.at);
        (!is_refunded(claim), claim.refunded.map(|seen| seen.when.at), opened, *at)
    });
    for line in &case.lines {
        let Some(mut left) = line.ordered else { continue };
        let key = line_key(&line.line);
        for at in &claims {
            let asked = case.claims[*at].lines.iter_mut();
            for one in asked.filter(|one| line_key(&one.line) == key) {
                // Whoever does not say how many asks for one at least.
                let wants = one.quantity.unwrap_or(1);
                one.beyond = wants.saturating_sub(left);
                left = left.saturating_sub(wants);
            }
        }
    }
    let beyond = pieces(case.claims.iter().map(Claim::beyond));
    cancelled_and_returned(case, beyond);
}

/// What was cancelled and refunded, left all the same and is asked back: the return would refund it once
/// more. Of several returns the last is asked first, so that it is told before money goes.
fn cancelled_and_returned(case: &mut Case, known: Quantity) {
    let twice = |balance: &Balance| {
        let claimed = balance.claimed.unwrap_or(0);
        let unasked = balance.here().saturating_sub(claimed);
        balance.sent_over().saturating_sub(unasked).min(claimed)
    };
    let mut left = pieces(case.balances.iter().map(twice)).saturating_sub(known);
    let is_return = |claim: &Claim| claim.kind == Some(ClaimKind::Return);
    let mut returns: Vec<usize> = (0..case.claims.len())
        .filter(|at| is_return(&case.claims[*at]) && takes(case, &case.claims[*at]))
        .collect();
    returns.sort_by_key(|at| {
        let claim = &case.claims[*at];
        (!is_refunded(claim), claim.opened.map(|seen| seen.when.at), *at)
    });
    for at in returns.into_iter().rev() {
        for one in &mut case.claims[at].lines {
            let room = one.quantity.unwrap_or(1).saturating_sub(one.beyond);
            let more = room.min(left);
            one.beyond = one.beyond.saturating_add(more);
            left -= more;
        }
    }
}

/// Whether money went back for good, or the seller handed over what belongs to it.
fn is_refunded(claim: &Claim) -> bool {
    claim.refunded.is_some() || !claim.is_open()
}

/// Whether a claim takes pieces for itself. What was exchanged or mended is with the buyer again.
fn takes(case: &Case, claim: &Claim) -> bool {
    if !claim.stands() {
        return false;
    }
    match claim.kind {
        Some(ClaimKind::Cancel | ClaimKind::Return) => true,
        Some(ClaimKind::Exchange | ClaimKind::Repair) => {
            claim.is_open() && !case.was_sent_again(claim)
        }
        None => false,
    }
}

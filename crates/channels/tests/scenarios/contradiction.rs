//! What can't both be done: a table of proposals that no two findings of one case may make.

use hoesu_claims::Finding;
use hoesu_claims::assess::Proposed;

/// Two findings of which one says the opposite of the other.
pub(crate) fn contradiction(findings: &[Finding]) -> Option<String> {
    let proposed: Vec<&Proposed> =
        findings.iter().filter_map(|one| one.proposed.as_ref()).collect();
    let each = proposed.iter().flat_map(|one| proposed.iter().map(move |other| (one, other)));
    each.filter(|(one, other)| are_opposed(one, other))
        .map(|(one, other)| format!("{one:?} and {other:?}"))
        .next()
}

/// What pays a claim back, or leads there.
#[expect(clippy::wildcard_enum_match_arm, reason = "a table of what is opposed")]
fn pays(proposed: &Proposed) -> Option<&String> {
    match proposed {
        Proposed::Refund { claim, .. } | Proposed::Approve { claim, .. } => Some(claim),
        _ => None,
    }
}

/// Rows that are to be sent, or not to be.
#[expect(clippy::wildcard_enum_match_arm, reason = "a table of what is opposed")]
fn rows(proposed: &Proposed) -> (Vec<&String>, Vec<&String>) {
    match proposed {
        Proposed::StopShipment { row, .. } => (vec![row], Vec::new()),
        Proposed::StopOneOf { rows, .. } => (rows.iter().collect(), Vec::new()),
        Proposed::Resume { row, .. } => (Vec::new(), vec![row]),
        Proposed::ResumeOneOf { rows, .. } => (Vec::new(), rows.iter().collect()),
        _ => (Vec::new(), Vec::new()),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a table of what is opposed")]
fn are_opposed(one: &Proposed, other: &Proposed) -> bool {
    let is_paid = |claim: &String| pays(one) == Some(claim);
    let (stops, sends) = (rows(one).0, rows(other).1);
    if stops.iter().any(|row| sends.contains(row)) {
        return true;
    }
    match other {
        // What left cannot have been stopped, and is paid back when it returns.
        Proposed::AnswerShipped { claim, .. } => {
            let stopped =
                matches!(one, Proposed::AnswerStopped { claim: other, .. } if other == claim);
            let checked = matches!(one, Proposed::CheckRefund { claim: other } if other == claim);
            is_paid(claim) || stopped || checked
        }
        // What is to be fetched, or will never come, is not here to be paid for.
        Proposed::ChaseGoods { claim } | Proposed::Appeal { claim, .. } => {
            let both = matches!(
                (one, other),
                (Proposed::ChaseGoods { claim: one }, Proposed::Appeal { claim: other, .. })
                if one == other
            );
            is_paid(claim) || both
        }
        Proposed::CollectAgain { what } => is_paid(what),
        // What is refunded or asked for too much is not paid, nor are its goods looked for.
        Proposed::RefuseExcess { claims, .. } | Proposed::RecoverRefund { claims, .. } => {
            let is_chased = matches!(
                one,
                Proposed::ChaseGoods { claim } | Proposed::Appeal { claim, .. } if claims.contains(claim)
            );
            claims.iter().any(is_paid) || is_chased
        }
        _ => false,
    }
}

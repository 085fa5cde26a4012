//! 취소 후 출고: pieces left though they were cancelled for good. Cleared when as many are back without
//! another claim, or a return takes over.

use super::Rule;
use crate::assess::{
    Finding, Proposed, View, latest, risk_en, risk_ko, unsettled_en, unsettled_ko,
};
use crate::case::{Balance, Claim, Invoice, codes};
use crate::fact::{Quantity, pieces};
use crate::josa;

/// Pieces that left though they were cancelled, and that neither a return asks back nor came back
/// beyond what returns ask for. A return of unknown size asks for all of them.
fn uncovered(balance: &Balance) -> Quantity {
    let asked = balance.claimed.unwrap_or(Quantity::MAX);
    let back = balance.here().saturating_sub(asked);
    balance.sent_over().saturating_sub(asked.max(back))
}

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let pieces = pieces(view.case.balances.iter().map(uncovered));
    if pieces == 0 {
        return Vec::new();
    }
    let cancels = || view.case.claims.iter().filter(|claim| claim.is_final_cancel());
    let mut rows = view.case.rows_of_all(cancels());
    // What was stopped or is still held did not leave.
    rows.all.retain(|row| row.live().any(Invoice::is_closed));
    rows.are_certain |= rows.all.len() <= 1;
    let closed: Vec<&Invoice> =
        rows.all.iter().flat_map(|row| row.live().filter(|one| one.is_closed())).collect();
    let waybills = codes(closed.iter().copied());
    let decided = cancels().filter_map(|claim| claim.stage).map(|(_, seen)| seen);
    let since = latest(decided.chain(closed.iter().map(|invoice| invoice.seen)));
    let docs = cancels()
        .flat_map(|claim: &Claim| claim.docs.iter().copied())
        .chain(closed.iter().map(|invoice| invoice.seen.by));
    let won = view.worth(pieces).or_else(|| super::amount_of(view, cancels(), pieces));
    let (which_ko, which_en) = (unsettled_ko(&rows), unsettled_en(&rows));
    let codes = waybills.join(", ");
    let (by_ko, by_en) = if codes.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("송장 {} ", josa::means(&codes)), format!(" with {codes}"))
    };
    let finding = view.finding(Rule::CancelledButShipped, "goods", since);
    let finding = finding.seen_in(view, docs).of_claims(cancels()).at_risk(won).says(
        format!(
            "주문 {}: 취소가 확정된 {pieces}개가 {by_ko}이미 출고됐어요. 회수해 주세요.{which_ko}{}",
            view.order(),
            risk_ko(won)
        ),
        format!(
            "Order {}: {pieces} cancelled for good left{by_en}. Get them back.{which_en}{}",
            view.order(),
            risk_en(won)
        ),
    );
    vec![finding.propose(Proposed::RecoverParcel { waybills, quantity: pieces })]
}

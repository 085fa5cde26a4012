//! 철회 후 보류: a cancel was taken back, and the shipment is still stopped. Cleared when an invoice
//! lives again.

use super::Rule;
use crate::assess::{Finding, Proposed, View, latest, risk_en, risk_ko};
use crate::case::{Claim, Row};
use crate::fact::ClaimKind;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    // A withdrawal may be all that is known of a claim.
    let cancel = |claim: &&Claim| matches!(claim.kind, Some(ClaimKind::Cancel) | None);
    let claims = || view.case.claims.iter().filter(cancel);
    let withdrawn = || claims().filter(|claim| claim.is_withdrawn());
    if withdrawn().next().is_none() || claims().any(Claim::stands) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for row in view.case.rows.iter().filter(|row| Row::is_stopped(row)) {
        let ended = withdrawn().filter_map(|claim| claim.stage).map(|(_, seen)| seen);
        let stops = row.invoices.iter().map(|invoice| invoice.seen);
        let docs = withdrawn().flat_map(|claim| claim.docs.iter().copied());
        let won = row.paid;
        let pieces = row.quantity().map(|pieces| format!(" {pieces}개")).unwrap_or_default();
        let count = row.quantity().map(|pieces| format!(" of {pieces}")).unwrap_or_default();
        let (warehouse, number) = (row.account, row.number.clone());
        findings.push(
            view.finding(
                Rule::WithdrawnButHeld,
                format!("row/{number}"),
                latest(ended.chain(stops)),
            )
            .seen_in(view, docs.chain([row.made.by]))
            .at_risk(won)
            .propose(Proposed::Resume { warehouse, row: number })
            .says(
                format!(
                    "주문 {}: 취소가 철회됐는데 출고{pieces}가 아직 멈춰 있어요. 다시 내보내 주세요.{}",
                    view.order(), risk_ko(won)
                ),
                format!(
                    "Order {}: the cancel was taken back, and the shipment{count} is still stopped. Send it.{}",
                    view.order(), risk_en(won)
                ),
            ),
        );
    }
    findings
}

//! 출고중지 필요: a cancel, final or undecided, covers pieces that a row or invoice still holds.
//! Cleared when the invoice is cancelled or closed, or the claim taken back. The packing closes
//! whenever the warehouse gets to it, so there is no later deadline than now.

use super::Rule;
use crate::assess::{Finding, Proposed, View, latest, risk_en, risk_ko};
use crate::case::{Claim, Invoice};
use crate::josa;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    if view.case.balances.iter().all(|balance| balance.to_stop() == 0) {
        return Vec::new();
    }
    let cancels = || {
        let claims = view.case.claims.iter();
        claims.filter(|claim| claim.is_final_cancel() || claim.is_open_cancel())
    };
    let mut findings = Vec::new();
    let rows = view.case.rows.iter().zip(view.case.to_stop());
    for (row, pieces) in rows.filter(|(_, pieces)| *pieces > 0) {
        let open: Vec<&Invoice> = row.live().filter(|invoice| invoice.is_open()).collect();
        let asked = cancels().filter_map(|claim| claim.opened);
        let since = latest(asked.chain([row.made]));
        let docs = cancels().flat_map(|claim| claim.docs.iter().copied()).chain([row.made.by]);
        let is_final = cancels().all(Claim::is_final_cancel);
        let (state_ko, state_en) =
            if is_final { ("확정됐", "final") } else { ("요청됐", "asked for") };
        let (place_ko, place_en) = match open.as_slice() {
            [] => ("아직 송장이 없어요".to_owned(), "no invoice yet".to_owned()),
            invoices => {
                let codes: Vec<&str> = invoices.iter().map(|one| code(one)).collect();
                let codes = codes.join(", ");
                (
                    format!("송장 {} 아직 열려 있어요", josa::subject(&codes)),
                    format!("invoice {codes} still open"),
                )
            }
        };
        let won = view.worth(pieces);
        let finding = view.finding(Rule::StopShipment, format!("row/{}", row.number), since);
        let proposed = Proposed::StopShipment {
            warehouse: row.account,
            row: row.number.clone(),
            invoices: open.iter().map(|one| code(one).to_owned()).collect(),
            quantity: pieces,
        };
        findings.push(
            finding.seen_in(view, docs).at_risk(won).propose(proposed).says(
                format!(
                    "주문 {}: 취소가 {state_ko}는데 물류센터에 {pieces}개가 남아 있고, {place_ko}. 출고를 멈춰 주세요.{}",
                    view.order(),
                    risk_ko(won)
                ),
                format!(
                    "Order {}: a cancel is {state_en}, and the warehouse still holds {pieces} ({place_en}). Stop the shipment.{}",
                    view.order(),
                    risk_en(won)
                ),
            ),
        );
    }
    findings
}

fn code(invoice: &Invoice) -> &str {
    invoice.waybill.as_deref().unwrap_or(&invoice.number)
}

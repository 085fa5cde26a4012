//! 출고중지요청 미응답: the channel asks to stop a shipment and nobody answered. What to answer is
//! proposed from the invoice's state, and nothing while that is unknown. Due with the refund.

use super::{Rule, owed};
use crate::assess::{Finding, Proposed, View, end_of};
use crate::case::{Claim, Invoice};
use crate::josa;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let waiting = view.case.claims.iter().filter(|claim| claim.waits_for_stop());
    waiting.map(|claim| finding(view, claim)).collect()
}

fn finding(view: &View<'_>, claim: &Claim) -> Finding {
    let order = view.order();
    let since = super::opened(claim);
    let (proposed, ko, en) = answer(view, claim);
    let rows =
        view.case.rows.iter().flat_map(|row| {
            row.invoices.iter().map(|invoice| invoice.seen.by).chain([row.made.by])
        });
    let due = owed(view.case, claim, view.calendar).and_then(|owed| end_of(owed.clock.due));
    let pieces = claim.quantity().map(|pieces| format!(" {pieces}개")).unwrap_or_default();
    let count = claim.quantity().map(|pieces| format!(" of {pieces}")).unwrap_or_default();
    let mut finding = view
        .finding(Rule::StopUnanswered, format!("claim/{}", claim.number), since)
        .seen_in(view, claim.docs.iter().copied().chain(rows))
        .until(due)
        .at_risk(view.amount(claim))
        .says(
            format!(
                "주문 {order}: 접수 {}의 출고중지요청{pieces}에 아직 답하지 않았어요. {ko}",
                claim.number
            ),
            format!(
                "Order {order}: the request{count} to stop (claim {}) is unanswered. {en}",
                claim.number
            ),
        );
    finding.proposed = proposed;
    finding
}

fn answer(view: &View<'_>, claim: &Claim) -> (Option<Proposed>, String, String) {
    let rows = || view.case.rows.iter().filter(|row| !row.is_again());
    let closed: Vec<&Invoice> =
        rows().flat_map(|row| row.live().filter(|invoice| invoice.is_closed())).collect();
    if let Some(invoice) = closed.first() {
        let waybill = invoice.waybill.clone();
        let (courier, number) =
            (invoice.courier.clone(), waybill.clone().unwrap_or_else(|| invoice.number.clone()));
        let by = courier.as_ref().map(|courier| format!("{courier} ")).unwrap_or_default();
        return (
            Some(Proposed::AnswerShipped { claim: claim.number.clone(), courier, waybill }),
            format!("{by}송장 {} 이미 출고됐으니 '이미출고'로 답해 주세요.", josa::means(&number)),
            format!("It left already ({by}{number}): answer «shipped»."),
        );
    }
    if let Some(row) = rows().find(|row| row.is_open()) {
        let open = row.live().filter(|invoice| invoice.is_open());
        let invoices =
            open.map(|one| one.waybill.clone().unwrap_or_else(|| one.number.clone())).collect();
        let quantity = claim.quantity().or(row.quantity()).unwrap_or(0);
        return (
            Some(Proposed::StopShipment {
                warehouse: row.account,
                row: row.number.clone(),
                invoices,
                quantity,
            }),
            "물류센터에 아직 남아 있으니 출고를 멈춘 뒤 '출고중지'로 답해 주세요.".to_owned(),
            "The warehouse still holds it: stop it there, then answer «stopped».".to_owned(),
        );
    }
    if rows().next().is_some() {
        return (
            Some(Proposed::AnswerStopped {
                claim: claim.number.clone(),
                quantity: claim.quantity(),
            }),
            "송장이 취소됐으니 '출고중지'로 답해 주세요.".to_owned(),
            "Its invoice is cancelled: answer «stopped».".to_owned(),
        );
    }
    (
        None,
        "송장 상태를 몰라서 아직 어떤 답도 보내면 안 돼요. 물류센터에 확인해 주세요.".to_owned(),
        "The invoice's state is unknown, so nothing may be sent yet: ask the warehouse.".to_owned(),
    )
}

//! 출고중지요청 미응답: the channel asks to stop a shipment and nobody answered. What to answer is
//! proposed from the invoice's state, and nothing while that is unknown. Due with the refund.

use super::{Rule, owed};
use crate::assess::{Finding, Proposed, View, end_of, unsettled_en, unsettled_ko};
use crate::case::{Claim, Invoice, Row, codes};
use crate::fact::pieces_if_told;
use crate::id::AccountId;
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
        .of_claims([claim])
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

/// Whether what a claim wants stopped left for certain.
pub(super) fn has_left(view: &View<'_>, claim: &Claim) -> bool {
    matches!(answer(view, claim).0, Some(Proposed::AnswerShipped { .. }))
}

fn answer(view: &View<'_>, claim: &Claim) -> (Option<Proposed>, String, String) {
    let rows = view.case.rows_of(claim);
    let open: Vec<&Row> = rows.all.iter().copied().filter(|row| row.is_open()).collect();
    let closed: Vec<&Invoice> =
        rows.all.iter().flat_map(|row| row.live().filter(|one| one.is_closed())).collect();
    // One row may stand for another only where they are in the same state.
    let are_mixed = rows.all.iter().any(|row| !row.is_open()) && !open.is_empty();
    if !rows.are_certain
        && (are_mixed || !closed.is_empty() && rows.all.iter().any(|row| row.is_stopped()))
    {
        return (
            None,
            format!("어느 출고를 멈출지 아직 정할 수 없어요.{}", unsettled_ko(&rows)),
            format!("Nothing may be sent yet.{}", unsettled_en(&rows)),
        );
    }
    if let [row] = open.as_slice() {
        return stop(row, claim);
    }
    if !open.is_empty() {
        let mut warehouses: Vec<AccountId> = open.iter().map(|row| row.account).collect();
        warehouses.dedup();
        let live = open.iter().flat_map(|row| row.live().filter(|one| one.is_open()));
        let quantity = claim.quantity().or(pieces_if_told(open.iter().map(|row| row.quantity())));
        let proposed = Proposed::StopOneOf {
            warehouses,
            rows: open.iter().map(|row| row.number.clone()).collect(),
            invoices: codes(live),
            quantity: quantity.unwrap_or(0),
        };
        return (
            Some(proposed),
            format!(
                "물류센터에 아직 남아 있으니 출고를 멈춘 뒤 '출고중지'로 답해 주세요.{}",
                unsettled_ko(&rows)
            ),
            format!(
                "The warehouse still holds it: stop it there, then answer «stopped».{}",
                unsettled_en(&rows)
            ),
        );
    }
    if let Some(invoice) = closed.first() {
        let is_one = rows.are_certain || closed.len() == 1;
        let (courier, waybill) =
            if is_one { (invoice.courier.clone(), invoice.waybill.clone()) } else { (None, None) };
        let by = courier.as_ref().map(|courier| format!("{courier} ")).unwrap_or_default();
        let codes = codes(closed.iter().copied()).join(", ");
        let code = if is_one { invoice.code().to_owned() } else { codes };
        return (
            Some(Proposed::AnswerShipped { claim: claim.number.clone(), courier, waybill }),
            format!(
                "{by}송장 {} 이미 출고됐으니 '이미출고'로 답해 주세요.{}",
                josa::means(&code),
                unsettled_ko(&rows)
            ),
            format!("It left already ({by}{code}): answer «shipped».{}", unsettled_en(&rows)),
        );
    }
    if !rows.all.is_empty() {
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

fn stop(row: &Row, claim: &Claim) -> (Option<Proposed>, String, String) {
    let open = row.live().filter(|invoice| invoice.is_open());
    let invoices = codes(open);
    let held = row.quantity().map(|pieces| row.sent_and_held(pieces).1);
    let quantity = claim.quantity().into_iter().chain(held).min().unwrap_or(0);
    let left = row.live().filter(|invoice| invoice.is_closed());
    let left = codes(left).join(", ");
    let (left_ko, left_en) = if left.is_empty() {
        (String::new(), String::new())
    } else {
        (
            format!(
                " 송장 {} 이미 나간 것이 있으니 답은 멈춘 결과를 보고 정해 주세요.",
                josa::means(&left)
            ),
            format!(" Some left with {left}: decide on the answer when you know what was stopped."),
        )
    };
    (
        Some(Proposed::StopShipment {
            warehouse: row.account,
            row: row.number.clone(),
            invoices,
            quantity,
        }),
        format!("물류센터에 아직 남아 있으니 출고를 멈춘 뒤 '출고중지'로 답해 주세요.{left_ko}"),
        format!("The warehouse still holds it: stop it there, then answer «stopped».{left_en}"),
    )
}

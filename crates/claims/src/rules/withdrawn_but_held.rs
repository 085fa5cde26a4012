//! 철회 후 보류: a cancel was taken back, and the shipment is still stopped. Cleared when an invoice
//! lives again. What other cancels still cover stays stopped; where nobody can tell which of several rows
//! that is, there is one finding for the order.

use super::Rule;
use crate::assess::{Finding, Proposed, View, latest, numbers, risk_en, risk_ko};
use crate::case::{Claim, Picked, Row};
use crate::fact::{ClaimKind, Quantity};

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    if withdrawn(view).next().is_none() {
        return Vec::new();
    }
    match view.case.to_resume() {
        Picked::Each(rows) => {
            rows.into_iter().map(|(row, pieces)| of_row(view, row, pieces)).collect()
        }
        Picked::SomeOf(rows, pieces) => vec![of_some(view, &rows, pieces)],
    }
}

/// A withdrawal may be all that is known of a claim.
fn withdrawn<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v Claim> {
    let cancel = |claim: &&Claim| matches!(claim.kind, Some(ClaimKind::Cancel) | None);
    let claims = view.case.claims.iter().filter(cancel);
    claims.filter(|claim| claim.is_withdrawn() || !claim.withdrawn.is_empty())
}

fn of_row(view: &View<'_>, row: &Row, pieces: Quantity) -> Finding {
    let is_whole = row.quantity().is_none_or(|all| all == pieces);
    let won = if is_whole { row.paid } else { view.worth(pieces) };
    let (told_ko, told_en) = if row.quantity().is_some() {
        (format!(" {pieces}개"), format!(" of {pieces}"))
    } else {
        (String::new(), String::new())
    };
    let (warehouse, number) = (row.account, row.number.clone());
    finding(view, format!("row/{number}"), &[row])
        .of_claims(withdrawn(view)).at_risk(won)
        .propose(Proposed::Resume { warehouse, row: number })
        .says(
            format!(
                "주문 {}: 취소가 철회됐는데 출고{told_ko}가 아직 멈춰 있어요. 다시 내보내 주세요.{}",
                view.order(),
                risk_ko(won)
            ),
            format!(
                "Order {}: the cancel was taken back, and the shipment{told_en} is still stopped. Send it.{}",
                view.order(),
                risk_en(won)
            ),
        )
}

fn of_some(view: &View<'_>, rows: &[&Row], pieces: Quantity) -> Finding {
    let mut warehouses: Vec<_> = rows.iter().map(|row| row.account).collect();
    warehouses.dedup();
    let numbers = numbers(rows);
    let won = view.worth(pieces);
    finding(view, "order".to_owned(), rows)
        .of_claims(withdrawn(view)).at_risk(won)
        .propose(Proposed::ResumeOneOf {
            warehouses,
            rows: rows.iter().map(|row| row.number.clone()).collect(),
            quantity: pieces,
        })
        .says(
            format!(
                "주문 {}: 취소가 철회됐는데 출고 {pieces}개가 아직 멈춰 있어요. 품목 연결표로 정할 수 없어 출고 줄 {numbers} 중 어느 것인지는 확인해야 해요. 확인하고 다시 내보내 주세요.{}",
                view.order(),
                risk_ko(won)
            ),
            format!(
                "Order {}: the cancel was taken back, and the shipment of {pieces} is still stopped. The item map does not settle which of the rows {numbers} it is: find out, and send it.{}",
                view.order(),
                risk_en(won)
            ),
        )
}

fn finding(view: &View<'_>, about: String, rows: &[&Row]) -> Finding {
    let ended = withdrawn(view).filter_map(|claim| claim.stage).map(|(_, seen)| seen);
    let stops = rows.iter().flat_map(|row| row.invoices.iter().map(|invoice| invoice.seen));
    let docs = withdrawn(view).flat_map(|claim| claim.docs.iter().copied());
    view.finding(Rule::WithdrawnButHeld, about, latest(ended.chain(stops)))
        .seen_in(view, docs.chain(rows.iter().map(|row| row.made.by)))
}
